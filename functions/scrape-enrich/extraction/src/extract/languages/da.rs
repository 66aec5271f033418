//! Danish.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "da",
    point: false,
    composes: true,
    roles: &[
        (&[We], "vi"),
        (&[Our], "vores"),
        (&[Company], "virksomheden|selskabet"),
        (&[Our, Company], "vores virksomhed"),
        (&[Company, Possessive], "virksomhedens|selskabets"),
        (
            &[Revenue],
            "omsætning|omsætningen|nettoomsætning|nettoomsætningen",
        ),
        (&[Yearly, Revenue], "årsomsætning|årlig omsætning"),
        (&[TurnOver], "omsatte for|omsætter for"),
        (&[Be], "var|er|var på|er på|udgjorde|udgør|lød på"),
        (&[Have], "har"),
        (&[Employ], "beskæftiger"),
        (&[Work], "arbejder"),
        (&[Staff], "ansatte|medarbejdere"),
        (&[People], "personer|mennesker"),
        (&[Team], "team|hold"),
        (&[HeadCount], "antal ansatte|antal medarbejdere"),
        (&[In], "i|på"),
        (&[Article], "en|et"),
        (&[With], "med"),
        (&[At], "hos"),
        (&[And], "og"),
        (&[Of], "af"),
        (&[To], "til"),
        (&[Between], "mellem"),
        (&[Approx], "cirka|ca|omkring|næsten|knap|godt"),
        (&[Over], "over|mere end|flere end"),
        (&[AtLeast], "mindst"),
        (&[Under], "under|færre end"),
        (&[YearWord], "året|år"),
        (&[Yearly], "om året|årligt|årlig"),
        (&[LastYear], "sidste år"),
        (&[Now], "i dag|nu|i øjeblikket|aktuelt"),
        (&[Everywhere], "på verdensplan|i hele verden|i alt"),
        (&[Sites], "lande|kontorer"),
        (&[Fiscal], "regnskabsåret"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adresse|besøgsadresse|kontakt|kontakt os|find os",
        seat: "hovedkontor|hjemsted",
        people: "indehaver",
        beside: "vores",
        ..Labels::NONE
    },
    streets: Streets {
        home: "DK",
        endings: "gade|vej|allé|plads|stræde|torv|vænget|boulevard",
        small: "i|på",
        units: "sal|kl|st",
        ..Streets::NONE
    },
    towns: Towns {
        joins: "i",
        ..Towns::NONE
    },
    scales: &[
        ("tusind", 1e3),
        ("million", 1e6),
        ("millioner", 1e6),
        ("mio", 1e6),
        ("mill", 1e6),
        ("milliard", 1e9),
        ("milliarder", 1e9),
        ("mia", 1e9),
    ],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        forms: "a/s|ApS|aps",
        ..NameWords::NONE
    },
};
