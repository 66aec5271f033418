//! German.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "de",
    point: false,
    composes: true,
    roles: &[
        (&[Had], "hatte|hatten|zählte|zählten|verfügte über|verfügten über"),
        (&[Start], "begann mit|begannen mit|startete mit|starteten mit|begannen wir mit|starteten wir mit|fing mit|fingen mit"),
        (&[Which], "welche|welcher|welches"),
        (&[Figures], "in zahlen|auf einen blick|zahlen und fakten|zahlen & fakten|daten und fakten|fakten|kennzahlen|im überblick"),
        (&[Turn], "setzte|setzten|setzt|setzen"),
        (&[Be], "wurde|wurden"),
        (&[Article, Team, Consist], "zum team gehören|zum team zählen"),
        (&[Our, Team, Consist], "zu unserem team gehören|zu unserem team zählen"),
        (&[Consist], "besteht aus|bestehen aus|umfasst"),
        (&[Including], "inklusive|einschließlich|inkl"),
        (&[GroupRevenue], "konzernumsatz|konzernumsätze|gruppenumsatz"),
        (&[By], "um"),
        (&[Percent], "prozent"),
        (&[Contribute], "trug|trägt|steuerte|steuert|entfielen auf"),
        (&[At, We], "bei uns|für uns"),
        (&[We], "wir"),
        (&[Our], "unser|unsere|unseren|unserem|unserer|unseres"),
        (&[Company], "das familienunternehmen|der familienbetrieb|das unternehmen|die firma|der betrieb|die gesellschaft"),
        (&[Our, Company], "unser unternehmen|unsere firma|unser betrieb"),
        (&[Company, Possessive], "des unternehmens|der firma|der gesellschaft"),
        (&[Our, Company, Possessive], "unseres unternehmens"),
        (&[Revenue], "umsatz|umsatzes|umsätze|umsatzerlöse|umsatzerlösen|nettoumsatz|gesamtumsatz|erlöse|umsatzvolumen"),
        (&[Yearly, Revenue], "jahresumsatz|jahresumsatzes|jahresumsätze"),
        (&[Quarterly, Revenue], "quartalsumsatz"),
        (&[Monthly, Revenue], "monatsumsatz"),
        (&[Earn], "erwirtschaftete|erwirtschafteten|erwirtschaftet|erwirtschaften|erzielte|erzielten|erzielt|erzielen|machte|machten|macht|machen|gemacht|verzeichnete|verzeichneten|verbuchte|verbuchten|verzeichnet|erlöste"),
        (&[Be], "betrug|beträgt|betrugen|betragen|lag bei|liegt bei|lag|liegt|lagen|belief sich|beläuft sich|beliefen sich|war|ist|waren|sind"),
        (&[Have], "hat|haben|zählt|zählen|verfügt über|verfügen über"),
        (&[Employ], "beschäftigt|beschäftigen"),
        (&[Work], "arbeiten|tätig|sind tätig|sind beschäftigt|arbeitet"),
        (&[Grow], "stieg|wuchs|stiegen|kletterte|erhöhte sich|verdoppelte sich|sank|fiel|steigerten|steigerte|ist gewachsen|gewachsen|verdoppelten|ging zurück"),
        (&[End], "beendete|schloss"),
        (&[GoOn], "sitzen|sitzt|kommen|kommt|wohnen|leben|lebt|kümmern uns|kümmert sich|begleiten|begleitet|bilden|bildet|verkaufen|verkauft|stellen|stellt|gestalten|gestaltet|beraten|lieben|freuen uns|suchen|sucht|liefert|liefern|exportiert|exportieren|produziert|produzieren|fertigt|fertigen|entwickelt|entwickeln|bietet|bieten|betreibt|betreiben|baut|bauen|vertreibt|gehört|gehören|betreut|betreuen|plant|planen|berät|realisiert|realisieren"),
        (&[Staff], "mitarbeiter|mitarbeitern|mitarbeiterinnen|mitarbeitende|mitarbeitenden|mitarbeiterinnen und mitarbeiter|mitarbeiterinnen und mitarbeitern|mitarbeiter und mitarbeiterinnen|mitarbeitern und mitarbeiterinnen|beschäftigte|beschäftigten|angestellte|angestellten|arbeitnehmer|arbeitnehmern|kollegen|kolleginnen|kolleginnen und kollegen|festangestellte|festangestellten|teammitglieder|teammitgliedern|vollzeitkräfte"),
        (&[People], "menschen|personen|leute|leuten|köpfe|köpfen|frauen und männer"),
        (&[Team], "team|mannschaft"),
        (&[Firm], "unternehmen|firma|agentur|betrieb|familienbetrieb|familienunternehmen|büro|studio"),
        (&[HeadCount], "unternehmensgröße|mitarbeiterzahl|mitarbeiteranzahl|belegschaft|anzahl mitarbeiter|anzahl der mitarbeiter|anzahl mitarbeitende|anzahl der mitarbeitenden|zahl der mitarbeiter|zahl der mitarbeitenden|zahl der beschäftigten|anzahl der beschäftigten|beschäftigtenzahl|personalstand|anzahl beschäftigte"),
        (&[Strong], "-köpfiges|-köpfige|-köpfigen|-köpfiger|köpfiges|köpfige|köpfigen|mann stark|stark"),
        (&[OnBoard], "an bord|im team|in unserem team|unter vertrag|auf der lohnliste"),
        (&[OfThem], "davon|von ihnen"),
        (&[Exist], "sind es|es sind|gibt es"),
        (&[That], "das war|das ist"),
        (&[Article], "der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines"),
        (&[Of], "von|in höhe von|vom"),
        (&[From], "aus"),
        (&[In], "in|im"),
        (&[With], "mit"),
        (&[At], "bei|an|verteilt auf|am"),
        (&[For], "für"),
        (&[To], "bis|auf"),
        (&[And], "und|sowie|&"),
        (&[Between], "zwischen"),
        (&[Approx], "rund|etwa|ca|circa|zirka|ungefähr|fast|knapp|gut|nahezu|annähernd|an die"),
        (&[Over], "mehr als|über|weit über"),
        (&[AtLeast], "mindestens|wenigstens"),
        (&[Under], "weniger als|unter"),
        (&[UpTo], "bis zu|maximal|höchstens"),
        (&[Yearly], "jährlich|jährlichen|jährlicher|jährliche|pro jahr|p a|je jahr"),
        (&[Quarterly], "quartal|pro quartal|im quartal"),
        (&[Monthly], "monatlich|monatlichen|monatliche|pro monat|im monat"),
        (&[Ordinal], "ersten|zweiten|dritten|vierten|1|2|3|4"),
        (&[In, YearWord], "im jahr|im jahre"),
        (&[YearWord], "jahr|jahre"),
        (&[Fiscal], "geschäftsjahr|wirtschaftsjahr|geschäftsjahres|rechnungsjahr"),
        (&[Ended], "ende|zum ende|stand|per|zum"),
        (&[Month], "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"),
        (&[LastYear], "im vergangenen jahr|im letzten jahr|im vorjahr|im vergangenen geschäftsjahr|im abgelaufenen geschäftsjahr|im letzten geschäftsjahr|letztes jahr|vergangenes jahr"),
        (&[Now], "heute|derzeit|aktuell|zurzeit|inzwischen|mittlerweile|momentan|gegenwärtig|bereits|jetzt|nun|auch|weiterhin|noch"),
        (&[Praise], "engagierte|engagierten|qualifizierte|qualifizierten|hochqualifizierte|hochqualifizierten|motivierte|motivierten|fest angestellte|fest angestellten|feste|festen|eigene|eigenen|erfahrene|erfahrenen|kompetente|kompetenten|fleißige|fleißigen|kreative|kreativen|internationales|internationale|junges|starkes|eingespieltes|kleines|tolle|tollen"),
        (&[Total], "insgesamt|netto|gesamter|gesamt|zusammen"),
        (&[Everywhere], "weltweit|rund um den globus|in aller welt|global|unternehmensweit"),
        (&[Sites], "standorten|standorte|ländern|länder|niederlassungen|büros|filialen|werken|städten|kontinenten|produktionsstandorten|geschäften"),
        (&[Opener], "gegründet"),
        (&[Remark], "vorjahr|je nach|davor|darunter|ein plus|nach|gegenüber|ein zuwachs|wovon|das sind|die meisten"),
        (&[Reach], "erreichte|erreichten|erreicht"),
        (&[Be], "beläuft sich auf|belief sich auf|beliefen sich auf"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adresse|anschrift|postanschrift|hausanschrift|kontakt|kontaktdaten|besuchen sie uns|so finden sie uns|anfahrt|büro|besucheradresse|firmenanschrift|ihr weg zu uns",
        seat: "sitz|hauptsitz|firmensitz|zentrale|hauptverwaltung|hauptniederlassung|geschäftssitz",
        legal: "angaben gemäß|angaben nach|diensteanbieter|anbieter|anbieterkennzeichnung|medieninhaber|herausgeber|seitenbetreiber|betreiber der website|informationen gemäß|informationen nach|informationspflicht|pflichtangaben|betreiber der webseite|betreiber dieser website|verantwortlich für diese website",
        legal_page: "impressum|offenlegung",
        people: "inhaber|inhaberin|geschäftsführer|geschäftsführerin|geschäftsführung|vertreten durch|vertretungsberechtigt|vorstand|verantwortlich",
        contact_paths: "kontakt|anfahrt",
        legal_paths: "impressum|offenlegung",
        beside: "unsere|unser|die|der|des|ist|am|bei|mit|wir",
    },
    streets: Streets {
        home: "DE",
        words: "hof|tor|wall|berg|str",
        first: "am|an|auf|im|zum|zur|unter|hinter|beim|alte|alter|neue|neuer|hinterm|unterm|vorm|vor|überm|oberm|obere|oberer|untere|unterer|große|großer|kleine|kleiner|lange|langer|hohe|hoher|in|bei|über|neben|zwischen",
        endings: "straße|strasse|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|markt|graben|steig|stieg|pfad|park|kamp|twiete|zeile|gang|brücke|reihe|anger|hang|leite|winkel|garten|gärten|bogen|siedlung|promenade|landstraße|platzl|bach|lände|kai|rain|acker|wiese|feld",
        estates: "gewerbepark|gewerbegebiet|industriegebiet|industriepark|technologiepark|businesspark|schloss|gut|kloster",
        small: "der|den|dem|des|die|am|an|auf|im|in|zum|zur|von|vom|bei|und|beim",
        units: "postfach|stock|og|eg|etage|top|tür|stiege|hinterhaus|haus|gebäude|halle|tor|eingang|aufgang|zimmer|büro",
        number_signs: "nr.|nr|hausnr.|hausnummer",
        without_number: "",
        number_first: false,
    },
    towns: Towns {
        several_words: false,
        first: "bad|sankt|st.|neu|alt|markt",
        joins: "am|an|auf|bei|der|dem|den|im|in|ob|vor|a.|d.|i.|a.d.|a.m.|unter|und",
    },
    scales: &[
        ("tausend", 1e3), ("tsd", 1e3), ("mio", 1e6), ("mill", 1e6), ("million", 1e6), ("millionen", 1e6), ("mrd", 1e9), ("mia", 1e9), ("md", 1e9), ("milliarde", 1e9), ("milliarden", 1e9),
        ("billion", 1e12), ("billionen", 1e12),
    ],
    numbers: &[
        ("tausend", 1_000.0), ("ein", 1.0), ("eins", 1.0), ("eine", 1.0), ("einen", 1.0), ("einer", 1.0), ("zwei", 2.0), ("drei", 3.0), ("vier", 4.0), ("fünf", 5.0), ("sechs", 6.0), ("sieben", 7.0), ("acht", 8.0), ("neun", 9.0),
        ("zehn", 10.0), ("elf", 11.0), ("zwölf", 12.0), ("dreizehn", 13.0), ("vierzehn", 14.0), ("fünfzehn", 15.0), ("sechzehn", 16.0), ("siebzehn", 17.0), ("achtzehn", 18.0), ("neunzehn", 19.0),
        ("zwanzig", 20.0), ("dreißig", 30.0), ("vierzig", 40.0), ("fünfzig", 50.0), ("sechzig", 60.0), ("siebzig", 70.0), ("achtzig", 80.0), ("neunzig", 90.0), ("hundert", 100.0),
        ("anderthalb", 1.5), ("eineinhalb", 1.5), ("zweieinhalb", 2.5), ("dreieinhalb", 3.5), ("halbe", 0.5), ("viereinhalb", 4.5), ("fünfeinhalb", 5.5),
    ],
    joins: "und",
    halves: "",
    trade: &TradeWords {
        we_are: "wir sind|bei uns sind sie bei",
        is_a: "ist heute eine|ist heute ein|ist einer der|ist eines der|ist eine der|ist eine|ist ein|ist der|\
            ist die|ist das|sind eine|sind ein|sind einer der|sind der|sind die|sind das|sind ihr|ist ihr",
        articles: "ein|eine|der|die|das|ihr|ihre",
        head_first: true,
        compounds: true,
        businesses: "apotheke|architekturbüro|arztpraxis|autohaus|bäckerei|bank|bauernhof|baumschule|brauerei|\
            brennerei|buchhandlung|dachdeckerei|druckerei|fahrschule|gärtnerei|gasthof|gerberei|gießerei|glaserei|\
            hochschule|hotel|imkerei|ingenieurbüro|kaffeerösterei|käserei|kanzlei|klinik|konditorei|krankenhaus|\
            krankenkasse|maklerbüro|metzgerei|molkerei|museum|musikschule|physiotherapiepraxis|planungsbüro|\
            reederei|reisebüro|restaurant|rösterei|sägewerk|schlosserei|schmiede|schneiderei|schreinerei|\
            schuhmacherei|spedition|stahlwerk|steuerbüro|steuerkanzlei|theater|tierarztpraxis|tierklinik|tischlerei|\
            töpferei|übersetzungsbüro|universität|verlag|versicherung|weberei|weingut|werft|winzergenossenschaft|\
            zahnarztpraxis|zimmerei|malerbetrieb|bauunternehmen|metallbaubetrieb|rechtsanwaltskanzlei|\
            unternehmensberatung|personalberatung|werbeagentur|ziegelei|mühle|wäscherei|baumarkt|bestattungshaus|\
            bestattungsinstitut|biohof|blumenladen|bootswerft|buchbinderei|detektei|dolmetscherbüro|eisdiele|\
            eisengießerei|elektrofachbetrieb|elektroinstallateur|fischzucht|fleischerei|fotostudio|friseursalon|\
            gebäudereinigung|geigenbauer|goldschmiede|hausverwaltung|holzhandel|hofkäserei|instrumentenbauer|\
            kelterei|kerzenmanufaktur|kfz-werkstatt|kinderarztpraxis|klavierbauer|kunstgießerei|landmetzgerei|\
            lackiererei|laborpraxis|mälzerei|maschinenfabrik|messerschmiede|mosterei|notariat|optiker|orgelbauer|\
            orgelbauwerkstatt|papierfabrik|patentanwaltskanzlei|pflegedienst|pflegeheim|pension|polsterei|\
            raumausstatter|reha-klinik|reitschule|rechtsanwälte|salzwerk|sanitätshaus|seilerei|seniorenheim|\
            senfmühle|sprachschule|stadtwerke|steinbruch|steinmetzbetrieb|steuerberatungskanzlei|taxiunternehmen|\
            tanzschule|teppichweberei|uhrmacherei|umzugsunternehmen|volkshochschule|vermessungsbüro|wachszieherei|\
            wirtschaftsprüfungsgesellschaft|zahntechnik|zahntechnisches labor|ölmühle|obsthof|fischräucherei|\
            räucherei|glashütte|porzellanmanufaktur|sternwarte|reiseveranstalter|personaldienstleister|\
            busunternehmen|versicherungsmakler|immobilienmakler|sachverständigenbüro|statikbüro|tonstudio|\
            filmproduktion|eventagentur|werbetechniker|schädlingsbekämpfer|schornsteinfeger|dachdecker|fliesenleger|\
            gerüstbauer|estrichleger|stuckateur|zimmerer|tischler|schreiner|bäcker|metzger|brauer|winzer|imker|\
            gärtner|florist",
        makers: "agentur|anbieter|anbieterin|beratung|beratungsunternehmen|betrieb|büro|dienstleister|distributor|\
            entwickler|fabrik|fachbetrieb|fachgeschäft|fachhändler|firma|gesellschaft|großhändler|handel|händler|\
            handwerksbetrieb|hersteller|herstellerin|haus|importeur|labor|lieferant|manufaktur|marke|onlineshop|\
            partner|plattform|produzent|software|spezialist|spezialisten|spezialistin|studio|systemhaus|unternehmen|\
            werk|werkstatt|makler|institut|konzern|genossenschaft|netzwerk|startup|start-up|experte|experten|\
            zulieferer|vermittler|verarbeiter|betreiber|großhandlung|handlung|fachhandel|fachhandlung|versandhandel|\
            brauereigruppe|vertrieb|werkstätte|werkstätten|atelier|klinikum|baufirma|betriebe|\
            dienstleistungsunternehmen|vermieter|verleih|vermietung|handelshaus|reederei",
        makers_of: "",
        of: "für|von|im bereich|in den bereichen|rund um|im",
        ends: "mit|in|aus|seit|bei|der|das|ist|hat|wurde|sitz|zu|zur|zum|als|auf|an|am|wir|sie|unser|unsere|welche|\
            welcher|weltweit|nach|vor|über|dessen|deren|sowie|die",
        and: "und|oder|&|sowie",
        praise: "",
        participles: "",
        labels: "branche|branchen|geschäftsfeld|geschäftszweig|tätigkeitsbereich|tätigkeitsfeld|gewerbe|wirtschaftszweig",
        no_titles: "wie|was|warum|wann|welche|ihr|ihre|unser|unsere|tipps|kosten|preise|kontakt|ratgeber|vergleich|\
            jetzt",
        elisions: "",
        fields: "software|it|bau|tiefbau|hochbau|holzbau|stahlbau|metallbau|brückenbau|straßenbau|maschinenbau|\
            anlagenbau|transport|reinigungs|gebäudereinigungs|umzugs|beratungs|handels|großhandels|einzelhandels|\
            logistik|energie|chemie|pharma|textil|mode|möbel|werkzeug|elektro|elektronik|automobil|medien|werbe|\
            marketing|design|web|internet|online-marketing|kommunikations|pr|event|reise|personal|zeitarbeits|\
            sicherheits|entsorgungs|recycling|immobilien|versicherungs|finanz|steuer|rechts|unternehmens|\
            gesundheits|pflege|medizintechnik|medizin|lebensmittel|getränke|verpackungs|druck|papier|kunststoff|\
            metall|stahl|glas|holz|garten|landschaftsbau|dachdecker|maler|sanitär|heizungs|klima|solar|windkraft|\
            umwelt|verkehrs|bus|taxi|schifffahrts|luftfahrt|fluggesellschaft|bildungs|sprach|übersetzungs|film|foto|\
            musik|spiele|sport|fitness|kosmetik|optik|schmuck|uhren|schuh|landtechnik|agrar|saatgut|futtermittel|\
            wein|bier|kaffee|tee|schokoladen|back|fleisch|fisch|milch|vermessungs|ingenieur|architektur|planungs|\
            technologie|biotech|biotechnologie|telekommunikations|daten|cloud|pumpen|ventil|motoren|fahrrad|boots|\
            yacht|reifen|auto|kfz|bahn|gerüstbau|fenster|türen|küchen|abbruch|abfall|abwasser|aufzugs|aufzug|\
            bestattungs|boden|brunnenbau|bohr|brandschutz|chemikalien|computer|demontage|desinfektions|drohnen|\
            düngemittel|elektroinstallations|elektrotechnik|estrich|fassadenbau|fassaden|fertigungs|filter|fliesen|\
            forst|fracht|fruchtsaft|fuhr|galvanik|gas|gastronomie|geothermie|geräte|gewürz|getriebe|haustechnik|\
            hausverwaltungs|hebetechnik|hydraulik|inkasso|innenausbau|isolier|kabel|kälte|kältetechnik|kanalbau|\
            kanalsanierungs|keramik|kessel|klebstoff|kran|labor|lack|lackier|lager|leder|leiter|leiterplatten|\
            leuchten|licht|lüftungs|maschinen|mess|messebau|messtechnik|mineralwasser|modellbau|mühlenbau|netzwerk|\
            ofenbau|ofen|orgelbau|orthopädietechnik|oberflächen|paletten|photovoltaik|pflanzen|pneumatik|polster|\
            präzisions|prüf|räucher|raumausstattungs|regal|reinigungsmittel|robotik|rohr|rohrleitungsbau|rohstoff|\
            sand|saunabau|schalungs|schädlingsbekämpfungs|schiffbau|schleif|schloss|schmierstoff|schrauben|schweiß|\
            seifen|seil|sensorik|sicherheitstechnik|sondermaschinenbau|spezialtiefbau|spielwaren|spirituosen|spreng|\
            stein|süßwaren|tank|tauch|technik|teppich|tier|tierfutter|tontechnik|treppenbau|treppen|trockenbau|tür|\
            umformtechnik|umwelttechnik|veranstaltungs|veranstaltungstechnik|verkehrstechnik|verlags|vertriebs|\
            waagen|wach|wasser|wasserbau|werkzeugbau|werbemittel|winterdienst|wohnungsbau|wohnungs|wäscherei|zaun|\
            zeitarbeit|zerspanungs|ziegel|zucker|dolmetscher|kanzlei|bio|biogas|brau|öl|obst|gemüse|saft|pferde|\
            reit|segel|ski|camping|wohnmobil|zweirad|motorrad|landmaschinen|nutzfahrzeug|schienenfahrzeug|flugzeug|\
            flughafen|hafen|dachbau|zimmer|bauelemente|baustoff|beton|betonbau|fertigteil|naturstein|stuck|putz|\
            gleisbau|leitungsbau|kabelbau|erdbau|straßen|landschafts|baum|baumpflege|grünanlagen",
        vague: "qualität|rang|format|welt|services|solutions",
        skipped: "die|den|alle",
        genitives: "von",
        named: "hochschule|universität|brauerei|krankenhaus",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "unsere|unseren|unserer|zu unseren|ausgewählte|einige unserer|einige|auszug unserer|viele unserer",
        customers: "kunden|auftraggeber|auftraggebern|referenzkunden|referenzen|klienten|mandanten|\
            kundinnen und kunden",
        adjectives: "langjährigen|langjährige|zufriedenen|zufriedene|namhaften|namhafte|wichtigsten|größten|\
            bekannten|bekannte|treuen|treue|neuen|neue|internationalen|internationale|bekanntesten|ausgewählten|\
            ausgewählte|vielen|gewerblichen|regionalen",
        include: "sind|heißen|gehören|zählen|zählen wir|gehören auch|zählen auch|finden sich|sind auch|\
            sind unternehmen wie|sind namen wie|umfassen",
        introductions: "uns vertrauen|es vertrauen uns|auf uns vertrauen|uns vertrauen bereits|\
            für uns entschieden haben sich",
        work_with: "wir arbeiten für|wir arbeiten mit|wir beliefern|wir betreuen|wir arbeiten bereits für|\
            wir durften für|wir haben bereits für",
        works_with: "arbeitet für|arbeitet mit|beliefert|betreut|arbeitete für",
        companies: "kunden|unternehmen|firmen|betriebe|auftraggeber|marken|organisationen|häuser|einrichtungen",
        such_as: "wie|wie etwa|wie zum beispiel|wie beispielsweise|darunter",
        aside: "unter anderem|u. a.|u.a.|auch|beispielsweise|zum beispiel|z. b.|z.b.|etwa",
        are_customers: "gehören zu unseren kunden|zählen zu unseren kunden|sind unsere kunden|sind kunden von uns|\
            vertrauen uns|vertrauen auf uns|gehören zu unseren auftraggebern|zählen zu unseren auftraggebern|\
            arbeiten mit uns|setzen auf uns|vertrauen uns bereits",
        announcements: "sie vertrauen uns|diese unternehmen vertrauen uns|diese kunden vertrauen uns|uns vertrauen|\
            wer uns vertraut|wir arbeiten für|für wen wir arbeiten|kunden|referenzen|referenzkunden|referenzliste|\
            kundenliste|auftraggeber|unternehmen, die uns vertrauen|kunden, die uns vertrauen|in guter gesellschaft",
        stories: "fallstudie|kundengeschichte|erfolgsgeschichte|referenzprojekt|kundenprojekt|anwenderbericht|\
            praxisbeispiel|referenz",
        praise: "kundenstimmen|kundenstimme|das sagen kunden|das sagen unsere kunden|was kunden sagen|\
            was unsere kunden sagen|was unsere kunden über uns sagen|referenzen|stimmen unserer kunden|\
            erfahrungen unserer kunden",
        others: "investoren|investor|beirat|aufsichtsrat|team|presse|karriere|stellen|jobs|partner|neuigkeiten|\
            aktuelles",
        heads: "geschäftsführer|geschäftsführerin|geschäftsführender gesellschafter|\
            geschäftsführende gesellschafterin|inhaber|inhaberin|gründer|gründerin|vorstand|vorständin|\
            vorstandsvorsitzender|vorstandsvorsitzende|geschäftsleiter|geschäftsleiterin|eigentümer|eigentümerin|\
            betreiber|betreiberin|chef|chefin|prokurist|prokuristin",
        roles: "leiter|leiterin|leitung|einkäufer|einkäuferin|koordinator|koordinatorin|meister|meisterin|\
            sachbearbeiter|sachbearbeiterin|disponent|disponentin|referent|referentin|verantwortlicher|\
            verantwortliche|projektleiter|projektleiterin|techniker|technikerin|planer|planerin|buchhalter|\
            buchhalterin|beauftragter|beauftragte|assistent|assistentin|küchenchef|küchenchefin|hausmeister|\
            verwalter|verwalterin|dekan|rektor|rektorin|pflegedienstleitung",
        at: "bei|bei der|beim|@",
        inside: "von|vom|der|des",
        of: "von|der|des|vom|von der",
        says: "sagt|so|erklärt|berichtet|erzählt|meint|freut sich|betont",
        departments: "abteilung|vertrieb|einkauf|entwicklung|personal|verwaltung|produktion|technik|buchhaltung|\
            logistik|instandhaltung|fertigung|qualitätsmanagement|geschäftsleitung|controlling|finanzen|versand",
        no_names: "unternehmen|kunden|mehr|weitere|andere|viele|alle|privatkunden|geschäftskunden|branchen|\
            leistungen|über uns|kontakt|impressum|startseite|zurück|weiter|firmen|betriebe",
        within: "der|die|das|&|von|am",
        article: "der|die|das",
        we: "wir|uns|unser|unsere|unserem|unseren|unserer|unseres|ich|mein|meine",
        and: "und|sowie|&",
    },
    names: &NameWords {
        forms: "gmbh & co. kgaa|gmbh & co. kg|gmbh & co kg|se & co. kgaa|ag & co. kg|gesellschaft mbh|\
            gesellschaft m.b.h.|ges.m.b.h.|e.k.|e. k.|e.v.|e. v.|e.u.|e. u.|ggmbh|gmbh|kgaa|ohg|gbr|\
            ug (haftungsbeschränkt)|mbh|ag|kg|se|eG|KEG|OG",
        placeholders: "impressum|startseite|willkommen|kontakt|überuns|datenschutz|referenzen|kunden|karriere|\
            aktuelles",
        sections: "startseite|hilfe|karriere|magazin|aktuelles",
        rights: "alle rechte",
        until: "heute",
        notes: "impressum|datenschutz|agb",
        imprint: "impressum",
    },
};
