//! Swedish.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "sv",
    point: false,
    composes: true,
    roles: &[
        (&[We], "vi"),
        (&[Our], "vår|vårt|våra"),
        (&[Company], "företaget|bolaget"),
        (&[Our, Company], "vårt företag"),
        (&[Company, Possessive], "företagets|bolagets"),
        (
            &[Revenue],
            "omsättning|omsättningen|nettoomsättning|nettoomsättningen|intäkter|försäljning",
        ),
        (&[Yearly, Revenue], "årsomsättning|årlig omsättning"),
        (&[TurnOver], "omsatte|omsätter"),
        (&[Be], "var|är|uppgick till|uppgår till|låg på|ligger på"),
        (&[Have], "har"),
        (&[Employ], "sysselsätter"),
        (&[Work], "arbetar|jobbar"),
        (&[Staff], "anställda|medarbetare"),
        (&[People], "personer|människor"),
        (&[Team], "team"),
        (
            &[HeadCount],
            "antal anställda|antal medarbetare|antalet anställda",
        ),
        (&[In], "i|på"),
        (&[Article], "en|ett"),
        (&[With], "med"),
        (&[At], "hos"),
        (&[And], "och"),
        (&[Of], "av|om"),
        (&[To], "till"),
        (&[Between], "mellan"),
        (
            &[Approx],
            "cirka|ca|omkring|runt|nästan|ungefär|drygt|knappt",
        ),
        (&[Over], "över|mer än|fler än"),
        (&[AtLeast], "minst"),
        (&[Under], "under|färre än"),
        (&[UpTo], "upp till"),
        (&[YearWord], "år|året"),
        (&[Yearly], "per år|årligen|om året"),
        (&[LastYear], "förra året|i fjol"),
        (&[Now], "idag|i dag|nu|för närvarande|för tillfället"),
        (&[Everywhere], "i hela världen|globalt|totalt"),
        (&[Sites], "länder|orter|kontor"),
        (&[Fiscal], "räkenskapsåret|verksamhetsåret"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adress|besöksadress|postadress|kontakt|kontakta oss|hitta hit",
        seat: "huvudkontor|säte",
        beside: "vår",
        ..Labels::NONE
    },
    streets: Streets {
        home: "SE",
        endings: "gatan|vägen|gränd|torget|stigen|allén|backen|kajen|torg",
        small: "i|på",
        units: "våning|vån|trappor",
        ..Streets::NONE
    },
    towns: Towns {
        joins: "i",
        ..Towns::NONE
    },
    scales: &[
        ("tusen", 1e3),
        ("miljon", 1e6),
        ("miljoner", 1e6),
        ("mn", 1e6),
        ("miljard", 1e9),
        ("miljarder", 1e9),
        ("mdr", 1e9),
    ],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        forms: "oy",
        ..NameWords::NONE
    },
};
