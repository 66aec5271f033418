//! Dutch.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "nl",
    point: false,
    composes: true,
    roles: &[
        (&[Had], "had|hadden|telde|telden"),
        (&[Start], "begon met|begonnen met|startte met|startten met|is begonnen met|zijn begonnen met|begon als|startte als"),
        (&[Which], "die|dat"),
        (&[Figures], "in cijfers|in het kort|in één oogopslag|feiten en cijfers|kerncijfers|feiten|cijfers"),
        (&[By], "om"),
        (&[Turn], "zette|zetten|zet"),
        (&[Consist], "bestaat uit"),
        (&[Including], "inclusief"),
        (&[GroupRevenue], "groepsomzet"),
        (&[Percent], "procent"),
        (&[Contribute], "droeg|draagt"),
        (&[At, We], "bij ons|voor ons"),
        (&[We], "wij|we"),
        (&[Our], "ons|onze"),
        (&[Company], "het bedrijf|de onderneming|de firma"),
        (&[Our, Company], "ons bedrijf|onze onderneming"),
        (&[Of, Company], "van het bedrijf|van de onderneming"),
        (&[Of, Our, Company], "van ons bedrijf"),
        (&[Revenue], "omzet|netto-omzet|nettoomzet|totale omzet|omzetcijfer"),
        (&[Yearly, Revenue], "jaaromzet|jaarlijkse omzet"),
        (&[Quarterly, Revenue], "kwartaalomzet"),
        (&[Monthly, Revenue], "maandomzet"),
        (&[Earn], "behaalde|behaalden|behaalt|behalen|behaald|realiseerde|realiseerden|realiseert|realiseren|gerealiseerd|boekte|boekten|boekt|boeken|geboekt|haalde|haalden|draaide|draaiden|draait|draaien|noteerde"),
        (&[Be], "was|is|bedroeg|bedraagt|bedroegen|kwam uit op|komt uit op|lag op|ligt op|zijn|waren"),
        (&[We, Be], "wij zijn|we zijn"),
        (&[Have], "heeft|hebben|telt|tellen"),
        (&[Employ], "heeft in dienst|werkt met|werken met"),
        (&[Work], "werken|werkt|zijn werkzaam|werkzaam"),
        (&[Grow], "steeg|groeide|nam toe|daalde|verdubbelde|is gegroeid|stegen"),
        (&[End], "eindigde|sloot"),
        (&[GoOn], "verzorgt|verzorgen|helpt|helpen|begeleidt|adviseert|verhuurt|installeert|traint|bakt|zit|zitten|levert|leveren|exporteert|exporteren|produceert|produceren|ontwikkelt|ontwikkelen|bouwt|bouwen|verkoopt|verkopen|biedt|bieden|maakt|maken|behoort"),
        (&[Staff], "medewerkers|medewerker|werknemers|personeelsleden|collega|collega's|collega's in dienst|mensen in dienst|medewerkers in dienst|personen in dienst|vaste medewerkers|werknemers in dienst"),
        (&[People], "mensen|personen|professionals|specialisten|man"),
        (&[Team], "team|ploeg"),
        (&[Firm], "bedrijf|bureau|familiebedrijf|studio|onderneming"),
        (&[HeadCount], "bedrijfsgrootte|personeelsbestand|aantal medewerkers|aantal werknemers|aantal personeelsleden|het aantal medewerkers"),
        (&[Strong], "-koppig|-koppige|koppig|koppige"),
        (&[OfThem], "van hen|daarvan"),
        (&[That], "dat was|dat is"),
        (&[Article], "de|het|een|'n"),
        (&[Of], "van"),
        (&[In], "in|over|op"),
        (&[With], "met"),
        (&[At], "bij|verspreid over|verdeeld over"),
        (&[For], "voor"),
        (&[To], "tot|naar|à"),
        (&[And], "en|alsook|&"),
        (&[Between], "tussen"),
        (&[Approx], "ongeveer|circa|ca|zo'n|bijna|rond|rond de|om en nabij"),
        (&[Over], "meer dan|ruim"),
        (&[AtLeast], "minstens|ten minste|minimaal"),
        (&[Under], "minder dan|onder"),
        (&[UpTo], "maximaal|tot wel|hooguit"),
        (&[Yearly], "jaarlijks|jaarlijkse|per jaar"),
        (&[Quarterly], "kwartaal|per kwartaal"),
        (&[Monthly], "maandelijks|maandelijkse|per maand"),
        (&[Ordinal], "eerste|tweede|derde|vierde"),
        (&[YearWord], "jaar|het jaar"),
        (&[Fiscal], "boekjaar|het boekjaar"),
        (&[Ended], "eind|ultimo|per|einde"),
        (&[Month], "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"),
        (&[LastYear], "vorig jaar|afgelopen jaar|het afgelopen jaar|in het afgelopen jaar|in het afgelopen boekjaar"),
        (&[Now], "nu|vandaag|momenteel|inmiddels|op dit moment|thans|ook|tegenwoordig|al"),
        (&[Praise], "toegewijde|enthousiaste|ervaren|gemotiveerde|vaste|eigen|gedreven|deskundige|hecht|klein"),
        (&[Total], "netto|totale|in totaal|totaal"),
        (&[Everywhere], "wereldwijd|over de hele wereld"),
        (&[Sites], "vestigingen|locaties|landen|kantoren|winkels|fabrieken|filialen|steden"),
        (&[Opener], "opgericht|gevestigd"),
        (&[Remark], "jaar ervoor|het jaar ervoor|afhankelijk van|na|onder wie|waarvan|onder andere|een stijging|een groei|tegenover"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adres|bezoekadres|postadres|vestigingsadres|contactgegevens|contact|neem contact op|gevestigd|adresgegevens|bezoek ons|onze locatie",
        seat: "hoofdkantoor|hoofdvestiging|statutaire zetel|maatschappelijke zetel",
        legal: "bedrijfsgegevens",
        legal_page: "colofon",
        people: "eigenaar|eigenares|zaakvoerder|bestuurder|directeur|vertegenwoordigd door",
        contact_paths: "",
        legal_paths: "colofon",
        beside: "ons|onze|het",
    },
    streets: Streets {
        home: "NL",
        words: "",
        first: "oude|nieuwe",
        endings: "straat|laan|plein|gracht|kade|dijk|singel|dreef|baan|weg|steenweg|markt|hof|park|boulevard|steeg|pad|wal|haven|veld|hout|brink|ring|lei|poort|werf|eiland|burgwal|vest",
        estates: "bedrijventerrein|bedrijvenpark|industriepark|businesspark",
        small: "van|de|der|den|het|'t|ter|ten|op|aan|in|en|te|bij",
        units: "postbus|bus|verdieping|unit|etage|hal|box",
        number_signs: "nr.|nr|no.",
        without_number: "",
        number_first: false,
    },
    towns: Towns {
        several_words: false,
        first: "den|sint|st.|nieuw|oud",
        joins: "aan|op|de|den|der|bij|in|en",
    },
    scales: &[
        ("duizend", 1e3), ("mln", 1e6), ("mio", 1e6), ("miljoen", 1e6), ("mrd", 1e9), ("mld", 1e9), ("miljard", 1e9), ("biljoen", 1e12),
    ],
    numbers: &[
        ("duizend", 1_000.0), ("een", 1.0), ("één", 1.0), ("twee", 2.0), ("drie", 3.0), ("vier", 4.0), ("vijf", 5.0), ("zes", 6.0), ("zeven", 7.0), ("acht", 8.0), ("negen", 9.0), ("tien", 10.0), ("elf", 11.0), ("twaalf", 12.0), ("dertien", 13.0), ("veertien", 14.0),
        ("vijftien", 15.0), ("zestien", 16.0), ("zeventien", 17.0), ("achttien", 18.0), ("negentien", 19.0), ("twintig", 20.0), ("dertig", 30.0), ("veertig", 40.0), ("vijftig", 50.0), ("zestig", 60.0), ("zeventig", 70.0), ("tachtig", 80.0), ("negentig", 90.0),
        ("honderd", 100.0), ("anderhalf", 1.5), ("halve", 0.5), ("half", 0.5), ("tweeënhalf", 2.5),
    ],
    joins: "en|ën",
    halves: "",
    trade: &TradeWords {
        we_are: "wij zijn|we zijn",
        is_a: "is een van de|is een|is de|is het|zijn een|zijn de|zijn het|is uw|zijn uw",
        articles: "een|de|het|uw",
        head_first: true,
        compounds: true,
        businesses: "advocatenkantoor|accountantskantoor|adviesbureau|apotheek|architectenbureau|bakkerij|bank|\
            bouwbedrijf|boomkwekerij|boekhandel|brouwerij|drukkerij|garage|gieterij|hogeschool|hotel|\
            ingenieursbureau|installatiebedrijf|kliniek|koffiebranderij|kwekerij|museum|notariskantoor|\
            reclamebureau|reisbureau|restaurant|rederij|scheepswerf|schildersbedrijf|schoonmaakbedrijf|slagerij|\
            school|softwarebedrijf|steenfabriek|theater|timmerfabriek|transportbedrijf|uitgeverij|universiteit|\
            verhuisbedrijf|vertaalbureau|verzekeraar|vervoerder|wasserij|wijnhandel|ziekenhuis|zuivelfabriek|\
            groothandel|hoveniersbedrijf|loonbedrijf|uitzendbureau|makelaar|advocaten|aannemer|aannemersbedrijf|\
            autobedrijf|autoschadebedrijf|basisschool|begrafenisonderneming|bierbrouwerij|boekbinderij|bloemist|\
            bloemenzaak|chocolaterie|constructiebedrijf|dakdekker|dakdekkersbedrijf|dansschool|dierenartspraktijk|\
            dierenkliniek|distilleerderij|elektricien|fietsenmaker|fruitteler|geitenboerderij|glasblazerij|\
            glashandel|hovenier|houthandel|huisartsenpraktijk|ijssalon|imkerij|juwelier|kaarsenmakerij|\
            kaasboerderij|kaasmakerij|kapper|kapsalon|keramiekatelier|kinderdagverblijf|koekfabriek|kringloopwinkel|\
            leerlooierij|lijstenmakerij|loodgieter|machinefabriek|makelaarskantoor|metaalbedrijf|meubelmaker|\
            meubelmakerij|molen|muziekschool|orgelbouwer|orgelmaker|opticien|papierfabriek|pottenbakkerij|\
            pluimveebedrijf|rijschool|schilder|schoenmaker|smederij|stukadoor|stoffeerderij|stoomwasserij|\
            tandartspraktijk|taxibedrijf|textieldrukkerij|touwslagerij|touringcarbedrijf|tuincentrum|\
            tuinbouwbedrijf|uitvaartonderneming|veerdienst|verpleeghuis|viskwekerij|visserij|weverij|wijngaard|\
            woningcorporatie|zaadhandel|zeilmakerij|zorginstelling|zuivelboerderij|administratiekantoor|\
            detacheringsbureau|evenementenbureau|communicatiebureau|vertaalkantoor|wervingsbureau|tekstbureau|\
            onderzoeksbureau|landmeetkundig bureau|beveiligingsbedrijf|transporteur|bierbrouwer|tegelzetter|\
            timmerbedrijf|rietdekker|slotenmaker|steenhouwerij|zeepmakerij|zeepziederij",
        makers: "aanbieder|bedrijf|bureau|dienstverlener|distributeur|fabriek|fabrikant|importeur|keten|kantoor|\
            leverancier|maker|merk|onderneming|ontwerper|ontwikkelaar|organisatie|platform|producent|specialist|\
            specialisten|stichting|studio|winkel|webshop|handelaar|exploitant|laboratorium|instituut|coöperatie|\
            partner|expert|adviseur|aanbieders|agentschap|atelier|bouwer|detailhandel|dealer|exporteur|groep|\
            groothandelaar|handel|handelsonderneming|handelsbedrijf|installateur|kwekers|makers|maatschappij|\
            praktijk|reparateur|startup|teler|uitgever|vereniging|verwerker|verhuurder|verhuurbedrijf|vervaardiger|\
            werkplaats|zaak",
        makers_of: "",
        of: "van|voor|in|op het gebied van",
        ends: "met|uit|sinds|die|dat|gevestigd|te|om|bij|is|zijn|wij|we|onze|waar|aan|door|opgericht|als|op",
        and: "en|of|&",
        praise: "",
        participles: "",
        labels: "branche|sector|bedrijfstak|bedrijfsactiviteit|activiteit",
        no_titles: "hoe|waarom|wanneer|welke|uw|onze|jouw|tips|kosten|prijzen|contact|gids|beste",
        elisions: "",
        fields: "software|bouw|transport|schoonmaak|verhuis|advies|handels|logistiek|energie|chemie|textiel|mode|\
            meubel|reclame|web|internet|communicatie|marketing|design|evenementen|reis|uitzend|beveiligings|\
            recycling|vastgoed|verzekerings|zorg|voedings|verpakkings|druk|papier|kunststof|metaal|staal|glas|hout|\
            tuin|schilders|installatie|loodgieters|techniek|milieu|bus|taxi|scheepvaart|opleidings|taal|vertaal|\
            film|foto|muziek|sport|ingenieurs|architecten|it|technologie|aannemings|afval|agrarisch|automatiserings|\
            auto|baggers|bagger|beton|bloemen|boor|chemisch|dak|data|dienst|duik|elektronica|elektro|\
            elektrotechnisch|fiets|fruit|gas|gevel|grond|grondverzet|haven|hijs|ict|isolatie|kaas|kabel|keuken|koel|\
            koeltechniek|kraan|lab|las|lift|machine|maritiem|meet|melk|medisch|montage|offshore|onderhouds|orgel|\
            palletten|pallet|pluimvee|pompen|post|productie|reinigings|riool|robotica|schade|scheeps|sloop|\
            speelgoed|spoor|steiger|straal|tapijt|technisch|telecom|teelt|tegel|trappen|verf|verlichting|verpakking|\
            vis|vlees|water|weeg|windenergie|zaad|zand|zeil|zonne-energie|zuivel|zonnepanelen|onderwijs|opslag|\
            koeriers|pers|bewerkings|metaalbewerkings|verspanings|gieterij|sanitair|warmtepomp|ventilatie",
        vague: "kwaliteit|formaat|services",
        skipped: "het|de|alle",
        genitives: "van",
        named: "universiteit|ziekenhuis",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "onze|tot onze|enkele van onze|enkele|een aantal van onze|een greep uit onze|geselecteerde|\
            veel van onze",
        customers: "klanten|opdrachtgevers|referenties|cliënten|afnemers",
        adjectives: "vaste|tevreden|grootste|belangrijkste|trouwe|nieuwe|bekende|zakelijke|internationale|huidige|\
            gewaardeerde|bekendste",
        include: "zijn|behoren|rekenen wij|rekenen we|mogen wij rekenen|mogen we rekenen|zijn onder meer|\
            zijn bedrijven als|zijn namen als|bestaan uit|vindt u|behoren ook",
        introductions: "ons vertrouwen|zij vertrouwen op ons|onder onze klanten zijn|wij mogen werken voor|\
            we mogen werken voor|wij werkten voor|we werkten voor",
        work_with: "wij werken voor|we werken voor|wij werken met|we werken met|wij werken samen met|\
            we werken samen met|wij leveren aan|we leveren aan|wij werkten voor|we werkten voor|wij bedienen",
        works_with: "werkt voor|werkt met|levert aan|werkte voor|werkt samen met",
        companies: "klanten|bedrijven|organisaties|merken|opdrachtgevers|instellingen|ondernemingen",
        such_as: "zoals|als|waaronder",
        aside: "onder andere|onder meer|o.a.|o.m.|bijvoorbeeld|ook",
        are_customers: "behoren tot onze klanten|zijn klant bij ons|zijn onze klanten|vertrouwen op ons|\
            gingen u voor|horen bij onze klanten|behoren tot onze opdrachtgevers|zijn vaste klanten van ons|\
            vertrouwen ons",
        announcements: "zij vertrouwen op ons|zij vertrouwen ons|zij gingen u voor|deze bedrijven vertrouwen op ons|\
            referenties|klanten|opdrachtgevers|klantenlijst|voor wie wij werken|wij werken voor|wij werkten voor|\
            we werkten voor|onze opdrachtgevers",
        stories: "praktijkverhaal|klantverhaal|klantcase|praktijkvoorbeeld|succesverhaal",
        praise: "wat klanten zeggen|wat onze klanten zeggen|wat klanten vinden|wat onze klanten vinden|ervaringen|\
            ervaringen van klanten|klantervaringen|klanten over ons|zij aan het woord|klanten aan het woord|\
            klantverhalen|beoordelingen|referenties",
        others: "investeerders|investeerder|bestuur|raad van toezicht|team|pers|vacatures|werken bij|partners|\
            partner|nieuws",
        heads: "eigenaar|eigenares|mede-eigenaar|oprichter|oprichtster|medeoprichter|directeur|directrice|\
            algemeen directeur|bestuurder|zaakvoerder|zaakvoerster|dga|ondernemer",
        roles: "hoofd|manager|planner|inkoper|coördinator|medewerker|medewerkster|teamleider|bedrijfsleider|\
            projectleider|leider|beheerder|hoofduitvoerder|uitvoerder|administrateur|adviseur|controller|kok|\
            chef-kok|conciërge|verantwoordelijke|boekhouder|boekhoudster|verkoper|werkvoorbereider|secretaris|\
            roostermaker|locatiemanager|monteur|technicus",
        at: "bij|bij de|bij het|@",
        inside: "van|van de|van het",
        of: "van|van de|van het",
        says: "zegt|vertelt|aldus|legt uit|verklaart|licht toe",
        departments: "verkoop|inkoop|administratie|productie|logistiek|planning|personeelszaken|financiën|techniek|\
            onderhoud|automatisering|marketing",
        no_names: "bedrijven|meer|andere|klanten|alle|particulieren|sectoren|branches|lees|bekijk|over ons|contact|\
            diensten|onze|ons|uw|beoordelingen|ervaringen|terug|volgende",
        within: "de|het|der|den|van|&",
        article: "de|het",
        we: "wij|we|ons|onze|ik|mijn",
        and: "en|alsook|&",
    },
    names: &NameWords {
        forms: "b.v.|bv|n.v.|VOF|v.o.f.|V.O.F.",
        placeholders: "colofon|overons|welkom|klanten|referenties|vacatures|nieuws|privacyverklaring|startpagina",
        sections: "nieuws|winkel|webshop|vacatures",
        rights: "alle rechten",
        until: "heden|nu",
        notes: "privacyverklaring|algemene voorwaarden|colofon",
        imprint: "colofon",
    },
};
