//! Italian.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "it",
    point: false,
    composes: false,
    roles: &[
        (&[Had], "aveva|ha avuto|contava|avevamo|contavamo"),
        (&[Employed], "impiegava|occupava|dava lavoro a"),
        (&[Start], "ha iniziato con|ha cominciato con|è partita con|è partito con|è nata con"),
        (&[We, Start], "abbiamo iniziato con|abbiamo iniziato in|abbiamo cominciato con|siamo partiti in|siamo partiti con|eravamo in"),
        (&[Which], "che"),
        (&[Figures], "in cifre|in numeri|in sintesi|in breve|i numeri|dati chiave|numeri"),
        (&[Consist], "è composto da|è composta da|è formato da"),
        (&[End], "ha chiuso|ha chiuso il|chiude"),
        (&[At, We], "con noi|da noi"),
        (&[Contribute], "ha contribuito"),
        (&[We], "noi"),
        (&[We, Be], "siamo"),
        (&[We, Have], "abbiamo|contiamo"),
        (&[We, Employ], "impieghiamo|occupiamo|diamo lavoro a"),
        (&[We, TurnOver], "fatturiamo|abbiamo fatturato"),
        (&[We, Earn], "abbiamo realizzato|abbiamo raggiunto|abbiamo registrato|abbiamo generato|realizziamo"),
        (&[Our], "nostro|nostra|nostri|nostre|il nostro|la nostra"),
        (&[Company], "l' azienda|la società|l' impresa"),
        (&[Our, Company], "la nostra azienda|la nostra società"),
        (&[Of, Company], "dell' azienda|della società|dell' impresa"),
        (&[Of, Our, Company], "della nostra azienda"),
        (&[Revenue], "fatturato|ricavi|giro d' affari|volume d' affari|ricavi netti|fatturato netto|fatturato totale|ricavi totali|vendite nette"),
        (&[Yearly, Revenue], "fatturato annuo|fatturato annuale|ricavi annui|ricavi annuali|giro d' affari annuo"),
        (&[Quarterly, Revenue], "fatturato trimestrale|ricavi trimestrali"),
        (&[Monthly, Revenue], "fatturato mensile|ricavi mensili"),
        (&[Earn], "ha realizzato|ha registrato|ha generato|realizza|registra|genera|ha conseguito|ha chiuso con"),
        (&[TurnOver], "ha fatturato|fattura|fatturò"),
        (&[Be], "è stato di|è stato|è di|è|ammonta a|ammontava a|è stato pari a|è pari a|sono stati|sono stati pari a|ha raggiunto i|era di|ammontano a|si attesta a|sono"),
        (&[Have], "ha|conta|vanta"),
        (&[Employ], "impiega|occupa|dà lavoro a|ha alle dipendenze"),
        (&[Work], "lavorano|lavora"),
        (&[Grow], "è cresciuto|è aumentato|è passato|è salito|è raddoppiato"),
        (&[GoOn], "cura|forma|aiuta|assiste|noleggia|installa|stampa|coltiva|consulta|esporta|produce|offre|vende|progetta|sviluppa|opera|fornisce|distribuisce|esportiamo|produciamo|offriamo|vendiamo"),
        (&[Staff], "dipendenti|collaboratori|addetti|impiegati|lavoratori|dipendenti e collaboratori|collaboratrici e collaboratori"),
        (&[People], "persone|professionisti|esperti"),
        (&[Team], "team|squadra|gruppo di lavoro"),
        (&[Firm], "azienda|agenzia|studio|impresa|società|azienda familiare"),
        (&[HeadCount], "dimensione aziendale|dimensioni aziendali|numero di dipendenti|numero dipendenti|organico|n dipendenti|numero di addetti|totale dipendenti"),
        (&[OfThem], "di loro"),
        (&[Article], "il|lo|la|i|gli|le|un|uno|una|l'"),
        (&[Of], "di|del|della|dell'|dei|pari a"),
        (&[In], "in|nel|nell'|durante|nella"),
        (&[With], "con"),
        (&[At], "presso|distribuiti in|distribuite in|su"),
        (&[For], "per"),
        (&[To], "a"),
        (&[From], "da"),
        (&[And], "e|ed"),
        (&[Between], "tra|fra"),
        (&[Approx], "circa|quasi|intorno a|all'incirca"),
        (&[Over], "più di|oltre"),
        (&[AtLeast], "almeno"),
        (&[Under], "meno di"),
        (&[UpTo], "fino a"),
        (&[Yearly], "annuo|annuale|annui|annuali|all' anno"),
        (&[Quarterly], "trimestre|trimestrale|al trimestre"),
        (&[Monthly], "mensile|mensili|al mese"),
        (&[Ordinal], "primo|secondo|terzo|quarto"),
        (&[YearWord], "anno|l' anno|corso del"),
        (&[Fiscal], "esercizio|l' esercizio|anno fiscale"),
        (&[Ended], "fine|a fine|alla fine del|al"),
        (&[Month], "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"),
        (&[LastYear], "l' anno scorso|lo scorso anno|nell' ultimo anno|nell' ultimo esercizio"),
        (&[Now], "oggi|attualmente|ora|ad oggi|adesso|già|anche"),
        (&[Praise], "qualificati|appassionati|altamente qualificati|motivati"),
        (&[Total], "netto|totale|complessivo|un totale di|complessivamente|in totale"),
        (&[Everywhere], "in tutto il mondo|nel mondo|a livello mondiale"),
        (&[Sites], "sedi|paesi|uffici|stabilimenti|negozi|filiali|città"),
        (&[Opener], "fondata|fondato|nata|nato|con sede"),
        (&[Remark], "anno precedente|esercizio precedente|a seconda|dopo|di cui|dei quali|in crescita|in aumento|rispetto"),
        (&[Reach], "ha raggiunto"),
    ],
    fractions: &[],
    labels: Labels {
        address: "indirizzo|contatti|contattaci|dove siamo|sede operativa|sede|vieni a trovarci|recapiti|i nostri uffici",
        seat: "sede legale|sede principale|sede centrale",
        legal: "titolare del sito|dati societari|titolare del sito web",
        legal_page: "note legali",
        people: "amministratore|amministratrice|legale rappresentante|titolare|amministratore unico",
        contact_paths: "contatti|dove-siamo",
        legal_paths: "note-legali|notelegali",
        beside: "nostra|il|la",
    },
    streets: Streets {
        home: "IT",
        words: "via|viale|v.le|piazza|p.zza|piazzale|corso|largo|vicolo|strada|contrada|località|p.za|c.so|l.go|galleria|salita|lungomare|lungarno|rione|borgo|traversa|vico",
        first: "",
        endings: "",
        estates: "loc|località|z.i|zona|frazione|fraz|contrada|strada|autoporto",
        small: "di|del|della|delle|dei|degli|dell|da|dal|e|la|il|lo|san",
        units: "casella|interno|int|scala|piano|lotto|palazzina|edificio|capannone|fabbricato",
        number_signs: "n.|nº|n.º|n°|numero|civ.|km|km.",
        without_number: "snc|s.n.c|s.n",
        number_first: false,
    },
    towns: Towns {
        several_words: true,
        first: "san|santa|santo|reggio|castel|borgo",
        joins: "di|del|della|dei|sul|sull|in|nell|a|e",
    },
    scales: &[
        ("mille", 1e3), ("mila", 1e3), ("migliaia", 1e3), ("milione", 1e6), ("milioni", 1e6), ("mln", 1e6), ("mio", 1e6), ("m", 1e6), ("miliardo", 1e9), ("miliardi", 1e9), ("mld", 1e9), ("mrd", 1e9), ("k", 1e3), ("bilione", 1e12), ("bilioni", 1e12),
    ],
    numbers: &[
        ("mille", 1_000.0), ("un", 1.0), ("uno", 1.0), ("una", 1.0), ("due", 2.0), ("tre", 3.0), ("quattro", 4.0), ("cinque", 5.0), ("sei", 6.0), ("sette", 7.0), ("otto", 8.0), ("nove", 9.0), ("dieci", 10.0), ("undici", 11.0), ("dodici", 12.0), ("tredici", 13.0), ("quattordici", 14.0), ("quindici", 15.0), ("sedici", 16.0),
        ("diciassette", 17.0), ("diciotto", 18.0), ("diciannove", 19.0), ("venti", 20.0), ("ventuno", 21.0), ("ventotto", 28.0), ("trenta", 30.0), ("quaranta", 40.0), ("cinquanta", 50.0), ("sessanta", 60.0), ("settanta", 70.0), ("ottanta", 80.0), ("novanta", 90.0), ("cento", 100.0), ("mezzo", 0.5),
    ],
    joins: "e",
    halves: "mezzo|mezza",
    trade: &TradeWords {
        we_are: "siamo",
        is_a: "è una delle|è uno dei|è un’|è un'|è una|è uno|è un|è la|è il|siamo un’|siamo un'|siamo una|siamo uno|\
            siamo un|siamo la|siamo il",
        articles: "un’|un'|una|un|uno|la|il",
        head_first: true,
        compounds: false,
        businesses: "assicurazione|banca|birrificio|calzaturificio|cantina|cantiere|cartiera|caseificio|clinica|\
            conceria|distilleria|falegnameria|farmacia|fonderia|forno|frantoio|gelateria|hotel|libreria|macelleria|\
            maglificio|mobilificio|mulino|museo|ospedale|ottica|panificio|pasticceria|pastificio|ristorante|\
            salumificio|sartoria|scuola|segheria|teatro|tipografia|torrefazione|università|vetreria|vivaio|acetaia|\
            agriturismo|allevamento|agenzia immobiliare|argenteria|arrotino|autofficina|autoscuola|azienda agricola|\
            azienda vinicola|biscottificio|bottonificio|calcestruzzo|calzoleria|camiceria|campeggio|cappellificio|\
            carpenteria|carrozzeria|casa editrice|casa di cura|casa vinicola|cava|ceramica|cereria|cioccolateria|\
            cooperativa agricola|coltelleria|corderia|distributore|dolcificio|enoteca|erboristeria|falegname|\
            ferramenta|filanda|filatura|fioreria|fornace|gioielleria|impresa edile|impresa di pulizie|\
            impresa funebre|lanificio|lavanderia|legatoria|liuteria|liutaio|magazzino|marmista|marmeria|merceria|\
            officina meccanica|oleificio|oreficeria|orologeria|pasticciere|pelletteria|pescheria|piscicoltura|\
            profumeria|riseria|saponificio|scuola di musica|scuola di danza|setificio|stamperia|studio legale|\
            studio dentistico|tessitura|tintoria|tornitura|torrefattore|vetraio|zuccherificio|acciaieria|birreria|\
            cartotecnica|caseificio sociale|compagnia aerea|compagnia di navigazione|elettricista|idraulico|fabbro|\
            panettiere|norcineria|molino|notaio|gelatiere|vinificatore|clinica veterinaria|casa di riposo|asilo",
        makers: "agenzia|associazione|azienda|bottega|casa|catena|compagnia|cooperativa|ditta|distributore|fabbrica|\
            fabbricante|fornitore|gruppo|importatore|impresa|istituto|laboratorio|marchio|negozio|officina|\
            operatore|piattaforma|produttore|rete|rivenditore|società|specialista|sviluppatore|startup|studio|\
            centro|allevatore|artigiano|carrozziere|concessionaria|concessionario|costruttore|editore|emporio|\
            esportatore|grossista|importatrice|industria|installatore|manifattura|noleggiatore|operatrice|\
            organizzatore|produttrice|progettista|società cooperativa|spedizioniere|trasformatore|venditore|\
            fornitrice",
        makers_of: "",
        of: "di|del|della|dei|delle|d’|d'|in|per|specializzata in|specializzato in|specializzata nella|\
            specializzata nel|specializzato nella",
        ends: "che|con|dal|da|fondata|fondato|situata|situato|a|al|nata|nato|dove|è|sono|sede|leader|nel|nella|\
            presso",
        and: "e|ed|o|&",
        praise: "",
        participles: "",
        labels: "settore|settore di attività|attività|attività principale|ramo di attività",
        no_titles: "come|perché|quando|quale|vostro|nostro|nostra|consigli|prezzo|prezzi|contatti|guida|migliore|\
            migliori",
        elisions: "un’|un'|d’|d'|l’|l'",
        fields: "immobiliare|legale|informatica|chimica|farmaceutica|tessile|pubblicitaria|digitale|agricola|\
            logistica|edile|dentistico|notarile|commercialista|tecnico|vinicola|grafico|meccanica|alimentare|\
            fotografico|aeronautica|aerospaziale|agroalimentare|alberghiera|audiovisiva|automobilistica|bancaria|\
            calzaturiera|cartaria|casearia|ceramica|conciaria|conserviera|cosmetica|dolciaria|elettrica|elettronica|\
            energetica|ferroviaria|finanziaria|forestale|funebre|grafica|idraulica|lattiera|marittima|metallurgica|\
            metalmeccanica|mineraria|molitoria|navale|orafa|ottica|petrolifera|postale|sanitaria|siderurgica|\
            tecnologica|tipografica|turistica|vetraria|vivaistica|vitivinicola|enologica|olearia|editoriale|\
            editrice|veterinaria|odontoiatrica|trasporti|traslochi|mobili|conserve|acciaierie|costruzioni|\
            supermercati|laboratori|officine|tessuti|mulini|oli|vetrerie|fonderie|cantine|salumi|ceramiche|terme|\
            assicurazioni|viaggi|vini|arredi",
        vague: "qualità|fiducia|riferimento|capital",
        skipped: "il|gli|lo|la|le|l’|l'",
        genitives: "di|del|della|delle|dei|degli|d’|d'",
        named: "ospedale",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "i nostri|nostri|alcuni|alcuni dei nostri|tra i nostri|fra i nostri|alcune|le nostre|molti dei nostri",
        customers: "clienti|clienti e referenze|referenze|committenti",
        adjectives: "principali|affezionati|più importanti|soddisfatti|storici|nuovi|maggiori|migliori|fedeli|\
            internazionali",
        include: "sono|includono|figurano|ci sono|troviamo|si contano|annoveriamo|possiamo citare|comprendono|\
            contiamo|vi sono|si annoverano|sono aziende come",
        introductions: "si affidano a noi|hanno scelto noi|si fidano di noi|hanno scelto di affidarsi a noi",
        work_with: "lavoriamo con|lavoriamo per|collaboriamo con|abbiamo lavorato per|abbiamo lavorato con|serviamo|\
            forniamo|riforniamo",
        works_with: "lavora con|lavora per|collabora con|ha lavorato per|ha lavorato con|serve|fornisce|rifornisce",
        companies: "aziende|clienti|marchi|imprese|realtà|organizzazioni|enti|società|gruppi|catene",
        such_as: "come|quali|tra cui|fra cui",
        aside: "tra gli altri|fra gli altri|ad esempio|per esempio|anche",
        are_customers: "sono nostri clienti|sono tra i nostri clienti|sono fra i nostri clienti|si affidano a noi|\
            hanno scelto noi|si fidano di noi|figurano tra i nostri clienti|fanno parte dei nostri clienti|\
            ci hanno scelto|hanno scelto di affidarsi a noi|lavorano con noi",
        announcements: "hanno scelto noi|ci hanno scelto|si affidano a noi|si fidano di noi|chi ci ha scelto|\
            chi si affida a noi|dicono di averci scelto|clienti|referenze|lavoriamo per|\
            aziende che si fidano di noi|aziende che ci hanno scelto|chi lavora con noi",
        stories: "caso di studio|caso studio|caso di successo|storia di successo|case history|case study",
        praise: "testimonianze|testimonianza|recensioni|dicono di noi|cosa dicono i nostri clienti|\
            cosa dicono i clienti|cosa dicono di noi|le parole dei nostri clienti|la parola ai clienti|\
            opinioni dei clienti",
        others: "investitori|investitore|consiglio|squadra|team|stampa|lavora con noi|partner|notizie",
        heads: "titolare|fondatore|fondatrice|cofondatore|cofondatrice|proprietario|proprietaria|\
            amministratore delegato|amministratrice delegata|amministratore unico|direttore generale|\
            direttrice generale|presidente|socio|socia|legale rappresentante",
        roles: "direttore|direttrice|responsabile|capo|coordinatore|coordinatrice|addetto|addetta|ingegnere|tecnico|\
            tecnica|contabile|segretario|segretaria|impiegato|impiegata|buyer|chef|enologo|enologa|economo|economa|\
            gestore|capocantiere|caporeparto",
        at: "presso|@",
        inside: "alla|al|all'|di|del|della|dello|dell'|dei|delle",
        of: "di|del|della|dello|dell'|dei|delle|da",
        says: "dice|spiega|racconta|afferma|commenta|dichiara|aggiunge|sottolinea",
        departments: "vendite|acquisti|produzione|logistica|operazioni|qualità|manutenzione|finanza|amministrazione|\
            risorse umane|informatica|marketing|comunicazione|magazzino|contabilità|commerciale|cantiere",
        no_names: "aziende|clienti|altri|altre|tutti|vedi|leggi|scopri|contatti|servizi|settori|privati|nostri|\
            nostre|recensioni|testimonianze|chi siamo|successivo|precedente|imprese",
        within: "di|del|della|dei|delle|degli|la|da|&",
        article: "il|la|lo|i|le|gli",
        we: "noi|nostro|nostra|nostri|nostre|ci|io|mio|mia|miei",
        and: "e|ed|nonché|&",
    },
    names: &NameWords {
        forms: "s.p.a.|s.r.l.|SpA|Srl|SRL|srl|s.r.l.s.|SRLS|Srls|S.n.c.|s.n.c.|Snc|SNC|S.a.s.|soc. coop.",
        placeholders: "chisiamo|contatti|notelegali|benvenuti|clienti|novita",
        sections: "negozio|notizie",
        rights: "tutti i diritti",
        until: "oggi",
        notes: "note legali|informativa",
        imprint: "note-legali|notelegali|note_legali",
    },
};
