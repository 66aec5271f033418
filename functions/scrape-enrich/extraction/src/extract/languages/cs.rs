//! Czech.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "cs",
    point: false,
    composes: false,
    roles: &[
        (&[Of], "společnosti|firmy"),
        (&[We, Be], "jsme"),
        (&[We, Employ], "zaměstnáváme"),
        (&[We, Have], "máme"),
        (&[Our], "náš|naše|našeho"),
        (&[Company], "společnost|firma"),
        (&[Our, Company], "naše společnost|naše firma"),
        (&[Revenue], "obrat|tržby|výnosy"),
        (&[Yearly, Revenue], "roční obrat|roční tržby"),
        (&[Earn], "dosáhli jsme"),
        (&[Be], "činil|činí|činily|byl|byly|dosáhly"),
        (&[Have], "má"),
        (&[Employ], "zaměstnává"),
        (&[Work], "pracuje"),
        (&[Staff], "zaměstnanců|zaměstnance|zaměstnanci|pracovníků"),
        (&[People], "lidí|osob|lidé"),
        (&[HeadCount], "počet zaměstnanců|počet pracovníků"),
        (&[In], "v|ve"),
        (&[YearWord], "roce|rok"),
        (&[And], "a|i"),
        (&[To], "až|do"),
        (&[Approx], "přibližně|asi|zhruba|téměř|cca|kolem"),
        (&[Over], "více než|přes"),
        (&[AtLeast], "alespoň|nejméně"),
        (&[Under], "méně než"),
        (&[Yearly], "ročně|roční"),
        (&[Now], "dnes|aktuálně|v současnosti|nyní"),
        (&[Reach], "dosáhl|dosáhla"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adresa|kontakt|kontakty|kontaktní údaje|kde nás najdete",
        seat: "sídlo|sídlo společnosti|centrála",
        legal: "provozovatel",
        people: "jednatel",
        beside: "naše",
        ..Labels::NONE
    },
    streets: Streets {
        home: "CZ",
        words: "ulice|ul|náměstí|nám|třída|tř|nábřeží",
        small: "v|na|u",
        units: "patro|budova",
        number_signs: "č.p.|č.",
        ..Streets::NONE
    },
    towns: Towns {
        several_words: true,
        first: "nový|nové|nová|starý|staré",
        joins: "nad|pod|u|v",
    },
    scales: &[
        ("tis", 1e3),
        ("tisíc", 1e3),
        ("mil", 1e6),
        ("milionu", 1e6),
        ("milion", 1e6),
        ("miliony", 1e6),
        ("milionů", 1e6),
        ("mld", 1e9),
        ("miliarda", 1e9),
        ("miliardy", 1e9),
        ("miliard", 1e9),
    ],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        forms: "s.r.o.|spol. s r.o.",
        ..NameWords::NONE
    },
};
