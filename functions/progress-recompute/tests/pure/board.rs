//! A board: every item that its reader may see in one page, and nothing that follows from what they may not see.

#[path = "../../../../shared/platform/tests/view/tables.rs"]
mod tables;

use std::collections::{BTreeMap, HashMap};

use domain::ids::{ItemId, LinkId, UserId};
use domain::privacy::Sight;
use domain::rows::{LinkType, PrivacyMode};
use domain::time::Timestamp;
use fastrand::Rng;
use progress_recompute::board::{board, Board, ItemPage, LinkRow, Position};
use tables::{id, time, user, Tables, PEOPLE};

/// A workspace with what only a board shows of it.
#[derive(Clone)]
struct Canvas {
    tables: Tables,
    positions: HashMap<ItemId, Position>,
    links: BTreeMap<LinkId, LinkRow>,
}

fn position(rng: &mut Rng) -> Position {
    Position {
        sort_order: Some(rng.f64()),
        position_x: rng.bool().then(|| rng.f64()),
        position_y: rng.bool().then(|| rng.f64()),
    }
}

impl Canvas {
    fn random(rng: &mut Rng, mode: PrivacyMode) -> Self {
        let tables = Tables::random(rng, mode);
        let items = tables.items.iter();
        let mut made = Self {
            positions: items.map(|item| (item.id.clone(), position(rng))).collect(),
            links: BTreeMap::new(),
            tables,
        };
        for n in 0..rng.usize(..20) {
            made.link(rng, &format!("l{n:02}"));
        }
        made
    }

    fn link(&mut self, rng: &mut Rng, name: &str) {
        let row = LinkRow {
            from_item_id: self.tables.any(rng),
            to_item_id: self.tables.any(rng),
            link_type: LinkType::ObjectiveRelation,
        };
        self.links.insert(id(name), row);
    }

    fn board(&self, reader: &UserId, since: Option<Timestamp>, at: Timestamp) -> Board {
        let view = self.tables.view(reader);
        let page = ItemPage::of(&view, None);
        let links = self.links.clone().into_iter().collect();
        board(&view, page, since, at, self.positions.clone(), links)
    }

    /// Also moves what the reader does not see whole, and makes and breaks links that do not run between two items that
    /// are seen whole.
    fn disturb(&mut self, rng: &mut Rng, reader: &UserId) {
        let sight = self.tables.sight(reader);
        self.tables.disturb(rng, reader);
        let is_whole = |id: &ItemId| sight.get(id) == Some(&Sight::Whole);
        for (item, place) in &mut self.positions {
            if !is_whole(item) {
                *place = position(rng);
            }
        }
        let is_seen = |link: &LinkRow| {
            let ends = [&link.from_item_id, &link.to_item_id];
            ends.into_iter()
                .all(|end| end.as_ref().is_some_and(is_whole))
        };
        self.links.retain(|_, link| is_seen(link) || rng.bool());
        for n in 0..10 {
            let name = format!("m{n}");
            self.link(rng, &name);
            if is_seen(&self.links[&id::<LinkId>(&name)]) {
                self.links.remove(&id::<LinkId>(&name));
            }
        }
    }
}

#[test]
fn what_a_reader_may_not_see_changes_no_byte_of_their_board() {
    let mut rng = Rng::with_seed(14);
    let mut sent = 0;
    for round in 0..4_000 {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let first = Canvas::random(&mut rng, mode);
        let reader = user(&mut rng, &PEOPLE);
        let mut second = first.clone();
        second.disturb(&mut rng, &reader);
        let (since, at) = (rng.bool().then(|| time(&mut rng)), time(&mut rng));
        let text = |canvas: &Canvas| serde_json::to_string(&canvas.board(&reader, since, at));
        let (one, two) = (text(&first).unwrap(), text(&second).unwrap());
        assert_eq!(one, two, "round {round}, {reader}, {mode:?}");
        sent += one.len();
    }
    assert!(sent > 0);
}

/// Whoever has what was sent before, and is sent what has changed, knows what there is.
#[test]
fn what_is_sent_and_what_is_named_is_what_the_reader_sees() {
    let mut rng = Rng::with_seed(15);
    for round in 0..1_000 {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let canvas = Canvas::random(&mut rng, mode);
        let reader = user(&mut rng, &PEOPLE);
        let since = time(&mut rng);
        let board = canvas.board(&reader, Some(since), since);
        let sent = board.items.iter().map(|item| &item.item_id);
        let mut ids: Vec<&ItemId> = sent.chain(&board.unchanged).collect();
        ids.sort_unstable();
        let sight = canvas.tables.sight(&reader);
        let mut seen: Vec<&ItemId> = sight
            .iter()
            .filter(|(_, sight)| **sight != Sight::Hidden)
            .map(|(id, _)| id)
            .collect();
        seen.sort_unstable();
        assert_eq!(ids, seen, "round {round}");
        for item in &canvas.tables.items {
            let is_new = item.changed >= since && sight[&item.id] == Sight::Whole;
            assert!(
                !is_new || !board.unchanged.contains(&item.id),
                "round {round}"
            );
        }
    }
}
