//! What the words of a language can be to the rules: parts of a statement, scales and numbers, words for trades and
//! customers, and what stands in and around names.

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $letter:literal,)+) => {
        /// The part that a word or sign plays in a statement. Each has a letter, so that the order of the parts of a
        /// sentence is a text that a pattern can be matched with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Role {
            $($(#[$doc])* $role,)+
        }

        impl Role {
            pub(crate) fn letter(self) -> char {
                match self {
                    $(Self::$role => $letter,)+
                }
            }

            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$role),+];

            /// The role of this name, as patterns write it.
            pub(crate) fn named(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($role) => Some(Self::$role),)+
                    _ => None,
                }
            }
        }
    };
}

roles! {
    /// The organisation's own name.
    Name = 'N',
    /// What makes a name or "the company" the owner: `'s`.
    Possessive = 's',
    We = 'W',
    Our = 'U',
    /// "The company", on its own page.
    Company = 'C',
    /// Turnover.
    Revenue = 'R',
    /// Turnover of a group, of which the organisation may be a part.
    GroupRevenue = 'X',
    /// A verb with turnover as its object: generated, achieved.
    Earn = 'E',
    /// Had: of turnover it says what was earned, of people only how many there were.
    Had = '0',
    /// Employed, in the past.
    Employed = '7',
    /// Started with.
    Start = '2',
    /// Which, who: begins a clause that says more of what stands before it.
    Which = '5',
    /// `In figures`, `at a glance`: announces figures of what is named before it.
    Figures = '6',
    /// Reached: with turnover as its object or as its subject.
    Reach = '!',
    /// A verb that means turnover by itself, with an amount as its object.
    TurnOver = 'T',
    /// The verb of a German one that ends in "um": `setzte 5 Mio. Euro um`.
    Turn = '^',
    /// Was, is, amounted to.
    Be = 'b',
    Have = 'h',
    Employ = 'e',
    /// Work, in "75 people work for us".
    Work = 'w',
    /// Rose, grew, doubled: says the new amount only with "to".
    Grow = 'g',
    /// By, before the size of a change.
    By = 'Z',
    Percent = '/',
    /// Gave a share of the group's turnover.
    Contribute = 'u',
    /// Consists of.
    Consist = '=',
    /// Before a part of the number that was just said.
    Including = '#',
    /// Ended a year with.
    End = 'x',
    /// What an organisation does otherwise: the beginning of another predicate.
    GoOn = 'G',
    /// People who are employed by somebody.
    Staff = 'S',
    /// People of any kind.
    People = 'P',
    Team = 't',
    /// A company, an agency: in "a company of 20".
    Firm = '@',
    HeadCount = 'H',
    /// `75 strong`.
    Strong = 'o',
    /// `On the books`.
    OnBoard = 'k',
    /// `Of them`, after a larger number.
    OfThem = 'm',
    /// "There are".
    Exist = 'z',
    /// "That was", after a list of figures.
    That = 'v',
    Article = 'a',
    Of = 'd',
    In = 'i',
    With = 'M',
    At = 'A',
    For = 'F',
    To = 'l',
    From = 'c',
    And = '&',
    Between = 'B',
    Approx = '~',
    /// More than.
    Over = '>',
    AtLeast = '}',
    /// Less than.
    Under = '<',
    UpTo = '{',
    /// Annual, a year.
    Yearly = 'Y',
    Quarterly = 'Q',
    Monthly = 'L',
    /// First, second, third, fourth: which quarter.
    Ordinal = 'O',
    /// "Year", before the year itself.
    YearWord = 'y',
    Fiscal = 'I',
    /// "Ended on", before the last day of a financial year.
    Ended = 'D',
    Month = 'j',
    LastYear = 'J',
    /// Now, today, meanwhile: says nothing of how much or whose.
    Now = 'n',
    /// Dedicated, skilled: says nothing of how many.
    Praise = 'p',
    /// Net, total: the whole.
    Total = 'q',
    /// Worldwide.
    Everywhere = 'V',
    /// Places, in "at three sites".
    Sites = 'f',
    /// Founded, based: begins a remark on the organisation.
    Opener = 'K',
    /// Up, compared, of whom: begins a remark on the figure.
    Remark = 'r',
    Year = '4',
    Number = '1',
    Money = '$',
    /// In thousands, in T€: where the scale of a figure stands apart.
    ScaleNote = '%',
    Plus = '+',
    Comma = ',',
    Colon = ':',
    Semicolon = ';',
    Open = '(',
    Close = ')',
    Dash = '-',
    Minus = '_',
    Stop = '.',
    /// Everything else. No rule but that of a remark passes over it.
    Unknown = '?',
}

/// How a language announces an address. Each list is words apart by `|`, in small letters; so are those below.
pub(crate) struct Labels {
    pub(crate) address: &'static str,
    /// What only one of several places is.
    pub(crate) seat: &'static str,
    /// Headings under which the law wants the organisation itself.
    pub(crate) legal: &'static str,
    /// Titles of the page that they stand on.
    pub(crate) legal_page: &'static str,
    /// Who stands for it by law: their names are between its own and its address.
    pub(crate) people: &'static str,
    /// What stands in the internet address of a page of contacts, and of a legal notice.
    pub(crate) contact_paths: &'static str,
    pub(crate) legal_paths: &'static str,
    /// Words beside a label that leave it the organisation's own.
    pub(crate) beside: &'static str,
}

impl Labels {
    /// No label for any address.
    pub(super) const NONE: Self = Self {
        address: "",
        seat: "",
        legal: "",
        legal_page: "",
        people: "",
        contact_paths: "",
        legal_paths: "",
        beside: "",
    };
}

/// How a language names streets, without the stop of an abbreviation.
pub(crate) struct Streets {
    /// The country that such a street is in if its post code fits and nothing says otherwise.
    pub(crate) home: &'static str,
    /// Words of a street's name; where towns have [`several_words`](Towns::several_words), it begins with one.
    pub(crate) words: &'static str,
    /// First words of a street's name that do not say that it is one.
    pub(crate) first: &'static str,
    /// Endings of words.
    pub(crate) endings: &'static str,
    /// Places that need no number: an estate, a hamlet.
    pub(crate) estates: &'static str,
    /// Small words inside a name.
    pub(crate) small: &'static str,
    /// What follows a number: a floor, a door, a hall.
    pub(crate) units: &'static str,
    /// What says that a number follows, and that there is none.
    pub(crate) number_signs: &'static str,
    pub(crate) without_number: &'static str,
    /// The number stands before the name.
    pub(crate) number_first: bool,
}

impl Streets {
    /// No word for any street.
    pub(super) const NONE: Self = Self {
        home: "",
        words: "",
        first: "",
        endings: "",
        estates: "",
        small: "",
        units: "",
        number_signs: "",
        without_number: "",
        number_first: false,
    };
}

/// How a language names towns.
pub(crate) struct Towns {
    /// A name may be several words, with nothing between them.
    pub(crate) several_words: bool,
    /// First words of one that goes on.
    pub(crate) first: &'static str,
    /// Small words inside one.
    pub(crate) joins: &'static str,
}

impl Towns {
    /// No word in any town.
    pub(super) const NONE: Self = Self {
        several_words: false,
        first: "",
        joins: "",
    };
}

/// The words of a language, by what they are to the rules. Each entry of a list is words apart by `|`, each of these one
/// word or several, in small letters.
pub(crate) struct Words {
    /// ISO 639-1.
    pub(crate) code: &'static str,
    /// What parts words play. Several roles: a word that says several things, such as "annual turnover" in one.
    pub(crate) roles: &'static [(&'static [Role], &'static str)],
    /// Its decimal mark is a point and its thousands are set apart by commas; elsewhere it is the other way round.
    pub(crate) point: bool,
    /// Its nouns are composed to one word, whose end says what it is: `Bauunternehmen`.
    pub(crate) composes: bool,
    /// Parts of a scale that are said before it: half a million.
    pub(crate) fractions: &'static [(&'static str, f64)],
    pub(crate) labels: Labels,
    pub(crate) streets: Streets,
    pub(crate) towns: Towns,
    /// Scale words, with what they multiply by.
    pub(crate) scales: &'static [(&'static str, f64)],
    /// Numbers in words.
    pub(crate) numbers: &'static [(&'static str, f64)],
    /// What may stand between the words of a number: twenty-two, two hundred and two.
    pub(super) joins: &'static str,
    /// Half of one, behind a number or a scale word.
    pub(super) halves: &'static str,
    pub(crate) trade: &'static TradeWords,
    pub(crate) customers: &'static CustomerWords,
    pub(crate) names: &'static NameWords,
}

impl Words {
    pub(crate) fn joins(&self) -> impl Iterator<Item = &'static str> {
        listed(self.joins)
    }

    pub(crate) fn halves(&self) -> impl Iterator<Item = &'static str> {
        listed(self.halves)
    }
}

/// How a language says what somebody is.
pub(crate) struct TradeWords {
    /// `We are`, as the first words of a sentence.
    pub(crate) we_are: &'static str,
    /// Between a name and what it is, article included.
    pub(crate) is_a: &'static str,
    /// The articles of an apposition: `Acorn, a maker of …`.
    pub(crate) articles: &'static str,
    /// The head stands before what it is of: `agence de communication`.
    pub(crate) head_first: bool,
    /// Heads that are ends of longer words: `Ingenieurbüro`.
    pub(crate) compounds: bool,
    /// A trade by itself.
    pub(crate) businesses: &'static str,
    /// A trade beside its field or with what it makes, sells or does.
    pub(crate) makers: &'static str,
    /// Those of them that are a trade with whatever they are of; empty where all are.
    pub(crate) makers_of: &'static str,
    /// Of: what follows a maker.
    pub(crate) of: &'static str,
    /// Behind these the phrase has ended.
    pub(crate) ends: &'static str,
    pub(crate) and: &'static str,
    /// Not part of what they are.
    pub(crate) praise: &'static str,
    /// The same at the end of a word of several: `family-owned`.
    pub(crate) participles: &'static str,
    /// Labels beside which the trade stands.
    pub(crate) labels: &'static str,
    /// Words that make a title one of an article or of a page about something else.
    pub(crate) no_titles: &'static str,
    /// What is written in one word with the noun behind it: `l’`.
    pub(crate) elisions: &'static str,
    /// What a maker's work is in.
    pub(crate) fields: &'static str,
    /// What everything can be of, and what says nothing of a trade.
    pub(crate) vague: &'static str,
    /// Articles before what is made or sold.
    pub(crate) skipped: &'static str,
    /// Prepositions that only join two nouns.
    pub(crate) genitives: &'static str,
    /// Businesses that nothing else is called after: `Elm University`.
    pub(crate) named: &'static str,
    /// Fields that need no business beside them where a title names them: `Pest Control in Leeds`.
    pub(crate) activities: &'static str,
    /// People whose plural names a trade: `Machine Learning Recruiters`.
    pub(crate) people: &'static str,
    /// What a business does rather than what it is: one of several on all pages but its first.
    pub(crate) services: &'static str,
    /// Words of sectors that are neither fields nor businesses.
    pub(crate) sectors: &'static str,
}

impl TradeWords {
    /// No word for any trade.
    pub(super) const NONE: Self = Self {
        we_are: "",
        is_a: "",
        articles: "",
        head_first: true,
        compounds: false,
        businesses: "",
        makers: "",
        makers_of: "",
        of: "",
        ends: "",
        and: "",
        praise: "",
        participles: "",
        labels: "",
        no_titles: "",
        elisions: "",
        fields: "",
        vague: "",
        skipped: "",
        genitives: "",
        named: "",
        activities: "",
        people: "",
        services: "",
        sectors: "",
    };
}

/// How a language says whose customers somebody is.
pub(crate) struct CustomerWords {
    /// Whose customers they are, before the noun: `our`, `some of our`.
    pub(crate) our: &'static str,
    /// Customers, as many.
    pub(crate) customers: &'static str,
    /// What may stand beside them: valued, largest, new. Past and future customers are none.
    pub(crate) adjectives: &'static str,
    /// Between `our customers` and their names: `include`, `are`.
    pub(crate) include: &'static str,
    /// Whole introductions of names: `trusted by`.
    pub(crate) introductions: &'static str,
    /// What we do for those whose names follow: `we work with`.
    pub(crate) work_with: &'static str,
    /// The same behind the organisation's own name: `has worked with`.
    pub(crate) works_with: &'static str,
    /// Organisations of any kind, as many.
    pub(crate) companies: &'static str,
    /// Before examples: `such as`.
    pub(crate) such_as: &'static str,
    /// Between an introduction and the names: `among others`.
    pub(crate) aside: &'static str,
    /// Behind names: `are among our customers`, `trust us`.
    pub(crate) are_customers: &'static str,
    /// Headings and lines that say nothing but whose names follow, beside `our customers`.
    pub(crate) announcements: &'static str,
    /// What a heading calls the account of one customer: `case study`.
    pub(crate) stories: &'static str,
    /// In headings under which customers are quoted.
    pub(crate) praise: &'static str,
    /// In headings under which people are quoted who buy nothing.
    pub(crate) others: &'static str,
    /// Who heads a company or owns it: their company may stand behind `of`.
    pub(crate) heads: &'static str,
    /// What else somebody may be in a company. Who reports, invests or studies is none.
    pub(crate) roles: &'static str,
    /// Between a role and the company.
    pub(crate) at: &'static str,
    /// The same where it may be a town or a part of the company, too.
    pub(crate) inside: &'static str,
    /// Between a head and the company.
    pub(crate) of: &'static str,
    /// Says, behind what is said.
    pub(crate) says: &'static str,
    /// The last word of what is a part of a company, not one.
    pub(crate) departments: &'static str,
    /// Words that no company's name has: links, labels, kinds of people.
    pub(crate) no_names: &'static str,
    /// Small words within names: `City of Elm`.
    pub(crate) within: &'static str,
    /// Words in which the first person speaks.
    pub(crate) we: &'static str,
    /// Articles before a name.
    pub(crate) article: &'static str,
    /// Before the last of several names.
    pub(crate) and: &'static str,
}

impl CustomerWords {
    /// No word for any customer.
    pub(super) const NONE: Self = Self {
        our: "",
        customers: "",
        adjectives: "",
        include: "",
        introductions: "",
        work_with: "",
        works_with: "",
        companies: "",
        such_as: "",
        aside: "",
        are_customers: "",
        announcements: "",
        stories: "",
        praise: "",
        others: "",
        heads: "",
        roles: "",
        at: "",
        inside: "",
        of: "",
        says: "",
        departments: "",
        no_names: "",
        within: "",
        we: "",
        article: "",
        and: "",
    };
}

/// What a language has in and around the names of organisations.
pub(crate) struct NameWords {
    /// Legal forms, as the last words of a name. One with a capital is written just so: `SpA`, but a spa.
    pub(crate) forms: &'static str,
    /// What stands where a name should be, without blanks and accents.
    pub(crate) placeholders: &'static str,
    /// Parts of a site that its title names beside the organisation: `Acorn Blog`.
    pub(crate) sections: &'static str,
    /// Behind the owner in a copyright line: `all rights`.
    pub(crate) rights: &'static str,
    /// The end of a span of years that goes on: `2010 – today`.
    pub(crate) until: &'static str,
    /// Links that stand right behind the owner in a copyright line.
    pub(crate) notes: &'static str,
    /// In the address of a legal notice.
    pub(crate) imprint: &'static str,
}

impl NameWords {
    /// No word around any name.
    pub(super) const NONE: Self = Self {
        forms: "",
        placeholders: "",
        sections: "",
        rights: "",
        until: "",
        notes: "",
        imprint: "",
    };
}

/// The words of a list; an empty list has none.
pub(crate) fn listed(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split('|').filter(|word| !word.is_empty())
}
