//! French.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "fr",
    point: false,
    composes: false,
    roles: &[
        (&[Had], "avait|a eu|comptait|avions|comptions"),
        (&[Employed], "employait|employions"),
        (&[Start], "a démarré avec|a commencé avec|avons commencé à|avons démarré avec|avons commencé avec|a débuté avec|avons débuté avec|a débuté à|a commencé à|avons démarré à"),
        (&[We, Grow], "nous sommes passés|nous sommes passées"),
        (&[Which], "qui"),
        (&[Figures], "en chiffres|chiffres clés|chiffres-clés|en bref|les chiffres|nos chiffres|chiffres"),
        (&[Consist], "se compose de|est composée de|est composé de|est constituée de|regroupe"),
        (&[Including], "y compris"),
        (&[GroupRevenue], "chiffre d' affaires du groupe|chiffre d' affaires consolidé"),
        (&[Percent], "pour cent"),
        (&[Contribute], "a contribué|contribue"),
        (&[At, We], "chez nous"),
        (&[We], "nous"),
        (&[We, Be], "nous sommes|on est"),
        (&[Our], "notre|nos"),
        (&[Company], "la société|l' entreprise|l' entreprise familiale|la maison"),
        (&[Our, Company], "notre entreprise|notre société"),
        (&[Of, Company], "de la société|de l' entreprise"),
        (&[Of, Our, Company], "de notre entreprise|de notre société"),
        (&[Revenue], "chiffre d' affaires|ca|chiffre d' affaires net|chiffre d' affaires total|chiffre d' affaires ht"),
        (&[Yearly, Revenue], "chiffre d' affaires annuel|ca annuel"),
        (&[Quarterly, Revenue], "chiffre d' affaires trimestriel"),
        (&[Monthly, Revenue], "chiffre d' affaires mensuel"),
        (&[Earn], "réalise|réalisé|réalisons|réalisait|a réalisé|avons réalisé|génère|générons|a généré|avons généré|enregistre|a enregistré|avons enregistré|affiche|affichons|a affiché|dégage|a dégagé"),
        (&[Be], "est|était|s' élève à|s' élevait à|s' est élevé à|a été|est de|était de|a été de|s' établit à|s' est établi à|représente"),
        (&[Have], "a|avons|rassemble|rassemblons|réunit|réunissons|compte|comptons|possède|dispose"),
        (&[Employ], "emploie|employons|emploient|fait travailler"),
        (&[Work], "travaillent|travaille"),
        (&[Grow], "a augmenté|a progressé|est passé|a doublé|augmente|progresse|passe|avons doublé|avons porté"),
        (&[End], "a terminé|termine|a clôturé"),
        (&[GoOn], "forme|formons|conseille|conseillons|soigne|loue|louons|transporte|transportons|installe|installons|imprime|cultive|aide|aidons|travaillons|exporte|exportons|livre|livrons|fabrique|fabriquons|conçoit|concevons|produit|propose|proposons|vend|vendons|développe|développons|sommes|fournit|accompagne|accompagnons|intervient"),
        (&[Staff], "salariés|salariées|salarié|collaborateurs|collaboratrices|collaboratrices et collaborateurs|collaborateurs et collaboratrices|employés|employées|salariés et salariées|membres du personnel|équivalents temps plein"),
        (&[People], "personnes|hommes et femmes|femmes et hommes|professionnels|experts"),
        (&[Team], "équipe"),
        (&[Firm], "société|entreprise|agence|pme|cabinet|studio"),
        (&[HeadCount], "taille de l' entreprise|taille de l' équipe|effectif|effectifs|effectif total|nombre de salariés|nombre d' employés|nombre de collaborateurs|l' effectif"),
        (&[Strong], "fort de|forte de"),
        (&[OfThem], "d' entre eux"),
        (&[That], "c' était|c' est"),
        (&[Article], "le|la|les|un|une|des|l'"),
        (&[Of], "de|d'|du|de l'|de la"),
        (&[In], "en|au|dans|sur"),
        (&[With], "avec"),
        (&[At], "chez|répartis sur|répartis dans"),
        (&[For], "pour"),
        (&[To], "à|jusqu'à"),
        (&[And], "et|ainsi que|&"),
        (&[Between], "entre"),
        (&[Approx], "environ|près de|quelque|quelques|presque|autour de|à peu près"),
        (&[Over], "plus de|plus d'"),
        (&[AtLeast], "au moins|au minimum"),
        (&[Under], "moins de|moins d'"),
        (&[UpTo], "jusqu' à|au maximum"),
        (&[Yearly], "annuel|annuelle|par an|chaque année|annuellement"),
        (&[Quarterly], "trimestre|trimestriel|par trimestre"),
        (&[Monthly], "mensuel|mensuelle|par mois"),
        (&[Ordinal], "premier|deuxième|troisième|quatrième"),
        (&[YearWord], "l' année|année"),
        (&[Fiscal], "l' exercice|exercice|exercice fiscal|l' exercice fiscal|exercice clos"),
        (&[Ended], "fin|à fin|à la fin de|clos le"),
        (&[Month], "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"),
        (&[LastYear], "l' an dernier|l' année dernière|l' an passé|l' année passée"),
        (&[Now], "à l' année|aujourd' hui|actuellement|maintenant|désormais|à ce jour|également|aussi|déjà"),
        (&[Praise], "passionnés|qualifiés|expérimentés|engagés|dynamique|talentueux|motivés|compétents|soudée"),
        (&[Total], "net|total|au total|un total de"),
        (&[Everywhere], "dans le monde|à travers le monde|dans le monde entier"),
        (&[Sites], "sites|pays|agences|bureaux|magasins|implantations|usines|continents|villes"),
        (&[Opener], "fondée|fondé|créée|créé|basée|basé|implantée|implanté|née|installée"),
        (&[Remark], "année précédente|exercice précédent|selon|après|dont|soit|en hausse|en progression|en baisse|contre"),
        (&[Reach], "atteint|a atteint"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adresse|adresse postale|coordonnées|nos coordonnées|contact|contactez-nous|nous contacter|nous trouver|nous rendre visite|situé|située|nos bureaux|où nous trouver|venir nous voir",
        seat: "siège|siège social|siege social",
        legal: "éditeur|éditeur du site|édité par|édition du site|propriétaire du site|le site est édité par|site édité par|le présent site est édité par",
        legal_page: "mentions légales|informations légales",
        people: "gérant|gérante|directeur de la publication|directrice de la publication|représentée par|représenté par|président|présidente|responsable",
        contact_paths: "nous-trouver|nous-contacter|coordonnees",
        legal_paths: "mentions-legales|mentionslegales",
        beside: "notre|nos|le|la|les|est|au|à|du",
    },
    streets: Streets {
        home: "FR",
        words: "rue|avenue|av|boulevard|bd|bld|blvd|place|pl|chemin|quai|allée|allées|impasse|route|cours|square|passage|faubourg|esplanade|rond-point|chaussée|clos|sentier|ruelle|mail|promenade|villa|cité|voie",
        first: "",
        endings: "",
        estates: "lieu-dit|lieudit|za|zi|zac|zone|parc|hameau|domaine|château|technopole",
        small: "de|du|des|la|le|les|et|aux|au|en|l'|d'",
        units: "boîte|bp|cs|tsa|bât|bâtiment|étage|etage|escalier|porte|appt|appartement|bureau|résidence|immeuble|hall",
        number_signs: "n°|nº",
        without_number: "",
        number_first: true,
    },
    towns: Towns {
        several_words: true,
        first: "le|la|les|saint|sainte|l",
        joins: "sur|sous|en|de|du|la|le|les|lès|lez|et|aux|d",
    },
    scales: &[
        ("mille", 1e3), ("milliers", 1e3), ("million", 1e6), ("millions", 1e6), ("m", 1e6), ("mio", 1e6), ("milliard", 1e9), ("milliards", 1e9), ("md", 1e9), ("mds", 1e9), ("mrd", 1e9), ("k", 1e3), ("billion", 1e12), ("billions", 1e12),
    ],
    numbers: &[
        ("mille", 1_000.0), ("un", 1.0), ("une", 1.0), ("deux", 2.0), ("trois", 3.0), ("quatre", 4.0), ("cinq", 5.0), ("six", 6.0), ("sept", 7.0), ("huit", 8.0), ("neuf", 9.0), ("dix", 10.0), ("dix-sept", 17.0), ("dix-huit", 18.0), ("dix-neuf", 19.0), ("onze", 11.0), ("douze", 12.0), ("treize", 13.0),
        ("quatorze", 14.0), ("quinze", 15.0), ("seize", 16.0), ("vingt", 20.0), ("trente", 30.0), ("quarante", 40.0), ("cinquante", 50.0), ("soixante", 60.0), ("septante", 70.0), ("quatre-vingt", 80.0), ("quatre-vingts", 80.0), ("huitante", 80.0), ("nonante", 90.0), ("cent", 100.0), ("cents", 100.0),
    ],
    joins: "et",
    halves: "demi|demie",
    trade: &TradeWords {
        we_are: "nous sommes|on est",
        is_a: "est l’un des|est l'un des|est aujourd’hui une|est une|est un|est la|est le|sommes une|sommes un|\
            sommes le|sommes la|est votre|sommes votre",
        articles: "un|une|le|la|votre",
        head_first: true,
        compounds: false,
        businesses: "auberge|banque|blanchisserie|boucherie|boulangerie|brasserie|brûlerie|charpenterie|\
            chocolaterie|cidrerie|clinique|distillerie|école|ébénisterie|fonderie|fromagerie|garage|hôpital|hôtel|\
            imprimerie|laiterie|librairie|menuiserie|musée|opticien|papeterie|pâtisserie|pépinière|pharmacie|\
            photographe|restaurant|savonnerie|scierie|serrurerie|tannerie|théâtre|torréfacteur|traiteur|tuilerie|\
            université|verrerie|vignoble|paysagiste|couvreur|plombier|électricien|assureur|courtier|déménageur|\
            transporteur|abattoir|assurance|auto-école|bijouterie|bijoutier|biscuiterie|brocante|carrosserie|\
            carrière|cave coopérative|chantier naval|charcuterie|chocolatier|coutellerie|conserverie|corderie|\
            coopérative agricole|couverturier|crèche|cristallerie|distillateur|domaine viticole|école de musique|\
            école de danse|ferronnerie|ferme|ferme ostréicole|filature|fleuriste|galerie|ganterie|glacier|\
            herboristerie|horlogerie|horticulteur|huilerie|laverie|luthier|maroquinerie|maraîcher|maroquinier|\
            mégisserie|meunerie|minoterie|moulin|miroiterie|maçonnerie|notaire|orfèvrerie|ostréiculteur|parfumerie|\
            pisciculture|plomberie|poissonnerie|poterie|quincaillerie|reliure|robinetterie|salaison|sellerie|\
            tapisserie|teinturerie|tissage|tonnellerie|toiture|tuilier|vannerie|viticulteur|vitrier|brasseur|\
            boulanger|charpentier|menuisier|ébéniste|maçon|carreleur|serrurier|géomètre|cabinet dentaire|\
            cabinet vétérinaire|cabinet comptable|étude notariale|clinique vétérinaire|maison de retraite|\
            compagnie de ferries|compagnie aérienne|cirque|zoo|marbrerie|pompes funèbres|mutuelle",
        makers: "acteur|agence|association|atelier|bureau|cabinet|centre|chaîne|compagnie|concepteur|constructeur|\
            coopérative|créateur|développeur|distributeur|domaine|éditeur|enseigne|entreprise|expert|exploitant|\
            fabricant|fournisseur|grossiste|groupe|importateur|installateur|institut|laboratoire|maison|manufacture|\
            marque|négociant|opérateur|organisme|plateforme|prestataire|producteur|réseau|société|spécialiste|\
            start-up|startup|studio|usine|vendeur|revendeur|armateur|architecte|artisan|boutique|constructrice|\
            éleveur|équipementier|exportateur|fabrique|ferme|imprimeur|intégrateur|loueur|magasin|mutuelle|négoce|\
            organisateur|pépiniériste|réparateur|restaurateur|sous-traitant|transformateur",
        makers_of: "",
        of: "de|des|du|d’|d'|en|spécialisé dans|spécialisée dans|spécialisé en|spécialisée en|pour",
        ends: "qui|que|basé|basée|située|situé|depuis|avec|à|au|aux|fondé|fondée|créé|créée|dont|est|sont|sur|dans|\
            par|nous|vous|où|implantée|implanté|reconnu|reconnue",
        and: "et|ou|&",
        praise: "",
        participles: "",
        labels: "secteur|secteur d’activité|secteur d'activité|activité|activité principale|métier|domaine d’activité|domaine d'activité",
        no_titles: "comment|pourquoi|quand|quel|quelle|votre|notre|nos|vos|conseils|prix|tarifs|contact|guide|\
            meilleur|meilleure",
        elisions: "d’|d'|l’|l'",
        fields: "web|digitale|immobilière|immobilier|informatique|publicitaire|comptable|industrielle|juridique|\
            dentaire|vétérinaire|viticole|événementielle|pharmaceutique|agroalimentaire|photographique|textile|\
            automobile|notarial|agricole|musicale|chimique|agroalimentaires|aéronautique|audiovisuelle|artisanale|\
            bancaire|céramique|cinématographique|cosmétique|électrique|électronique|énergétique|ferroviaire|\
            financière|financier|forestière|forestier|funéraire|graphique|horticole|hôtelier|hôtelière|hydraulique|\
            logistique|maritime|mécanique|médicale|médical|métallurgique|minière|navale|naval|optique|ostréicole|\
            pétrolière|piscicole|plastique|postal|laitière|sidérurgique|spatiale|sportive|technologique|\
            topographique|touristique|maraîchère|d'architecture|transport|transports|déménagements|meubles|\
            conserves|aciéries|constructions|hôtels|supermarchés|laboratoires|ateliers|textiles|moulins|huiles|\
            verreries|fonderies|établissements|galeries|cosmétiques|chantiers|assurances|voyages|cafés|biscuits|vins",
        vague: "droit|taille|qualité|confiance|référence|capital|famille|sociétés|services|solutions|excellence",
        skipped: "le|la|les|l’|l'",
        genitives: "de|des|du|d’|d'",
        named: "université|hôpital",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
    customers: &CustomerWords {
        our: "nos|parmi nos|quelques|certains de nos|quelques-uns de nos|quelques-unes de nos|notre",
        customers: "clients|références|clients et références|donneurs d'ordre|donneurs d'ordres",
        adjectives: "fidèles|principaux|principales|grands|plus grands|nombreux|récents|récentes|premiers|\
            satisfaits|historiques|professionnels|internationaux",
        include: "sont|incluent|comptent|figurent|on compte|on trouve|nous comptons|on retrouve|comprennent|\
            s'appellent|il y a",
        introductions: "ils nous font confiance|elles nous font confiance|nous font confiance|\
            nous comptons parmi nos clients|on compte parmi nos clients|ont choisi de nous faire confiance",
        work_with: "nous travaillons avec|nous travaillons pour|nous accompagnons|nous avons travaillé pour|\
            nous avons travaillé avec|nous collaborons avec|nous équipons|nous fournissons",
        works_with: "travaille avec|travaille pour|accompagne|équipe|fournit|a travaillé pour|a travaillé avec",
        companies: "entreprises|clients|marques|des entreprises|des clients|des marques|des sociétés|\
            des organisations|de grandes entreprises|des enseignes|des acteurs|des groupes|des maisons|\
            des institutions",
        such_as: "comme|tels que|telles que|tel que|telle que|parmi lesquels|parmi lesquelles|dont",
        aside: "notamment|entre autres|par exemple",
        are_customers: "nous font confiance|nous font déjà confiance|sont nos clients|sont parmi nos clients|\
            font partie de nos clients|figurent parmi nos clients|comptent parmi nos clients|\
            ont choisi notre société|nous ont fait confiance",
        announcements: "ils nous font confiance|elles nous font confiance|ils nous ont fait confiance|\
            nous font confiance|clients|références|références clients|nos références clients|\
            ils ont choisi notre solution|quelques références|ils travaillent avec nous",
        stories: "étude de cas|cas client|témoignage client|histoire client|success story",
        praise: "témoignage|témoignages|avis clients|avis de nos clients|ce que disent nos clients|\
            nos clients témoignent|ils parlent de nous|paroles de clients|la parole à nos clients|\
            ils nous font confiance|ce qu'ils en disent",
        others: "investisseurs|investisseur|conseil|équipe|presse|carrières|recrutement|partenaires|partenaire|\
            actualités",
        heads: "pdg|dg|gérant|gérante|co-gérant|cogérant|fondateur|fondatrice|cofondateur|cofondatrice|co-fondateur|\
            co-fondatrice|directeur général|directrice générale|président|présidente|propriétaire|dirigeant|\
            dirigeante|patron|patronne|chef d'entreprise|associé|associée",
        roles: "directeur|directrice|responsable|chef|cheffe|acheteur|acheteuse|ingénieur|ingénieure|coordinateur|\
            coordinatrice|comptable|gestionnaire|technicien|technicienne|chargé|chargée|assistant|assistante|\
            intendant|intendante|régisseur|conducteur|conductrice|adjoint|adjointe|secrétaire|planificateur|\
            planificatrice|administrateur|administratrice",
        at: "chez|au sein de|@",
        inside: "au|à la|à l'|de|du|des|de la|de l'|d'",
        of: "de|du|des|de la|de l'|d'",
        says: "explique|dit|affirme|raconte|témoigne|confie|indique|précise|se réjouit|ajoute",
        departments: "ventes|commercial|achats|production|opérations|logistique|informatique|ressources humaines|\
            qualité|finances|comptabilité|marketing|communication|maintenance|travaux|exploitation|innovation|\
            recherche|technique|administration|direction",
        no_names: "entreprises|autres|plus|clients|toutes|tous|voir|lire|en savoir plus|contact|accueil|suivant|\
            précédent|services|secteurs|particuliers|professionnels|collectivités|témoignages|avis|notre|nos|vos|\
            votre",
        within: "de|du|des|la|le|les|d|&",
        article: "le|la|les",
        we: "nous|notre|nos|je|mon|ma|mes|j",
        and: "et|ainsi que|&",
    },
    names: &NameWords {
        forms: "s.a.r.l.|sarl|s.a.s.|sas|s.a.|SA|SASU|EURL|SNC|SCOP|E.U.R.L.|S.A.S.U.",
        placeholders: "accueil|mentionslegales|contacteznous|bienvenue|apropos|actualites|quisommesnous|nosclients|\
            references",
        sections: "actualites|boutique|aide|accueil",
        rights: "tous droits|droits réservés",
        until: "aujourd'hui",
        notes: "mentions légales|confidentialité|plan du site",
        imprint: "mentions-legales|mentionslegales|mentions_legales",
    },
};
