//! Japanese: labels only.

use super::words::Role::*;
use super::words::{CustomerWords, Labels, NameWords, Streets, Towns, TradeWords, Words};

pub(super) const WORDS: Words = Words {
    code: "ja",
    point: true,
    composes: false,
    roles: &[
        (&[HeadCount], "従業員数|社員数|従業員"),
        (&[Revenue], "売上高"),
        (&[People], "名|人"),
        (&[Approx], "約"),
        (&[YearWord], "年|年度"),
    ],
    fractions: &[],
    labels: Labels::NONE,
    streets: Streets::NONE,
    towns: Towns::NONE,
    scales: &[("万", 1e4), ("百万", 1e6), ("億", 1e8), ("兆", 1e12)],
    numbers: &[],
    joins: "",
    halves: "",
    trade: &TradeWords::NONE,
    customers: &CustomerWords::NONE,
    names: &NameWords {
        rights: "版权所有|保留所有",
        ..NameWords::NONE
    },
};
