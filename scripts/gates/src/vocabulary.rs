//! Makes the vocabulary that skill-map is compiled with, out of the open data and the bridge.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context};
use serde::Deserialize;
use skill_map::vocabulary::{Skill, BLOCK, FORMAT, HEADER, INDEX_SECTIONS, SECTIONS, WEIGHT_PARTS};
use skill_map::words::{stems, Language};

/// Words that can stand for one word, at most.
const MOST_LINKS: usize = 12;

/// Parts of a German compound have at least so many letters.
const SHORTEST_PART: usize = 4;

/// The source of what are products; they come after all others.
const PRODUCTS: &str = "ONET_TECH";

/// Where the vocabulary stands in the workspace.
const VOCABULARY: &str = "functions/skill-map/vocabulary/vocabulary.bin";

/// Outcomes and the skills that they ask for. It stands here and not beside the vocabulary, where it would be stored with
/// the function, which does not read it.
const BRIDGE: &str = include_str!("vocabulary/bridge.csv");

/// Writes the vocabulary of these data into the workspace.
pub(super) fn write(folder: &Path, workspace: &Path) -> anyhow::Result<()> {
    let source = Source::read(folder)?;
    let bytes = build(&source, &bridge()?)?;
    let file = workspace.join(VOCABULARY);
    fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
    println!(
        "{}: {} skills, {} bytes",
        file.display(),
        source.skills.len(),
        bytes.len()
    );
    Ok(())
}

/// One line of skills.csv.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct SkillLine {
    #[serde(deserialize_with = "number")]
    pub(super) id: Skill,
    pub(super) source: String,
    pub(super) label: String,
    #[serde(deserialize_with = "piped")]
    pub(super) aliases: Vec<String>,
}

/// The open data.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) skills: Vec<SkillLine>,
    german: HashMap<Skill, Vec<String>>,
}

/// What an outcome asks for: a skill, and words in which titles name the outcome.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Bridge {
    #[serde(deserialize_with = "number")]
    skill: Skill,
    language: Language,
    /// What the skill is called, for who reads the file; it is held against the vocabulary.
    label: String,
    #[serde(deserialize_with = "piped")]
    outcomes: Vec<String>,
}

impl Source {
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join("skills.csv");
        let mut lines =
            csv::Reader::from_path(&file).with_context(|| file.display().to_string())?;
        let skills: Result<Vec<SkillLine>, _> = lines.deserialize().collect();
        let skills = skills.with_context(|| file.display().to_string())?;
        let file = folder.join("labels_de.json");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let german: HashMap<String, Vec<String>> =
            serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        let german = german.into_iter();
        let german = german
            .filter_map(|(id, labels)| Some((Skill::parse(&id)?, labels)))
            .collect();
        Ok(Self { skills, german })
    }
}

/// The bridge from outcomes to skills.
pub(super) fn bridge() -> anyhow::Result<Vec<Bridge>> {
    let mut lines = csv::Reader::from_reader(BRIDGE.as_bytes());
    let lines: Result<_, _> = lines.deserialize().collect();
    lines.context("bridge.csv")
}

fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Skill, D::Error> {
    let id = String::deserialize(deserializer)?;
    Skill::parse(&id).ok_or_else(|| serde::de::Error::custom(format!("{id} is no id of a skill")))
}

fn piped<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parts = text
        .split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty());
    Ok(parts.map(str::to_owned).collect())
}

/// The bytes of a vocabulary; `skill_map::vocabulary` says what they are.
///
/// # Errors
/// For a bridge that leads to no skill or names it otherwise.
pub(super) fn build(source: &Source, bridge: &[Bridge]) -> anyhow::Result<Vec<u8>> {
    let size = source
        .skills
        .iter()
        .map(|line| usize::from(line.id.0) + 1)
        .max()
        .unwrap_or(0);
    let mut labels = [vec![String::new(); size], vec![String::new(); size]];
    let mut names = [vec![Vec::<String>::new(); size], vec![Vec::new(); size]];
    for line in &source.skills {
        let place = usize::from(line.id.0);
        let german = source.german.get(&line.id);
        labels[0][place].clone_from(&line.label);
        labels[1][place] = german
            .and_then(|german| german.first())
            .cloned()
            .unwrap_or_default();
        names[0][place] = std::iter::once(&line.label)
            .chain(&line.aliases)
            .cloned()
            .collect();
        names[1][place] = german.cloned().unwrap_or_default();
    }
    for line in bridge {
        let place = usize::from(line.skill.0);
        let is_named = labels[0].get(place) == Some(&line.label);
        ensure!(
            is_named,
            "bridge.csv: {} is not called {}",
            line.skill,
            line.label
        );
        names[line.language as usize][place].extend(line.outcomes.iter().cloned());
    }
    let mut sections = vec![texts(&labels[0]), texts(&labels[1])];
    for (language, names) in [Language::En, Language::De].into_iter().zip(&names) {
        sections.extend(index(language, names));
    }
    assert_eq!(sections.len(), SECTIONS, "the format has so many");
    let products = source.skills.iter().filter(|line| line.source == PRODUCTS);
    let first_product = products
        .map(|line| u32::from(line.id.0))
        .min()
        .unwrap_or(u32::MAX);
    let mut bytes = FORMAT.to_vec();
    bytes.extend(first_product.to_le_bytes());
    let mut begin = HEADER;
    for section in &sections {
        bytes.extend((begin as u32).to_le_bytes());
        begin += section.len();
    }
    bytes.extend(sections.concat());
    Ok(bytes)
}

fn index(language: Language, names: &[Vec<String>]) -> [Vec<u8>; INDEX_SECTIONS] {
    let names: Vec<Vec<Vec<String>>> = names
        .iter()
        .map(|names| {
            let mut stemmed: Vec<Vec<String>> = Vec::new();
            for name in names.iter().map(|name| stems(name, language)) {
                if !name.is_empty() && !stemmed.contains(&name) {
                    stemmed.push(name);
                }
            }
            stemmed
        })
        .collect();
    let words: BTreeSet<&str> = names
        .iter()
        .flatten()
        .flatten()
        .map(String::as_str)
        .collect();
    let words: Vec<&str> = words.into_iter().collect();
    let place: HashMap<&str, u16> = words.iter().copied().zip(0..).collect();
    let names: Vec<Vec<Vec<u16>>> = names
        .iter()
        .map(|names| {
            names
                .iter()
                .map(|name| name.iter().map(|word| place[word.as_str()]).collect())
                .collect()
        })
        .collect();
    let mut skills: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); words.len()];
    for (skill, names) in names.iter().enumerate() {
        for word in names.iter().flatten() {
            skills[usize::from(*word)].insert(skill as u32);
        }
    }
    let mut links = match language {
        Language::En => exchanged(&names, &skills),
        Language::De => compounds(&words, &place),
    };
    // Of all skills, named in the language or not: so one scale holds for both languages.
    let weights = skills.iter().flat_map(|skills| {
        let weight = (1.0 + names.len() as f32 / skills.len() as f32).ln();
        ((weight * WEIGHT_PARTS) as u16).to_le_bytes()
    });
    let weights = weights.collect();
    let links = (0..words.len()).map(|word| {
        let mut links = links.remove(&(word as u16)).unwrap_or_default();
        links.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        links.truncate(MOST_LINKS);
        let bytes = links.into_iter().flat_map(|(other, strength)| {
            let [low, high] = other.to_le_bytes();
            [low, high, strength]
        });
        bytes.collect()
    });
    let links: Vec<Vec<u8>> = links.collect();
    let names: Vec<Vec<u8>> = names.iter().map(|names| named(names)).collect();
    [texts(&words), weights, records(&links), records(&names)]
}

/// The names of a skill: how many words they have, the words by what lies between them, and each name as places of words.
fn named(names: &[Vec<u16>]) -> Vec<u8> {
    let words: BTreeSet<u16> = names.iter().flatten().copied().collect();
    let place: HashMap<u16, u8> = words.iter().copied().zip(0..).collect();
    assert_eq!(place.len(), words.len(), "a place is one byte");
    let mut record = Vec::new();
    if names.is_empty() {
        return record;
    }
    write_number(words.len() as u32, &mut record);
    let mut before = 0;
    for word in words {
        write_number(u32::from(word - before), &mut record);
        before = word;
    }
    for name in names {
        record.push(name.len() as u8);
        record.extend(name.iter().map(|word| place[word]));
    }
    record
}

/// Words that stand for each other in names of the same skill which are otherwise alike, as in "use tools" and "utilise
/// tools": the more skills exchange two words, and the larger a part of the rarer one's they are, the stronger the link.
fn exchanged(names: &[Vec<Vec<u16>>], skills: &[BTreeSet<u32>]) -> BTreeMap<u16, Vec<(u16, u8)>> {
    let mut exchanges: BTreeMap<(u16, u16), f64> = BTreeMap::new();
    for names in names {
        let mut of_skill: BTreeMap<(u16, u16), f64> = BTreeMap::new();
        for one in names {
            for other in names {
                let begin = one.iter().zip(other).take_while(|(a, b)| a == b).count();
                let (a, b) = (&one[begin..], &other[begin..]);
                let end = a
                    .iter()
                    .rev()
                    .zip(b.iter().rev())
                    .take_while(|(a, b)| a == b)
                    .count();
                let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
                if begin + end == 0 || !(1..=2).contains(&a.len()) || !(1..=2).contains(&b.len()) {
                    continue;
                }
                let part = 1.0 / (a.len() * b.len()) as f64;
                for a in a {
                    for b in b.iter().filter(|b| *b != a) {
                        let known = of_skill.entry((*a, *b)).or_insert(0.0);
                        *known = part.max(*known);
                    }
                }
            }
        }
        for (pair, part) in of_skill {
            *exchanges.entry(pair).or_insert(0.0) += part;
        }
    }
    let mut links: BTreeMap<u16, Vec<(u16, u8)>> = BTreeMap::new();
    for ((a, b), count) in exchanges {
        let rarer = skills[usize::from(a)]
            .len()
            .min(skills[usize::from(b)].len());
        let share = (count / rarer as f64).min(1.0);
        let strength = 0.9 * share.powf(0.25) * (count / (count + 0.5));
        if strength >= 0.25 {
            links
                .entry(a)
                .or_default()
                .push((b, (strength * 255.0) as u8));
        }
    }
    links
}

/// Compounds and their parts: what is said of the last part is nearly said of the whole.
fn compounds(words: &[&str], place: &HashMap<&str, u16>) -> BTreeMap<u16, Vec<(u16, u8)>> {
    let mut links: BTreeMap<u16, Vec<(u16, u8)>> = BTreeMap::new();
    for word in words.iter().filter(|word| word.is_ascii()) {
        for cut in SHORTEST_PART..word.len().saturating_sub(SHORTEST_PART - 1) {
            let (first, last) = word.split_at(cut);
            let Some(last) = place.get(last) else {
                continue;
            };
            let whole = place[word];
            links.entry(whole).or_default().push((*last, 128));
            links.entry(*last).or_default().push((whole, 115));
            let firsts = ["", "s", "n", "en", "es", "er"]
                .iter()
                .filter_map(|joint| first.strip_suffix(joint));
            if let Some(first) = firsts.filter_map(|first| place.get(first)).next() {
                links.entry(whole).or_default().push((*first, 115));
                links.entry(*first).or_default().push((whole, 102));
            }
        }
    }
    links
}

fn texts(texts: &[impl AsRef<str>]) -> Vec<u8> {
    blocks(texts, |text, bytes| {
        let text = text.as_ref().as_bytes();
        let text = &text[..text.len().min(255)];
        bytes.push(text.len() as u8);
        bytes.extend(text);
    })
}

fn records(records: &[Vec<u8>]) -> Vec<u8> {
    blocks(records, |record, bytes| {
        write_number(record.len() as u32, bytes);
        bytes.extend(record);
    })
}

fn blocks<T>(all: &[T], write: impl Fn(&T, &mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = (all.len() as u32).to_le_bytes().to_vec();
    let first = 4 + 4 * all.len().div_ceil(BLOCK);
    let mut body = Vec::new();
    for block in all.chunks(BLOCK) {
        bytes.extend(((first + body.len()) as u32).to_le_bytes());
        block.iter().for_each(|one| write(one, &mut body));
    }
    bytes.extend(body);
    bytes
}

fn write_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
