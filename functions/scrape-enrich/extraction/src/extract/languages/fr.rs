//! French.

use super::words::Role::*;
use super::words::{TradeWords, Words};

pub(super) const WORDS: Words = Words {
    point: false,
    roles: &[
        (&[Consist], "se compose de|est composée de|est composé de|est constituée de|regroupe"),
        (&[Including], "y compris"),
        (&[Earn], "avait|a eu"),
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
        (&[GoOn], "exporte|exportons|livre|livrons|fabrique|fabriquons|conçoit|concevons|produit|propose|proposons|vend|vendons|développe|développons|sommes|fournit|accompagne|accompagnons|intervient"),
        (&[Staff], "salariés|salariées|salarié|collaborateurs|collaboratrices|collaboratrices et collaborateurs|collaborateurs et collaboratrices|employés|employées|salariés et salariées|membres du personnel|équivalents temps plein"),
        (&[People], "personnes|hommes et femmes|femmes et hommes|professionnels|experts"),
        (&[Team], "équipe"),
        (&[Firm], "société|entreprise|agence|pme|cabinet|studio"),
        (&[HeadCount], "effectif|effectifs|effectif total|nombre de salariés|nombre d' employés|nombre de collaborateurs|l' effectif"),
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
        (&[Remark], "après|dont|soit|en hausse|en progression|en baisse|contre"),
        (&[Reach], "atteint|a atteint"),
    ],
    scales: &[
        ("mille", 1e3), ("milliers", 1e3), ("million", 1e6), ("millions", 1e6), ("m", 1e6), ("mio", 1e6), ("milliard", 1e9), ("milliards", 1e9), ("md", 1e9), ("mds", 1e9), ("mrd", 1e9), ("k", 1e3), ("billion", 1e12), ("billions", 1e12),
    ],
    numbers: &[
        ("mille", 1_000.0), ("un", 1.0), ("une", 1.0), ("deux", 2.0), ("trois", 3.0), ("quatre", 4.0), ("cinq", 5.0), ("six", 6.0), ("sept", 7.0), ("huit", 8.0), ("neuf", 9.0), ("dix", 10.0), ("onze", 11.0), ("douze", 12.0), ("treize", 13.0),
        ("quatorze", 14.0), ("quinze", 15.0), ("seize", 16.0), ("vingt", 20.0), ("trente", 30.0), ("quarante", 40.0), ("cinquante", 50.0), ("soixante", 60.0), ("septante", 70.0), ("quatre-vingt", 80.0), ("quatre-vingts", 80.0), ("huitante", 80.0), ("nonante", 90.0), ("cent", 100.0), ("cents", 100.0),
    ],
    joins: "et",
    halves: "demi|demie",
    trade: TradeWords {
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
            transporteur",
        makers: "acteur|agence|association|atelier|bureau|cabinet|centre|chaîne|compagnie|concepteur|constructeur|\
            coopérative|créateur|développeur|distributeur|domaine|éditeur|enseigne|entreprise|expert|exploitant|\
            fabricant|fournisseur|grossiste|groupe|importateur|installateur|institut|laboratoire|maison|manufacture|\
            marque|négociant|opérateur|organisme|plateforme|prestataire|producteur|réseau|société|spécialiste|\
            start-up|startup|studio|usine|vendeur|revendeur",
        makers_of: "",
        of: "de|des|du|d’|d'|en|spécialisé dans|spécialisée dans|spécialisé en|spécialisée en|pour",
        ends: "qui|que|basé|basée|située|situé|depuis|avec|à|au|aux|fondé|fondée|créé|créée|dont|est|sont|sur|dans|\
            par|nous|vous|où|implantée|implanté|reconnu|reconnue",
        and: "et|ou|&",
        praise: "",
        fields: "web|digitale|immobilière|immobilier|informatique|publicitaire|comptable|industrielle|juridique|\
            dentaire|vétérinaire|viticole|événementielle|pharmaceutique|agroalimentaire|photographique|textile|\
            automobile|notarial|agricole|musicale|chimique",
        vague: "droit|taille|qualité|confiance|référence|capital|famille|sociétés|services|solutions|excellence",
        skipped: "le|la|les|l’|l'",
        genitives: "de|des|du|d’|d'",
        named: "université|hôpital",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    },
};
