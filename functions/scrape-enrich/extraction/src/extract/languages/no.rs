//! Norwegian.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "no",
    point: false,
    composes: true,
    roles: &[
        (&[We], "vi"),
        (&[Our], "vår|vårt|våre"),
        (&[Company], "selskapet|bedriften|virksomheten"),
        (&[Company, Possessive], "selskapets|bedriftens"),
        (
            &[Revenue],
            "omsetning|omsetningen|driftsinntekter|nettoomsetning",
        ),
        (&[Yearly, Revenue], "årsomsetning|årlig omsetning"),
        (&[TurnOver], "omsatte for|omsetter for"),
        (&[Be], "var|er|var på|er på|utgjorde|utgjør"),
        (&[Have], "har"),
        (&[Employ], "sysselsetter"),
        (&[Work], "jobber|arbeider"),
        (&[Staff], "ansatte|medarbeidere"),
        (&[People], "personer|mennesker"),
        (&[Team], "team"),
        (&[HeadCount], "antall ansatte|antall medarbeidere"),
        (&[In], "i|på"),
        (&[Article], "en|et"),
        (&[With], "med"),
        (&[At], "hos"),
        (&[And], "og"),
        (&[Of], "av"),
        (&[To], "til"),
        (&[Between], "mellom"),
        (&[Approx], "cirka|ca|omtrent|rundt|nesten"),
        (&[Over], "over|mer enn|flere enn"),
        (&[AtLeast], "minst"),
        (&[Under], "under|færre enn"),
        (&[YearWord], "året|år"),
        (&[Yearly], "i året|årlig|per år"),
        (&[LastYear], "i fjor"),
        (&[Now], "i dag|nå|for tiden"),
        (&[Everywhere], "på verdensbasis|totalt"),
        (&[Sites], "land|kontorer"),
        (&[Fiscal], "regnskapsåret"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adresse|besøksadresse|postadresse|kontakt|kontakt oss|finn oss",
        seat: "hovedkontor|forretningsadresse",
        beside: "vår",
        ..Labels::NONE
    },
    streets: Streets {
        home: "NO",
        endings: "gate|gata|veien|vegen|vei|veg|plass|brygge|bryggen|torg|torget",
        small: "i|på",
        units: "etasje",
        ..Streets::NONE
    },
    towns: Towns {
        joins: "i",
        ..Towns::NONE
    },
    scales: &[
        ("tusen", 1e3),
        ("million", 1e6),
        ("millioner", 1e6),
        ("mill", 1e6),
        ("mrd", 1e9),
        ("milliard", 1e9),
        ("milliarder", 1e9),
    ],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        forms: "ASA",
        ..NameWords::NONE
    },
};
