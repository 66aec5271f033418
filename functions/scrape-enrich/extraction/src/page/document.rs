//! A page's markup, read once: its canonical text, the blocks that a reader sees and the structured data beside them.
//!
//! The text is built by appending and everything else points into it, so a quote cannot differ from the page. This is
//! a tokenizer with a small stack of open elements and not a full tree builder: a tree builder's repairs cost
//! quadratic time on hostile markup, and nothing here needs more than "which elements are open". It decides what is
//! visible, never what it means.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use url::Url;

use super::graph::{self, Graph, Value};
use super::text::{is_invisible, Span, LONGEST_NAME};
use crate::effort::Effort;
use crate::markup::{tokenize, ENOUGH};
use crate::slice::cut;

/// Elements nested deeper than this are read as if their tags were not there; browsers stop at 512, too.
const DEEPEST: usize = 512;

/// Bytes of visible text. The open company pages have up to a tenth of it.
const LONGEST_TEXT: usize = 500_000;

/// Lines and paragraphs. The open company pages have up to a twelfth of it.
const MOST_BLOCKS: usize = 20_000;

/// `<meta>` elements with a name. The open company pages have up to a tenth of it.
const MOST_METAS: usize = 500;

/// Images with a text of their own. The open company pages have up to a third of it.
const MOST_IMAGES: usize = 500;

/// Bytes of such a text that may be a name; longer ones describe a picture.
const LONGEST_ALTERNATIVE: usize = 100;

/// Script blocks of JSON-LD. The open company pages have up to a quarter of it.
const MOST_SCRIPTS: usize = 200;

/// Bytes of a title; longer ones are texts.
const LONGEST_TITLE: usize = 1_000;

/// Bytes of a style or of a list of classes that say something about the element.
const LONGEST_STYLE: usize = 2_000;

/// A page's text with what its markup says about parts of it. Spans are bytes of [`Document::text`].
#[derive(Debug, Default)]
pub struct Document {
    text: String,
    visible_end: usize,
    /// What a reader sees, in order, one entry for each line or paragraph.
    pub(crate) blocks: Vec<Block>,
    /// The `<title>`.
    pub(crate) title: Option<Span>,
    /// `<meta>` elements: lower-case name or property, and the content.
    pub(crate) metas: Vec<(String, Span)>,
    /// Images that have a short text of their own, in order.
    pub(crate) images: Vec<Image>,
    /// The canonical link's address as written.
    pub(crate) canonical: Option<Span>,
    /// JSON-LD, microdata and RDFa Lite.
    pub(crate) graph: Graph,
    /// Scripts with code to run, as opposed to data.
    pub(crate) scripts: usize,
    /// The page goes on behind a limit: what was not read may contradict what was.
    pub(crate) cut_short: bool,
}

/// A run of visible text between two block boundaries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) span: Span,
    /// 1 to 6 for a heading.
    pub(crate) heading: Option<u8>,
    pub(crate) zone: Zone,
    /// Inside `<address>`.
    pub(crate) address: bool,
    /// Inside `<article>`.
    pub(crate) article: bool,
    /// Inside `<blockquote>` or `<q>`.
    pub(crate) quoted: bool,
    /// Which row of a table, or which term with its definitions, if any.
    pub(crate) row: Option<usize>,
}

/// An image that is shown, by the text that stands for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Image {
    pub(crate) span: Span,
    /// So many blocks end before it.
    pub(crate) behind: usize,
}

/// The part of the page that a block stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Zone {
    #[default]
    Body,
    Header,
    Navigation,
    Footer,
}

impl Document {
    pub(crate) fn parse(html: &str, effort: &Effort) -> Self {
        let sink = Sink(RefCell::new(Reader::new(effort)));
        let (sink, whole) = tokenize(html, sink, effort);
        let mut document = sink.0.into_inner().finish();
        document.cut_short |= !whole;
        document
    }

    /// The canonical text: visible text, then structured strings, entities and escapes decoded, white space collapsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every stretch of the text that something is known of, in bytes, for tests that ask whether it is one.
    pub fn spans(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let values = self.graph.nodes.iter().flat_map(|node| &node.values);
        let values = values.filter_map(|(_, value)| match value {
            Value::Text(span) => Some(*span),
            Value::Node(_) => None,
        });
        (self.blocks.iter().map(|block| block.span))
            .chain(self.title)
            .chain(self.canonical)
            .chain(self.metas.iter().map(|(_, span)| *span))
            .chain(self.images.iter().map(|image| image.span))
            .chain(values)
            .map(|span| span.start..span.end)
    }

    /// The part of the text that a reader of the page sees.
    pub(crate) fn visible(&self) -> &str {
        cut(&self.text, ..self.visible_end)
    }

    pub(crate) fn slice(&self, span: Span) -> &str {
        cut(&self.text, span.start..span.end)
    }

    /// First content of a `<meta>` with one of the names, in the order of the names.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<Span> {
        names.iter().find_map(|name| {
            self.metas
                .iter()
                .find(|(key, span)| key == name && span.start < span.end)
                .map(|(_, span)| *span)
        })
    }

    /// Where the page says that it lives: its canonical link, else og:url. Only absolute http(s) addresses count.
    pub fn address(&self) -> Option<Url> {
        self.canonical
            .into_iter()
            .chain(self.meta(&["og:url"]))
            .filter_map(|span| Url::parse(self.slice(span)).ok())
            .find(|url| matches!(url.scheme(), "http" | "https") && url.domain().is_some())
    }
}

struct Sink<'e>(RefCell<Reader<'e>>);

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => return reader.open(&tag),
                TagKind::EndTag => reader.close(short_name(&tag.name)),
            },
            Token::CharacterTokens(text) => reader.characters(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.borrow().top().foreign
    }
}

/// What an open element means for the text inside it.
#[derive(Debug, Default)]
struct Open {
    name: String,
    hidden: bool,
    /// Hidden, and its place shows: what stands before is not joined with what follows.
    struck: bool,
    foreign: bool,
    heading: Option<u8>,
    zone: Zone,
    address: bool,
    article: bool,
    quoted: bool,
    id: Option<String>,
    row: Option<usize>,
    /// The microdata item whose properties stand inside.
    scope: Option<usize>,
    /// The element that began this scope, to end it.
    captures: usize,
}

/// Text that shows only in its whole whether it is said: a footnote's mark, or the number at which a counter starts.
struct Doubt {
    /// So many elements are open while it may go on.
    depth: usize,
    /// The number that a script will count to; none for a footnote's mark.
    counts_to: Option<f64>,
    text: String,
}

/// Bytes of a footnote's mark or of a number; more is text.
const LONGEST_DOUBT: usize = 24;

/// Text that is being collected for something other than the page itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Title,
    JsonLd,
    Dropped,
}

struct Reader<'e> {
    effort: &'e Effort,
    document: Document,
    /// What is open where nothing is.
    outside: Open,
    stack: Vec<Open>,
    /// How many elements of a name are open, so that a stray end tag costs nothing.
    open: HashMap<String, usize>,
    raw: Option<(Raw, String)>,
    doubt: Option<Doubt>,
    block_start: usize,
    space: bool,
    /// Rows of tables and terms so far.
    rows: usize,
    /// Structured strings wait here until the visible text is complete.
    title: Option<String>,
    metas: Vec<(String, String)>,
    images: Vec<(usize, String)>,
    canonical: Option<String>,
    json: Vec<String>,
    items: graph::Items,
}

/// What a look at an open element costs, and all looks at an attribute, in steps.
const LOOK: u64 = 30;
const ATTRIBUTE: u64 = 150;

/// Elements around a property that may have the id by which an item elsewhere refers to it.
const NEAR: usize = 20;

impl<'e> Reader<'e> {
    fn new(effort: &'e Effort) -> Self {
        Self {
            effort,
            document: Document::default(),
            outside: Open::default(),
            stack: Vec::new(),
            open: HashMap::new(),
            raw: None,
            doubt: None,
            block_start: 0,
            space: false,
            rows: 0,
            title: None,
            metas: Vec::new(),
            images: Vec::new(),
            canonical: None,
            json: Vec::new(),
            items: graph::Items::default(),
        }
    }

    fn top(&self) -> &Open {
        self.stack.last().unwrap_or(&self.outside)
    }

    /// An element inside the one that is open, as long as its own tag says nothing else.
    fn inside(&self, name: &str) -> Open {
        let top = self.top();
        Open {
            name: name.to_owned(),
            hidden: top.hidden,
            struck: top.struck,
            foreign: top.foreign,
            heading: top.heading,
            zone: top.zone,
            address: top.address,
            article: top.article,
            quoted: top.quoted,
            id: None,
            row: top.row,
            scope: top.scope,
            captures: 0,
        }
    }

    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        if self.document.cut_short || !self.effort.spend(tag.attrs.len(), ATTRIBUTE) {
            self.document.cut_short = true;
            return ENOUGH;
        }
        let name = short_name(&tag.name);
        let foreign = self.top().foreign;
        if !foreign {
            self.imply_ends(name);
        }
        if is_block(name) {
            self.end_block();
        }
        let attribute = |wanted: &str| {
            tag.attrs
                .iter()
                .find(|a| &*a.name.local == wanted)
                .map(|a| &*a.value)
        };
        match name {
            "meta" => self.meta(attribute),
            "img" => self.image(attribute),
            "link"
                if self.canonical.is_none()
                    && attribute("rel")
                        .is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
            {
                self.canonical = attribute("href").map(str::to_owned);
            }
            _ => {}
        }
        let scope = self.top().scope;
        let mut inside = self.inside(name);
        self.microdata(name, attribute, scope, &mut inside);
        if VOID.contains(&name) || (foreign && tag.self_closing) {
            self.end_captures(inside.captures);
            return TokenSinkResult::Continue;
        }
        inside.struck |= is_struck(name, attribute);
        inside.hidden |= inside.struck;
        inside.hidden |= NEVER_SHOWN.contains(&name) && attribute("shadowrootmode").is_none()
            || is_hidden(name, attribute);
        inside.foreign |= matches!(name, "svg" | "math");
        inside.article |= matches!(name, "article");
        inside.address |= name == "address";
        inside.quoted |= matches!(name, "blockquote" | "q");
        match name {
            "tr" | "dt" => {
                self.rows += 1;
                inside.row = Some(self.rows);
            }
            "dd" => inside.row = Some(self.rows),
            _ => {}
        }
        inside.heading = heading_level(name, attribute).or(inside.heading);
        inside.zone = zone(name, attribute, inside.article, inside.zone);
        let foreign = inside.foreign;
        if self.stack.len() < DEEPEST {
            self.begin_doubt(tag, &inside);
            *self.open.entry(inside.name.clone()).or_default() += 1;
            self.stack.push(inside);
        } else {
            self.end_captures(inside.captures);
            if let Some(top) = self.stack.last_mut() {
                // Nothing that should be hidden may show because its own tag was too deep to be kept.
                top.hidden |= inside.hidden;
            }
        }
        if foreign {
            return TokenSinkResult::Continue;
        }
        match name {
            "script" => {
                let kind = attribute("type").unwrap_or_default().to_ascii_lowercase();
                let raw = if !kind.contains("ld+json") {
                    self.document.scripts += 1;
                    Raw::Dropped
                } else if self.json.len() < MOST_SCRIPTS {
                    Raw::JsonLd
                } else {
                    self.document.cut_short = true;
                    Raw::Dropped
                };
                self.raw = Some((raw, String::new()));
                TokenSinkResult::RawData(RawKind::ScriptData)
            }
            "style" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp" => {
                self.raw = Some((Raw::Dropped, String::new()));
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" => {
                self.raw = Some((Raw::Title, String::new()));
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            "textarea" => {
                self.raw = Some((Raw::Dropped, String::new()));
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn meta<'a>(&mut self, attribute: impl Fn(&str) -> Option<&'a str>) {
        let Some(content) = attribute("content") else {
            return;
        };
        for key in ["property", "name"] {
            let key = attribute(key).filter(|key| key.len() <= LONGEST_NAME);
            if let Some(key) = key.filter(|_| self.metas.len() < MOST_METAS) {
                self.metas
                    .push((key.trim().to_ascii_lowercase(), content.to_owned()));
            }
        }
    }

    /// An image in the body of the page. Its text is a structured string: no reader sees it.
    fn image<'a>(&mut self, attribute: impl Fn(&str) -> Option<&'a str>) {
        let top = self.top();
        let shown = !top.hidden && !is_hidden("img", &attribute) && top.zone == Zone::Body;
        let text = attribute("alt").filter(|text| text.len() <= LONGEST_ALTERNATIVE);
        let text = text.filter(|text| !text.trim().is_empty());
        if let Some(text) = text.filter(|_| shown && self.images.len() < MOST_IMAGES) {
            self.images
                .push((self.document.blocks.len(), text.to_owned()));
        }
    }

    /// itemscope, itemprop and their RDFa Lite twins typeof and property.
    fn microdata<'a>(
        &mut self,
        name: &str,
        attribute: impl Fn(&str) -> Option<&'a str>,
        scope: Option<usize>,
        inside: &mut Open,
    ) {
        let types = attribute("itemtype").or_else(|| attribute("typeof"));
        let begins = attribute("itemscope").is_some() || attribute("typeof").is_some();
        let property = attribute("itemprop")
            .or_else(|| attribute("property").filter(|_| scope.is_some() && name != "meta"));
        let property = property
            .and_then(|names| names.split_whitespace().next())
            .filter(|name| name.len() <= LONGEST_NAME);
        inside.id = attribute("id")
            .filter(|id| id.len() <= LONGEST_NAME)
            .map(str::to_owned);
        let scope = match (scope, property) {
            (None, Some(_)) => self.items.loose(self.ids_around(inside)),
            (scope, _) => scope,
        };
        if begins {
            let parent = scope.zip(property.map(local_name));
            let refers = attribute("itemref").unwrap_or_default();
            let types = types.unwrap_or_default();
            inside.scope = self.items.begin(types, refers, parent);
        } else if let Some((scope, property)) = scope.zip(property) {
            let value = ["content", "datetime", "href", "src"]
                .iter()
                .find_map(|key| attribute(key));
            match value {
                Some(value) => self.items.value(scope, local_name(property), value),
                None if !self.top().hidden && !is_hidden(name, attribute) => {
                    self.items.capture(scope, local_name(property));
                    inside.captures = 1;
                }
                None => {}
            }
        }
    }

    /// The ids of an element and of the few around it, innermost first.
    fn ids_around(&self, inside: &Open) -> Vec<String> {
        let around = self.stack.iter().rev().take(NEAR);
        self.effort.spend(self.stack.len().min(NEAR), LOOK);
        let ids = around.filter_map(|open| open.id.clone());
        inside.id.clone().into_iter().chain(ids).collect()
    }

    fn end_captures(&mut self, count: usize) {
        for _ in 0..count {
            self.items.end_capture();
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((raw, text)) = self.raw.take() {
            match raw {
                Raw::Title => {
                    self.title.get_or_insert(text);
                }
                Raw::JsonLd => self.json.push(text),
                Raw::Dropped => {}
            }
        }
        if is_block(name) {
            self.end_block();
        }
        if self.open.get(name).copied().unwrap_or(0) == 0 {
            return;
        }
        let mut looks = 0;
        let special = is_block(name);
        let position = self
            .stack
            .iter()
            .enumerate()
            .rev()
            .inspect(|_| looks += 1)
            .take_while(|(_, open)| {
                open.name == name
                    || if special {
                        TABLE_PARTS.contains(&name) || !SCOPE_ENDS.contains(&open.name.as_str())
                    } else {
                        !is_block(&open.name)
                    }
            })
            .find(|(_, open)| open.name == name)
            .map(|(position, _)| position);
        // Few enough to be paid for afterwards; if they cannot be, the next tag is not read.
        self.effort.spend(looks, LOOK);
        if let Some(position) = position {
            self.pop_to(position);
        }
    }

    fn pop_to(&mut self, length: usize) {
        if self
            .doubt
            .as_ref()
            .is_some_and(|doubt| doubt.depth > length)
        {
            self.settle_doubt();
        }
        while self.stack.len() > length {
            if let Some(open) = self.stack.pop() {
                match self.open.get_mut(&open.name) {
                    Some(count) if *count > 1 => *count -= 1,
                    _ => drop(self.open.remove(&open.name)),
                }
                self.end_captures(open.captures);
            }
        }
    }

    /// Elements that the next start tag closes although nobody wrote their end tag.
    fn imply_ends(&mut self, name: &str) {
        let (closed, stop): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["td", "th", "tr"], &["table"]),
            "tbody" | "tfoot" | "thead" => (&TABLE_ROWS, &["table"]),
            "option" => (&["option"], &["select", "datalist"]),
            _ if is_block(name) && !CLOSES_NO_PARAGRAPH.contains(&name) => (&["p"], &["button"]),
            _ => return,
        };
        if closed
            .iter()
            .all(|name| self.open.get(*name).copied().unwrap_or(0) == 0)
        {
            return;
        }
        let mut looks = 0;
        // A wrongly nested page may need more than 64, but then it costs no more than a missing line break.
        let position = self
            .stack
            .iter()
            .enumerate()
            .rev()
            .take(64)
            .inspect(|_| looks += 1)
            .take_while(|(_, open)| {
                let name = open.name.as_str();
                closed.contains(&name) || !(stop.contains(&name) || SCOPE_ENDS.contains(&name))
            })
            .filter(|(_, open)| closed.contains(&open.name.as_str()))
            // A row ends with the cell in it; of all others one is open.
            .take(if stop.contains(&"table") {
                closed.len()
            } else {
                1
            })
            .last()
            .map(|(position, _)| position);
        self.effort.spend(looks, LOOK);
        if let Some(position) = position {
            self.end_block();
            self.pop_to(position);
        }
    }

    fn characters(&mut self, text: &str) {
        if let Some((raw, kept)) = &mut self.raw {
            if *raw != Raw::Dropped {
                kept.push_str(text);
            }
            return;
        }
        if self.top().hidden || self.top().foreign {
            self.space |= self.top().struck;
            return;
        }
        let full = self.document.text.len() + text.len() > LONGEST_TEXT
            || self.document.blocks.len() >= MOST_BLOCKS;
        self.document.cut_short |= full;
        if self.document.cut_short {
            return;
        }
        match &mut self.doubt {
            Some(doubt) if doubt.text.len() + text.len() <= LONGEST_DOUBT => {
                doubt.text.push_str(text);
            }
            Some(_) => {
                self.show_doubt();
                self.show(text);
            }
            None => self.show(text),
        }
    }

    /// Text that a reader sees.
    fn show(&mut self, text: &str) {
        self.items.characters(text);
        for (position, word) in text.split(char::is_whitespace).enumerate() {
            self.space |= position > 0;
            let mut letters = word.split(is_invisible).filter(|part| !part.is_empty());
            let Some(first) = letters.next() else {
                continue;
            };
            let out = &mut self.document.text;
            if self.space && out.len() > self.block_start {
                out.push(' ');
            }
            self.space = false;
            out.push_str(first);
            out.extend(letters);
        }
    }

    /// An element may be a footnote's mark, or a counter that stands where its script starts to count.
    fn begin_doubt(&mut self, tag: &Tag, inside: &Open) {
        if self.doubt.is_some() || inside.hidden || inside.foreign {
            return;
        }
        let refers = tag.attrs.iter().any(|attribute| {
            let is_role = matches!(&*attribute.name.local, "role" | "epub:type");
            is_role && attribute.value.ends_with("noteref")
        });
        let mark = refers || matches!(&*tag.name, "sup" | "sub");
        let counts_to = if mark { None } else { goal(tag) };
        if mark || counts_to.is_some() {
            self.doubt = Some(Doubt {
                depth: self.stack.len() + 1,
                counts_to,
                text: String::new(),
            });
        }
    }

    /// Its element ends: only now it shows whether it was text.
    fn settle_doubt(&mut self) {
        let Some(doubt) = self.doubt.take() else {
            return;
        };
        let before = cut(&self.document.text, self.block_start..);
        match doubt.counts_to {
            Some(goal) if number(&doubt.text).is_some_and(|shown| shown < goal) => {}
            Some(_) => self.show(&doubt.text),
            None => match mark(&doubt.text, before) {
                Mark::Note => {}
                Mark::Power => {
                    let power: String = doubt.text.chars().map(superscript).collect();
                    self.show(&power);
                }
                Mark::Text => self.show(&doubt.text),
            },
        }
    }

    fn show_doubt(&mut self) {
        if let Some(doubt) = self.doubt.take() {
            self.show(&doubt.text);
        }
    }

    fn end_block(&mut self) {
        if self
            .doubt
            .as_ref()
            .is_some_and(|doubt| !doubt.text.trim().is_empty())
        {
            self.settle_doubt();
        }
        self.space = false;
        let span = Span {
            start: self.block_start,
            end: self.document.text.len(),
        };
        if span.start == span.end {
            return;
        }
        let top = self.top();
        let block = Block {
            span,
            heading: top.heading,
            zone: top.zone,
            address: top.address,
            article: top.article,
            quoted: top.quoted,
            row: top.row,
        };
        self.document.blocks.push(block);
        self.document.text.push(' ');
        self.block_start = self.document.text.len();
    }

    fn finish(mut self) -> Document {
        self.end_block();
        self.pop_to(0);
        let mut document = self.document;
        if document.text.ends_with(' ') {
            document.text.pop();
        }
        document.visible_end = document.text.len();
        let mut append = |value: &str| append(&mut document.text, value);
        let title = self.title.filter(|title| title.len() <= LONGEST_TITLE);
        document.title = title.as_deref().map(&mut append);
        document.canonical = self.canonical.as_deref().map(&mut append);
        document.metas = self
            .metas
            .into_iter()
            .map(|(key, content)| (key, append(&content)))
            .collect();
        let images = self.images.into_iter();
        document.images = images
            .map(|(behind, text)| Image {
                span: append(&text),
                behind,
            })
            .collect();
        let mut whole = true;
        for json in &self.json {
            whole &= document.graph.read_json(json, self.effort, &mut append);
        }
        whole &= document.graph.read_items(self.items, &mut append);
        document.graph.index(&document.text);
        document.cut_short |= !whole;
        document
    }
}

/// Puts a structured string behind the text, one space between, white space collapsed.
fn append(text: &mut String, value: &str) -> Span {
    let start = text.len() + usize::from(!text.is_empty());
    for word in value.split_whitespace() {
        let mut letters = word.split(is_invisible).filter(|part| !part.is_empty());
        let Some(beginning) = letters.next() else {
            continue;
        };
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(beginning);
        text.extend(letters);
    }
    let end = text.len();
    Span {
        start: start.min(end),
        end,
    }
}

/// The beginning of a tag's name, which is all of it for every tag that means something.
fn short_name(name: &str) -> &str {
    cut(name, ..LONGEST_NAME)
}

/// `http://schema.org/name`, `schema:name` → `name`.
fn local_name(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

const VOID: [&str; 16] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
    "link", "meta", "source", "track", "wbr",
];

/// Never part of what a reader sees, or, like the choices of a list, not said by the page's owner.
const NEVER_SHOWN: [&str; 15] = [
    "audio", "canvas", "datalist", "iframe", "noembed", "noframes", "noscript", "object", "option",
    "script", "style", "template", "textarea", "title", "video",
];

const SCOPE_ENDS: [&str; 9] = [
    "applet", "caption", "html", "marquee", "object", "table", "td", "template", "th",
];

const TABLE_PARTS: [&str; 8] = [
    "caption", "html", "table", "tbody", "td", "tfoot", "th", "tr",
];

/// What a further part of a table closes.
const TABLE_ROWS: [&str; 6] = ["td", "th", "tr", "tbody", "tfoot", "thead"];

const CLOSES_NO_PARAGRAPH: [&str; 14] = [
    "body", "br", "button", "caption", "html", "label", "legend", "select", "tbody", "td", "tfoot",
    "th", "thead", "tr",
];

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "label"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

fn heading_level<'a>(name: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ if attribute("role") == Some("heading") => Some(
            attribute("aria-level")
                .and_then(|level| level.parse().ok())
                .unwrap_or(2),
        ),
        _ => None,
    }
}

/// An inner element never leaves the footer that it stands in; an article's own header and footer are not the page's.
fn zone<'a>(
    name: &str,
    attribute: impl Fn(&str) -> Option<&'a str>,
    article: bool,
    outer: Zone,
) -> Zone {
    if outer == Zone::Footer || article {
        return outer;
    }
    let role = attribute("role").unwrap_or_default();
    let labelled = |word: &str| {
        ["id", "class"].iter().any(|key| {
            let value = attribute(key).map(|value| cut(value, ..LONGEST_STYLE));
            value.is_some_and(|value| {
                value.split_whitespace().any(|label| {
                    let label = label.to_ascii_lowercase();
                    label.contains(word)
                        && ![
                            "entry", "post", "card", "modal", "dialog", "item", "pre-", "sticky",
                        ]
                        .iter()
                        .any(|part| label.contains(part))
                })
            })
        })
    };
    match name {
        "footer" => Zone::Footer,
        _ if role == "contentinfo" => Zone::Footer,
        "div" | "section" | "aside" | "table" if labelled("footer") => Zone::Footer,
        "nav" => Zone::Navigation,
        _ if role == "navigation" => Zone::Navigation,
        "header" => Zone::Header,
        _ if role == "banner" => Zone::Header,
        _ => outer,
    }
}

/// Taken back by the page's owner: it shows, and is not said.
fn is_struck<'a>(name: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> bool {
    let style = attribute("style").map(|style| cut(style, ..LONGEST_STYLE));
    matches!(name, "del" | "s" | "strike")
        || style.is_some_and(|style| style.to_ascii_lowercase().contains("line-through"))
}

/// Hidden by its own attributes. `aria-hidden` alone hides from screen readers, not from eyes: it counts only on the
/// small elements that carry icons.
fn is_hidden<'a>(name: &str, attribute: impl Fn(&str) -> Option<&'a str>) -> bool {
    if attribute("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found")) {
        return true;
    }
    if attribute("aria-hidden") == Some("true") && matches!(name, "i" | "span" | "svg") {
        return true;
    }
    if name == "dialog" && attribute("open").is_none() {
        return true;
    }
    attribute("style").is_some_and(|style| {
        let style: String = cut(style, ..LONGEST_STYLE)
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase();
        style.split(';').any(|rule| {
            let rule = rule.trim_end_matches("!important");
            match rule.split_once(':') {
                Some(("display", value)) => value == "none",
                Some(("visibility", value)) => value == "hidden" || value == "collapse",
                Some(("content-visibility", value)) => value == "hidden",
                Some(("opacity", value)) => value.parse() == Ok(0.0),
                Some(("font-size", value)) => {
                    value
                        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%')
                        .parse()
                        .is_ok_and(|size: f64| size < 2.0)
                        && !value.ends_with("em")
                        || value.trim_start_matches(['0', '.']).is_empty()
                }
                Some(("left" | "top" | "right" | "text-indent" | "margin-left", value)) => value
                    .strip_prefix('-')
                    .and_then(|value| value.strip_suffix("px").or(value.strip_suffix("em")))
                    .and_then(|value| value.parse::<f64>().ok())
                    .is_some_and(|distance| distance >= 900.0),
                Some(("clip", value)) => value.starts_with("rect(0"),
                Some(("clip-path", value)) => {
                    matches!(value, "inset(50%)" | "inset(100%)" | "circle(0)")
                }
                _ => false,
            }
        })
    })
}

/// A number as far as counters show one: digits with marks between the thousands and behind.
fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches(['+', '%', 'k', 'K', 'M']);
    let thousands = |mark| {
        text.rsplit_once(mark)
            .is_some_and(|(_, last)| last.len() == 3)
    };
    let marks: Vec<char> = ['.', ',', '\'', '’', ' ', '\u{a0}', '\u{202f}']
        .into_iter()
        .filter(|mark| thousands(*mark))
        .collect();
    let digits: String = text.chars().filter(|c| !marks.contains(c)).collect();
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// What a script will count to, if one will: a number in an attribute of data.
fn goal(tag: &Tag) -> Option<f64> {
    let mut data = tag.attrs.iter();
    data.by_ref()
        .filter(|attribute| attribute.name.local.starts_with("data-"))
        .filter(|attribute| attribute.value.len() <= LONGEST_DOUBT)
        .filter_map(|attribute| number(&attribute.value))
        .reduce(f64::max)
}

/// What raised or lowered text is.
enum Mark {
    /// It refers to a footnote.
    Note,
    /// The six of a million written as a power of ten.
    Power,
    Text,
}

/// A reference is a figure or two or a mark behind a word or a figure. What squares a unit or counts the atoms of a
/// formula belongs to what it stands behind.
fn mark(text: &str, before: &str) -> Mark {
    let text = text.trim();
    let bare = text.trim_matches(['[', ']', '(', ')']);
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let is_mark = |c: char| {
        c.is_ascii_digit() || matches!(c, '*' | '†' | '‡' | '§' | '¶' | ',' | ' ' | '–' | '-')
    };
    if bare.is_empty() || digits > 4 || !bare.chars().all(is_mark) {
        return Mark::Text;
    }
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next();
    let word = word.unwrap_or_default();
    let is_unit = word.chars().count() <= 2 && word.chars().any(char::is_alphabetic);
    if matches!(text, "2" | "3") && is_unit {
        Mark::Text
    } else if digits == text.len() && word == "10" {
        Mark::Power
    } else {
        Mark::Note
    }
}

fn superscript(digit: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let place = digit
        .to_digit(10)
        .and_then(|digit| RAISED.get(digit as usize));
    place.copied().unwrap_or(digit)
}

/// The text of a structured value.
impl Document {
    pub(crate) fn value_text(&self, value: &Value) -> Option<&str> {
        match value {
            Value::Text(span) => Some(self.slice(*span)),
            Value::Node(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn parse(html: &str) -> Document {
        Document::parse(html, &Effort::for_page())
    }

    #[track_caller]
    fn check(html: &str, visible: &str) {
        assert_eq!(parse(html).visible(), visible, "{html}");
    }

    #[test]
    fn text_is_what_a_reader_sees_with_white_space_collapsed() {
        check("<p>One\n\t two&nbsp;three<br>four", "One two three four");
        check("<b>bo</b>ld &amp; <i>it</i>alic", "bold & italic");
        check(
            "<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>",
            "a b c d",
        );
        check("<p>caf&eacute; 5&#8239;000&thinsp;€", "café 5 000 €");
        check("", "");
        check("no tags at all", "no tags at all");
    }

    #[test]
    fn hidden_text_is_no_text() {
        check(
            "<p>a<!-- b --><script>c</script><style>d</style><noscript>e</noscript>f",
            "af",
        );
        check("<template>a</template><div hidden>b</div>c", "c");
        check(
            "<div style='DISPLAY : none !important'>a<p>b</p></div>c",
            "c",
        );
        check(
            "<p style='font-size:0'>a</p><p style='text-indent:-9999px'>b</p>c",
            "c",
        );
        check("<select><option>Germany<option>France</select>c", "c");
        check("<svg><title>logo</title><text>a</text></svg>b", "b");
        check(
            "<i aria-hidden=true>x</i><main aria-hidden=true>y</main>",
            "y",
        );
        check("<textarea>a</textarea><dialog>b</dialog>c", "c");
    }

    #[test]
    fn what_is_struck_out_is_not_said() {
        check("<p>now <del>12</del><ins>15</ins> boats", "now 15 boats");
        check("<p>1<s>2</s>3 and 4<strike>5</strike>", "1 3 and 4");
        check(
            "<p><span style='color:red; TEXT-DECORATION: line-through'>12</span>15",
            "15",
        );
        check("<p><ins>15</ins> <u>boats</u>", "15 boats");
    }

    #[test]
    fn marks_of_footnotes_are_no_part_of_a_number() {
        for mark in [
            "<sup>1</sup>",
            "<sup>[12]</sup>",
            "<sup><a href='#n1'>3</a></sup>",
            "<sub>2</sub>",
            "<sup>*</sup>",
            "<sup>1, 2</sup>",
            "<a role=doc-noteref href='#n'>4</a>",
        ] {
            check(&format!("<p>We own 35{mark} boats"), "We own 35 boats");
            check(&format!("<p>Boats{mark}: 35"), "Boats: 35");
        }
        check("<p>40 m<sup>2</sup> of CO<sub>2</sub>", "40 m2 of CO2");
        check("<p>10<sup>6</sup> nails", "10⁶ nails");
        check(
            "<p>the 21<sup>st</sup>, Acorn<sup>®</sup>",
            "the 21st, Acorn®",
        );
        check(
            "<p><sup>a long remark that is raised</sup>",
            "a long remark that is raised",
        );
        check("<p>a <sup>1<p>b", "a b");
    }

    #[test]
    fn a_counter_that_has_not_run_says_nothing() {
        for counter in [
            "<span data-count=35>0</span>",
            "<b class=c data-to='1,200' data-time=2000>35</b>",
            "<span data-end-value='12.500'><i>1</i></span>",
            "<div data-number=35>0</div>",
            "<div data-number=35><p>0</p></div>",
        ] {
            check(&format!("<p>over</p>{counter}<p>boats"), "over boats");
        }
        check("<p data-year=2024>35 boats", "35 boats");
        check("<p><span data-count=35>35</span> boats", "35 boats");
        check(
            "<p><span data-count='1200'>1,200+</span> boats",
            "1,200+ boats",
        );
        check("<p><span data-id=a7>35</span> boats", "35 boats");
    }

    #[test]
    fn characters_that_nobody_sees_are_none() {
        check(
            "<p>Ge&shy;sell&shy;schaft, zero&#8203;width&zwnj;&#xfeff; \u{200e}left &#8203; right",
            "Gesellschaft, zerowidth left right",
        );
        let document = parse("<title>Ei&shy;chel &#8203;</title><p>a");
        assert_eq!(document.text(), "a Eichel");
    }

    #[test]
    fn cells_and_terms_know_their_row() {
        let rows = |html: &str| {
            let document = parse(html);
            let rows = document.blocks.iter().map(|block| block.row.unwrap_or(0));
            rows.collect::<Vec<usize>>()
        };
        for table in [
            "<table><tr><th>Boats</th><td>35</td></tr><tr><th>Sails</th><td>7</td></tr></table>",
            "<table><tr><th>Boats<td>35<tr><th>Sails<td>7</table>",
            "<table><thead><tr><th>Boats<td>35<tbody><tr><th>Sails<td>7</table>",
            "<dl><dt>Boats<dd>35<dt>Sails<dd>7</dl>",
        ] {
            assert_eq!(
                rows(&format!("<p>a{table}<p>b")),
                [0, 1, 1, 2, 2, 0],
                "{table}"
            );
        }
    }

    #[test]
    fn wrong_nesting_does_not_uncover_hidden_text() {
        check("<div hidden><b>a</div>b", "b");
        check("<b><div hidden></b>a</div>b", "b");
        check("<span hidden><p>a</span>b", "");
        check("<div hidden><p>a", "");
        check("</div></b></table>a", "a");
        check("<p hidden>a<p>b", "b");
        check("<ul><li hidden>a<li>b</ul>", "b");
    }

    #[test]
    fn blocks_know_where_they_stand() {
        let document = parse(
            "<nav>menu</nav><h2>Title</h2><article><p>news</p><footer>by</footer></article>\
             <div class='site-footer'><address>Elm</address></div>",
        );
        let shown: Vec<_> = document
            .blocks
            .iter()
            .map(|block| {
                (
                    document.slice(block.span),
                    block.zone,
                    block.heading,
                    block.address,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("menu", Zone::Navigation, None, false),
                ("Title", Zone::Body, Some(2), false),
                ("news", Zone::Body, None, false),
                ("by", Zone::Body, None, false),
                ("Elm", Zone::Footer, None, true),
            ]
        );
    }

    #[test]
    fn structured_strings_stand_behind_the_visible_text() {
        let document = parse(
            "<title>T &amp; U</title><meta name=description content='about  us'>\
             <script type='application/ld+json'>{\"name\": \"A\\u00e9 &amp; B\", \"age\": 7}</script>\
             <p itemscope itemtype='https://schema.org/Organization'><span itemprop=name>Acorn</span></p>",
        );
        assert_eq!(document.text(), "Acorn T & U about us Aé & B 7 Acorn");
        let types: Vec<_> = document
            .graph
            .nodes
            .iter()
            .map(|node| &node.types)
            .collect();
        assert_eq!(
            types,
            [&Vec::<String>::new(), &vec!["Organization".to_owned()]]
        );
    }

    #[test]
    fn an_item_has_the_properties_that_it_refers_to() {
        let item = "<div itemscope itemtype='https://schema.org/Organization' itemref='a b'>\
                    <i itemprop=name>Elm Mill</i></div>";
        let rest = "<div id=x><p id=a><b itemprop=telephone>1</b></p></div>\
                    <p id=b itemprop=address itemscope><i itemprop=addressLocality>Ulm</i></p>\
                    <p id=c itemprop=name>Oak</p>";
        for html in [format!("{item}{rest}"), format!("{rest}{item}")] {
            let document = parse(&html);
            let own = document
                .graph
                .nodes
                .iter()
                .position(|node| !node.types.is_empty());
            let own = own.unwrap();
            let said = |node, name| {
                document
                    .graph
                    .text(node, name)
                    .map(|span| document.slice(span))
            };
            assert_eq!(said(own, "name"), Some("Elm Mill"));
            assert_eq!(said(own, "telephone"), Some("1"));
            let address = document
                .graph
                .values(own, "address")
                .find_map(|value| match value {
                    Value::Node(node) => Some(*node),
                    Value::Text(_) => None,
                });
            assert_eq!(
                said(address.unwrap(), "addressLocality"),
                Some("Ulm"),
                "{html}"
            );
        }
    }

    #[test]
    fn the_address_of_a_page_is_absolute() {
        let address = |html: &str| parse(html).address().map(String::from);
        assert_eq!(
            address("<link rel=canonical href='/x'><meta property='og:url' content='https://acorn.example/y'>"),
            Some("https://acorn.example/y".to_owned())
        );
        assert_eq!(address("<link rel=canonical href='javascript:x'>"), None);
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        let many = 100_000;
        let started = Instant::now();
        for (open, close) in [
            ("<div>", "</div>"),
            ("<b>", "</b>"),
            ("<p><b id=x>", ""),
            ("<span>", "</p>"),
            ("<li><i>", "</span>"),
            ("<div itemscope><i itemprop=a>", ""),
            ("<table><tr><td>", "</td>"),
            ("<table><tr><td colspan=1000><td>", ""),
            ("<dl><dt><dd>", ""),
            ("<p id=a itemprop=b>", ""),
            ("<p id=a itemprop=b itemscope itemref=a>", "</p>"),
            ("<sup>", "</sup>"),
            ("<b data-a=1>", "</b>"),
        ] {
            let html = format!("{}text{}", open.repeat(many), close.repeat(many));
            assert!(parse(&html).visible().ends_with("text"));
        }
        let brackets = format!(
            "<script type=application/ld+json>{}</script>",
            "[{\"a\":".repeat(many)
        );
        assert_eq!(parse(&brackets).visible(), "");
        // Seconds are for a slow machine without optimisation; quadratic cost would be hours.
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
