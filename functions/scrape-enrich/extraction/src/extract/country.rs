//! Countries by the names that pages give them: ISO 3166-1 alpha-2 for names in English, German, French and Dutch.

use crate::slice::cut;

/// Bytes of a country's name and a few more, so that the beginning of something longer is not taken for one.
const LONGEST: usize = 60;

/// The alpha-2 code of a country name or code, if it is one. `US` and `USA` count, `CA` does not: it may be a state.
pub(crate) fn code(name: &str) -> Option<&'static str> {
    let name = cut(name.trim(), ..LONGEST)
        .trim_end_matches('.')
        .to_lowercase();
    COUNTRIES
        .iter()
        .find(|(_, names)| names.split('|').any(|known| known == name))
        .map(|(code, _)| *code)
}

/// The alpha-2 code where the value stands in a country column, so that a bare code is meant as one.
pub(crate) fn code_in_column(name: &str) -> Option<&'static str> {
    code(name).or_else(|| {
        let upper = cut(name.trim(), ..LONGEST).to_ascii_uppercase();
        COUNTRIES
            .iter()
            .find(|(code, _)| *code == upper || (*code == "GB" && upper == "UK"))
            .map(|(code, _)| *code)
    })
}

const COUNTRIES: [(&str, &str); 110] = [
    ("AE", "united arab emirates|uae|u.a.e|are|vereinigte arabische emirate|émirats arabes unis|verenigde arabische emiraten"),
    ("AL", "albania|albanien|albanie|albanië"),
    ("AM", "armenia|armenien|arménie"),
    ("AR", "argentina|argentinien|argentine|argentinië|arg"),
    ("AT", "austria|österreich|autriche|oostenrijk|aut"),
    ("AU", "australia|australien|australie|australië|aus"),
    ("AZ", "azerbaijan|aserbaidschan"),
    ("BA", "bosnia and herzegovina|bosnien und herzegowina"),
    ("BD", "bangladesh|bangladesch|bgd"),
    ("BE", "belgium|belgien|belgique|belgië|bel"),
    ("BG", "bulgaria|bulgarien|bulgarie|bulgarije|bgr"),
    ("BH", "bahrain"),
    ("BO", "bolivia|bolivien|bolivie"),
    ("BR", "brazil|brasilien|brésil|brazilië|brasil|bra"),
    ("BY", "belarus|weißrussland"),
    ("CA", "canada|kanada|can"),
    ("CH", "switzerland|schweiz|suisse|zwitserland|svizzera|che"),
    ("CL", "chile|chili|chl"),
    ("CM", "cameroon|kamerun|cameroun"),
    ("CN", "china|chine|people's republic of china|p.r. china|chn"),
    ("CO", "colombia|kolumbien|colombie|col"),
    ("CR", "costa rica"),
    ("CY", "cyprus|zypern|chypre|cyp"),
    ("CZ", "czech republic|czechia|tschechien|tschechische republik|république tchèque|tchéquie|tsjechië|česká republika|cze"),
    ("DE", "germany|deutschland|allemagne|duitsland|deu|ger"),
    ("DK", "denmark|dänemark|danemark|denemarken|danmark|dnk"),
    ("DO", "dominican republic"),
    ("DZ", "algeria|algerien|algérie"),
    ("EC", "ecuador"),
    ("EE", "estonia|estland|estonie|eesti|est"),
    ("EG", "egypt|ägypten|égypte|egypte|egy"),
    ("ES", "spain|spanien|espagne|spanje|españa|esp"),
    ("ET", "ethiopia"),
    ("FI", "finland|finnland|finlande|suomi|fin"),
    ("FR", "france|frankreich|frankrijk|fra"),
    ("GB", "united kingdom|uk|u.k|great britain|england|scotland|wales|northern ireland|vereinigtes königreich|großbritannien|royaume-uni|verenigd koninkrijk|gbr"),
    ("GE", "republic of georgia|georgien|géorgie"),
    ("GH", "ghana"),
    ("GR", "greece|griechenland|grèce|griekenland|grc"),
    ("GT", "guatemala"),
    ("HK", "hong kong|hongkong|hkg"),
    ("HR", "croatia|kroatien|croatie|kroatië|hrvatska|hrv"),
    ("HU", "hungary|ungarn|hongrie|hongarije|magyarország|hun"),
    ("ID", "indonesia|indonesien|indonésie|indonesië"),
    ("IE", "ireland|irland|irlande|ierland|republic of ireland|irl"),
    ("IL", "israel|israël|isr"),
    ("IN", "india|indien|inde"),
    ("IQ", "iraq"),
    ("IR", "iran"),
    ("IS", "iceland|island|islande|ijsland|ísland"),
    ("IT", "italy|italien|italie|italië|italia|ita"),
    ("JM", "jamaica"),
    ("JO", "jordan"),
    ("JP", "japan|japon|jpn"),
    ("KE", "kenya|kenia"),
    ("KH", "cambodia"),
    ("KR", "south korea|korea|republic of korea|südkorea|corée du sud|zuid-korea|kor"),
    ("KW", "kuwait"),
    ("KZ", "kazakhstan|kasachstan"),
    ("LB", "lebanon"),
    ("LI", "liechtenstein"),
    ("LK", "sri lanka"),
    ("LT", "lithuania|litauen|lituanie|litouwen|lietuva|ltu"),
    ("LU", "luxembourg|luxemburg|lux"),
    ("LV", "latvia|lettland|lettonie|letland|latvija|lva"),
    ("MA", "morocco|marokko|maroc"),
    ("MC", "monaco"),
    ("MD", "moldova|moldau"),
    ("ME", "montenegro"),
    ("MK", "north macedonia|nordmazedonien"),
    ("MT", "malta|malte|mlt"),
    ("MU", "mauritius"),
    ("MX", "mexico|mexiko|mexique|méxico|mex"),
    ("MY", "malaysia|mys"),
    ("NG", "nigeria|nga"),
    ("NL", "netherlands|the netherlands|niederlande|pays-bas|nederland|holland|nld"),
    ("NO", "norway|norwegen|norvège|noorwegen|norge|nor"),
    ("NP", "nepal"),
    ("NZ", "new zealand|neuseeland|nouvelle-zélande|nieuw-zeeland|nzl"),
    ("OM", "oman"),
    ("PA", "panama"),
    ("PE", "peru|pérou"),
    ("PH", "philippines|philippinen|phl"),
    ("PK", "pakistan|pak"),
    ("PL", "poland|polen|pologne|polska|pol"),
    ("PR", "puerto rico"),
    ("PT", "portugal|prt"),
    ("PY", "paraguay"),
    ("QA", "qatar|katar"),
    ("RO", "romania|rumänien|roumanie|roemenië|românia|rou"),
    ("RS", "serbia|serbien|serbie|servië|srb"),
    ("RU", "russia|russian federation|russland|russie|rusland|rus"),
    ("SA", "saudi arabia|saudi-arabien|arabie saoudite|ksa|sau"),
    ("SE", "sweden|schweden|suède|zweden|sverige|swe"),
    ("SG", "singapore|singapur|singapour|sgp"),
    ("SI", "slovenia|slowenien|slovénie|slovenië|slovenija|svn"),
    ("SK", "slovakia|slowakei|slovaquie|slowakije|slovensko|svk"),
    ("TH", "thailand|thaïlande|tha"),
    ("TN", "tunisia|tunesien|tunisie"),
    ("TR", "turkey|türkei|turquie|turkije|türkiye|turkiye|tur"),
    ("TW", "taiwan|twn"),
    ("TZ", "tanzania"),
    ("UA", "ukraine|oekraïne|ukr"),
    ("UG", "uganda"),
    ("US", "united states|united states of america|usa|u.s.a|u.s|us|vereinigte staaten|états-unis|verenigde staten"),
    ("UY", "uruguay|ury"),
    ("UZ", "uzbekistan"),
    ("VE", "venezuela"),
    ("VN", "vietnam|viet nam|vnm"),
    ("ZA", "south africa|südafrika|afrique du sud|zuid-afrika|zaf"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_four_languages_and_codes_are_known() {
        for (name, expect) in [
            ("The Netherlands", Some("NL")),
            ("Österreich", Some("AT")),
            ("Allemagne", Some("DE")),
            ("U.S.A.", Some("US")),
            ("England", Some("GB")),
            ("CA", None),
            ("Atlantis", None),
        ] {
            assert_eq!(code(name), expect, "{name}");
        }
        assert_eq!(code_in_column("ca"), Some("CA"));
        assert_eq!(code_in_column("UK"), Some("GB"));
    }
}
