//! Random edits of one workspace, as people make them and as they should not: the facts after each are known.

use crate::oracle::{Fact, Facts};

/// One edit: the row as it is afterwards, none if it is gone for good.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) id: String,
    pub(crate) after: Option<Fact>,
}

/// A source of edits and what they add up to.
pub(crate) struct Script {
    pub(crate) facts: Facts,
    random: fastrand::Rng,
    /// Live items that it keeps to, about.
    size: usize,
    made: usize,
}

const STATUSES: [&str; 3] = ["pending", "work_in_progress", "done"];
const POINTS: [&str; 11] = ["0", "1", "2", "3", "5", "8", "13", "21", "40", "?", "∞"];

/// The size of a usual tree.
const ITEMS: usize = 220;

impl Script {
    /// A tree of more than two hundred items: objectives four deep, key results and actions.
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(ITEMS, seed)
    }

    /// A tree of about so many items.
    pub(crate) fn of(size: usize, seed: u64) -> Self {
        let mut script = Self {
            facts: Facts::new(),
            random: fastrand::Rng::with_seed(seed),
            size,
            made: 0,
        };
        while script.facts.len() < size {
            script.create();
        }
        script
    }

    pub(crate) fn random(&mut self) -> &mut fastrand::Rng {
        &mut self.random
    }

    /// The next edit, already part of the facts.
    pub(crate) fn edit(&mut self) -> Edit {
        let live = self.facts.values().filter(|fact| !fact.deleted).count();
        match self.random.u8(..100) {
            0..=9 if live < self.size + self.size / 10 + 2 => self.create(),
            0..=59 => self.change(|random, fact| match fact.kind {
                "action" => fact.status = Some(STATUSES[random.usize(..3)]),
                _ => fact.deleted = false,
            }),
            60..=69 => self.change(|random, fact| {
                fact.points = (random.u8(..8) > 0).then(|| POINTS[random.usize(..11)])
            }),
            70..=84 => {
                let parent = self.parent(None);
                self.change(|_, fact| fact.parent = parent)
            }
            85..=91 if live > self.size - self.size / 15 - 2 => {
                self.change(|_, fact| fact.deleted = true)
            }
            92..=93 if live > self.size - self.size / 15 - 2 => self.erase(),
            _ => self.restore(),
        }
    }

    fn create(&mut self) -> Edit {
        let kind = match self.random.u8(..100) {
            0..=11 => "objective",
            12..=34 => "key_result",
            _ => "action",
        };
        let is_action = kind == "action";
        let fact = Fact {
            parent: self.parent(Some(kind)),
            kind,
            status: is_action.then(|| STATUSES[self.random.usize(..3)]),
            points: is_action.then(|| POINTS[self.random.usize(..11)]),
            deleted: false,
        };
        self.made += 1;
        let id = format!("item-{}-{:x}", self.made, self.random.u32(..));
        self.facts.insert(id.clone(), fact.clone());
        Edit {
            id,
            after: Some(fact),
        }
    }

    /// A parent for an item of this kind; one time in ten, or if the kind is not known, any item, also itself, a deleted
    /// one or none.
    fn parent(&mut self, kind: Option<&str>) -> Option<String> {
        let fitting: Vec<&String> = self
            .facts
            .iter()
            .filter(|(_, fact)| match kind {
                Some("action") => fact.kind != "action" && !fact.deleted,
                Some(_) => fact.kind == "objective" && !fact.deleted,
                None => fact.kind != "action",
            })
            .map(|(id, _)| id)
            .collect();
        match self.random.u8(..20) {
            0 => Some("not-here".to_owned()),
            1 if !self.facts.is_empty() => {
                let any = self.random.usize(..self.facts.len());
                self.facts.keys().nth(any).cloned()
            }
            2 => None,
            _ if fitting.is_empty() => None,
            _ => Some(fitting[self.random.usize(..fitting.len())].clone()),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut fastrand::Rng, &mut Fact)) -> Edit {
        let place = self.random.usize(..self.facts.len());
        let (id, fact) = self
            .facts
            .iter_mut()
            .nth(place)
            .expect("the place is one of the facts'");
        change(&mut self.random, fact);
        Edit {
            id: id.clone(),
            after: Some(fact.clone()),
        }
    }

    fn restore(&mut self) -> Edit {
        let deleted: Vec<String> = self
            .facts
            .iter()
            .filter(|(_, fact)| fact.deleted)
            .map(|(id, _)| id.clone())
            .collect();
        let Some(id) = self.random.choice(&deleted).cloned() else {
            return self.create();
        };
        let fact = self.facts.get_mut(&id).expect("it was just found");
        fact.deleted = false;
        Edit {
            after: Some(fact.clone()),
            id,
        }
    }

    fn erase(&mut self) -> Edit {
        let place = self.random.usize(..self.facts.len());
        let id = self
            .facts
            .keys()
            .nth(place)
            .cloned()
            .expect("the place is one of the facts'");
        self.facts.remove(&id);
        Edit { id, after: None }
    }
}
