//! Pages to read: whoever changes a word sees here what a leader gets.

use domain::ids::Id;
use domain::rows::ActionStatus::{Done, Pending, WorkInProgress};
use domain::rows::{ItemType, PrivacyMode};
use report_generate::facts::Health;
use report_generate::moment::DAY;
use report_generate::snapshot::Language;
use report_generate::statements::Statement;

use crate::workspace::{at, Workspace, WrittenReport, NOW, SIZES, STATES};

const WEEK: i64 = 7 * DAY;

fn due(workspace: &mut Workspace, id: &str, days: i64) {
    workspace.find(id).columns.due_date = Some(at(NOW + days * DAY));
}

/// Three objectives in different states, as they might be.
fn tidewater() -> Workspace {
    let mut made = Workspace::new(&["ada", "ben", "cleo", "dee"]);
    for (id, title, owner, days) in [
        ("o1", "Launch the new gauge", "ada", 18),
        ("o2", "Open the Danish market", "ben", -4),
        ("o3", "Fewer returns", "cleo", 34),
    ] {
        made.add(ItemType::Objective, id, None, title, owner);
        due(&mut made, id, days);
    }
    for (id, parent, title) in [
        ("k1", "o1", "Gauge on sale"),
        ("k2", "o1", "Ten articles about it"),
        ("k3", "o2", "Two pilot customers"),
        ("k4", "o2", "A dealer in Aarhus"),
        ("k5", "o3", "Every return has a reason"),
    ] {
        made.add(ItemType::KeyResult, id, Some(parent), title, "ada");
    }
    made.action("a1", "k1", "Build three samples", "dee", Done, Some("3"));
    made.action(
        "a2",
        "k1",
        "Test the gauge at sea",
        "dee",
        WorkInProgress,
        Some("8"),
    );
    made.action("a3", "k1", "Find the price", "ben", Pending, Some("3"));
    made.action("a4", "k2", "List the magazines", "cleo", Done, Some("2"));
    made.action(
        "a5",
        "k2",
        "Write the first one",
        "cleo",
        Pending,
        Some("2"),
    );
    made.action(
        "a6",
        "k3",
        "Call the harbour masters",
        "ben",
        WorkInProgress,
        Some("5"),
    );
    made.action(
        "a7",
        "k4",
        "Translate the manual",
        "fred",
        Pending,
        Some("5"),
    );
    made.action(
        "a8",
        "k5",
        "Ask the last twenty customers",
        "cleo",
        WorkInProgress,
        Some("3"),
    );
    made.action("a9", "k5", "Label every box", "cleo", Pending, Some("5"));
    due(&mut made, "a3", 5);
    due(&mut made, "a6", -2);
    made.find("a9").columns.assignee_user_ids = vec![Id::parse("dee").unwrap()];
    for id in ["o3", "k5", "a8", "a9"] {
        made.find(id).changed = at(NOW - 21 * DAY);
    }
    made.compute();
    made
}

macro_rules! page {
    ($made:expr) => {
        insta::assert_snapshot!($made.markdown)
    };
}

#[test]
fn a_workspace_with_nothing_in_it() {
    page!(Workspace::new(&["ada"]).report("ada", NOW, Language::En, None));
}

#[test]
fn a_workspace_with_one_item() {
    let mut made = Workspace::new(&["ada"]);
    made.add(
        ItemType::Objective,
        "o1",
        None,
        "Launch the new gauge",
        "ada",
    );
    page!(made.report("ada", NOW, Language::En, None));
}

#[test]
fn a_workspace_in_which_everything_is_overdue() {
    let mut made = tidewater();
    let ids: Vec<String> = made.items.iter().map(|item| item.id.to_string()).collect();
    for (days, id) in (1..).zip(ids) {
        due(&mut made, &id, -days);
        let item = made.find(&id);
        item.columns.action_status = item.columns.action_status.map(|_| Pending);
    }
    made.compute();
    page!(made.report("ada", NOW, Language::En, None));
}

#[test]
fn a_workspace_in_which_nothing_has_a_size() {
    let mut made = tidewater();
    for item in &mut made.items {
        item.columns.story_points = None;
        item.columns.due_date = None;
        item.changed = at(NOW - DAY);
    }
    made.compute();
    page!(made.report("ada", NOW, Language::En, None));
}

/// A week later, in both languages.
/// Tidewater a week later, in both languages.
pub(crate) fn week_later() -> [WrittenReport; 2] {
    let mut made = tidewater();
    let before = made.report("ada", NOW, Language::En, None);
    made.find("a2").columns.action_status = Some(Done);
    made.find("a6").columns.action_status = Some(Done);
    made.find("a3").columns.story_points = Some("8".to_owned());
    made.find("a2").changed = at(NOW + DAY);
    made.find("a6").changed = at(NOW + DAY);
    made.action("b1", "k2", "Train the dealers", "dee", Pending, Some("5"))
        .created = at(NOW + DAY);
    made.compute();
    [Language::En, Language::De]
        .map(|language| made.report("ada", NOW + WEEK, language, Some(&before.snapshot)))
}

#[test]
fn a_workspace_a_week_later() {
    let [english, german] = week_later();
    page!(english);
    page!(german);
}

#[test]
fn a_healthy_workspace() {
    let mut made = tidewater();
    for item in &mut made.items {
        item.changed = at(NOW - DAY);
        item.columns.due_date = item.columns.due_date.map(|_| at(NOW + 60 * DAY));
        if item.columns.owner_user_id == Id::parse("fred") {
            item.columns.owner_user_id = Id::parse("dee");
        }
        if item.columns.action_status == Some(Pending) {
            item.columns.action_status = Some(WorkInProgress);
        }
    }
    made.compute();
    let before = made.report("ada", NOW - WEEK, Language::En, None);
    page!(made.report("ada", NOW, Language::En, Some(&before.snapshot)));
}

#[test]
fn a_workspace_of_one_person() {
    let mut made = tidewater();
    for item in &mut made.items {
        item.columns.owner_user_id = Id::parse("ada");
        item.columns.assignee_user_ids.clear();
    }
    page!(made.report("ada", NOW, Language::En, None));
}

/// Ben sees his own and Cleo's work, and the outline of what is above it.
#[test]
fn a_reporting_line() {
    let mut made = tidewater();
    made.mode = PrivacyMode::ReportingLine;
    made.members[2].manager_user_id = Id::parse("ben");
    let before = made.report("ben", NOW, Language::En, None);
    made.find("a8").columns.action_status = Some(Done);
    made.find("a8").changed = at(NOW + DAY);
    made.find("a2").columns.action_status = Some(Done);
    made.compute();
    page!(made.report("ben", NOW + WEEK, Language::En, Some(&before.snapshot)));
}

#[test]
fn a_reader_who_sees_nothing() {
    let mut made = Workspace::new(&["ada", "eve"]);
    made.mode = PrivacyMode::ReportingLine;
    made.add(
        ItemType::Objective,
        "o1",
        None,
        "Launch the new gauge",
        "ada",
    );
    page!(made.report("eve", NOW, Language::En, None));
    page!(made.report("eve", NOW, Language::De, None));
}

#[test]
fn an_objective_without_progress() {
    let mut made = Workspace::new(&["ada"]);
    made.add(
        ItemType::Objective,
        "o1",
        None,
        "Launch the new gauge",
        "ada",
    );
    due(&mut made, "o1", 5);
    made.action("a1", "o1", "Test it", "ada", Pending, Some("3"));
    page!(made.report("ada", NOW, Language::En, None));
    page!(made.report("ada", NOW, Language::De, None));
}

/// An objective of which everything bad holds; mended in the order of the rules it shows one after the other.
#[test]
fn health_is_the_first_rule_that_holds() {
    let mut made = Workspace::new(&["ada"]);
    made.add(
        ItemType::Objective,
        "o1",
        None,
        "Launch the new gauge",
        "ada",
    );
    due(&mut made, "o1", -1);
    made.add(
        ItemType::KeyResult,
        "k1",
        Some("o1"),
        "Gauge on sale",
        "ada",
    );
    made.action("a1", "k1", "Test it", "ada", WorkInProgress, None);
    made.action("a2", "k1", "Price it", "ada", Pending, Some("3"));
    for item in &mut made.items {
        item.changed = at(NOW - 20 * DAY);
    }
    let mut shown = Vec::new();
    let mut show = |made: &mut Workspace| {
        let report = made.compute().report("ada", NOW, Language::En, None);
        shown.extend(
            report
                .findings
                .iter()
                .find_map(|finding| match &finding.statement {
                    Statement::Objective { health, .. } => Some(*health),
                    _ => None,
                }),
        );
    };
    show(&mut made);
    due(&mut made, "o1", 1);
    show(&mut made);
    due(&mut made, "o1", 400);
    show(&mut made);
    made.find("a1").changed = at(NOW - DAY);
    show(&mut made);
    made.find("a1").columns.story_points = Some("3".to_owned());
    show(&mut made);
    made.find("o1").columns.due_date = None;
    made.find("a1").columns.action_status = Some(Pending);
    show(&mut made);
    due(&mut made, "o1", 1);
    show(&mut made);
    for action in ["a1", "a2"] {
        made.find(action).columns.action_status = Some(Done);
    }
    due(&mut made, "o1", -1);
    show(&mut made);
    assert!(
        matches!(
            shown[..],
            [
                Health::Overdue { days: 1 },
                Health::AtRisk { .. },
                Health::Stale { .. },
                Health::Unsized { .. },
                Health::OnTrack,
                Health::NotStarted,
                Health::Unmoved { .. },
                Health::Closed,
            ]
        ),
        "{shown:?}"
    );
}

#[test]
fn an_objective_of_objectives() {
    let mut made = tidewater();
    for (id, title) in [("o4", "Dealers in Jutland"), ("o5", "Dealers in Zealand")] {
        made.add(ItemType::Objective, id, Some("o2"), title, "cleo");
    }
    made.add(ItemType::KeyResult, "k6", Some("o4"), "Ten signed", "cleo");
    made.action(
        "a10",
        "k6",
        "Visit Aalborg",
        "cleo",
        WorkInProgress,
        Some("2"),
    );
    let made = made.compute();
    insta::assert_snapshot!(made.report("ada", NOW, Language::En, None).markdown);
    insta::assert_snapshot!(made.report("ada", NOW, Language::De, None).markdown);
}

#[test]
fn a_workspace_of_two_thousand_items() {
    let names: Vec<String> = (0..30).map(|n| format!("person{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut made = Workspace::new(&names);
    for o in 0..40_usize {
        let objective = format!("o{o:02}");
        let title = format!("Objective {o}");
        made.add(ItemType::Objective, &objective, None, &title, names[o % 30]);
        due(&mut made, &objective, (o as i64) * 5 - 20);
        for k in 0..4_usize {
            let result = format!("{objective}k{k}");
            made.add(
                ItemType::KeyResult,
                &result,
                Some(&objective),
                &format!("Result {o}.{k}"),
                names[k],
            );
            for a in 0..11_usize {
                let (state, size) = (STATES[(o + k + a) % 3], SIZES[(o * k + a) % 8]);
                let owner = names[(o + a) % 30];
                made.action(
                    &format!("{result}a{a:02}"),
                    &result,
                    &format!("Action {o}.{k}.{a}"),
                    owner,
                    state,
                    size,
                );
            }
        }
    }
    made.compute();
    let before = made.report("person00", NOW, Language::En, None);
    for item in made
        .items
        .iter_mut()
        .filter(|item| item.columns.action_status == Some(WorkInProgress))
        .take(200)
    {
        item.columns.action_status = Some(Done);
    }
    made.compute();
    let made = made.report("person00", NOW + WEEK, Language::En, Some(&before.snapshot));
    println!(
        "{} bytes of snapshot, {} of statements, {} of Markdown",
        made.input.len(),
        made.output.len(),
        made.markdown.len()
    );
    page!(made);
}
