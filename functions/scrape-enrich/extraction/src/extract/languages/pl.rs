//! Polish.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "pl",
    point: false,
    composes: false,
    roles: &[
        (&[We, Be], "jesteśmy"),
        (&[We, Employ], "zatrudniamy"),
        (&[Our], "nasz|nasza|nasze|naszej"),
        (&[Company], "firma|spółka"),
        (&[Our, Company], "nasza firma|nasza spółka"),
        (&[Of, Company], "firmy|spółki"),
        (&[Of, Our, Company], "naszej firmy"),
        (
            &[Revenue],
            "przychody|przychód|obroty|obrót|przychody ze sprzedaży",
        ),
        (
            &[Yearly, Revenue],
            "roczne przychody|roczny obrót|przychody roczne|roczny przychód",
        ),
        (
            &[Earn],
            "osiągnęła|osiągnął|osiągnęło|odnotowała|osiągnęliśmy|wygenerowała",
        ),
        (&[Be], "wyniosły|wyniósł|wynosi|wynoszą|wynosiły"),
        (&[Employ], "zatrudnia|zatrudniają"),
        (&[Work], "pracuje"),
        (&[Staff], "pracowników|pracownicy|pracownika|pracownikami"),
        (&[People], "osób|osoby|ludzi"),
        (&[Team], "zespół"),
        (
            &[HeadCount],
            "liczba pracowników|zatrudnienie|liczba zatrudnionych",
        ),
        (&[In], "w|we"),
        (&[YearWord], "roku|r|rok"),
        (&[With], "z"),
        (&[And], "i|oraz"),
        (&[To], "do"),
        (&[Between], "od"),
        (&[Approx], "około|ok|prawie|blisko"),
        (&[Over], "ponad|więcej niż"),
        (&[AtLeast], "co najmniej"),
        (&[Under], "poniżej|mniej niż"),
        (&[Yearly], "rocznie|roczne"),
        (&[LastYear], "w ubiegłym roku|w zeszłym roku"),
        (&[Now], "obecnie|dziś|dzisiaj|aktualnie"),
        (&[Everywhere], "na całym świecie|łącznie"),
    ],
    fractions: &[],
    labels: Labels {
        address: "adres|kontakt|dane kontaktowe",
        seat: "siedziba|siedziba firmy",
        legal: "dane firmy",
        legal_page: "nota prawna",
        people: "właściciel",
        beside: "nasza",
        ..Labels::NONE
    },
    streets: Streets {
        home: "PL",
        words: "ul|ulica|al|aleja|aleje|pl|plac|os|osiedle",
        small: "i|w|na",
        units: "lok|lokal|piętro|budynek|hala",
        number_signs: "nr",
        ..Streets::NONE
    },
    towns: Towns {
        several_words: true,
        first: "nowy|nowa|stary|stara",
        joins: "nad|pod|i",
    },
    scales: &[
        ("tys", 1e3),
        ("tysięcy", 1e3),
        ("mln", 1e6),
        ("milion", 1e6),
        ("miliony", 1e6),
        ("milionów", 1e6),
        ("mld", 1e9),
        ("miliard", 1e9),
        ("miliardy", 1e9),
        ("miliardów", 1e9),
    ],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        forms: "sp. z o.o.|sp. z o. o.",
        ..NameWords::NONE
    },
};
