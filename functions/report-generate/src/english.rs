//! Every statement in English.

use crate::block::{bar, signed, time, Align, Block, Columns};
use crate::changes::What;
use crate::chart::{Bar, Bars, Chart, Flowchart, Gantt, Label, Pie};
use crate::facts::Health;
use crate::moment::Day;
use crate::statements::{Branch, Change, Deadline, DueItem, More, Section, Statement, Worst};
use crate::text::{inert, Limit, HEADLINE, LINE, NAME};

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What stands for a title in a chart, which has no brackets.
const UNTITLED: &str = "no title";

pub(crate) fn heading(section: Section) -> Option<&'static str> {
    match section {
        Section::Top => None,
        Section::Decide => Some("To decide"),
        Section::Changes => Some("What changed"),
        Section::Objectives => Some("Objectives"),
        Section::Due => Some("Overdue and coming up"),
        Section::Carriers => Some("Who carries what"),
        Section::Ask => Some("Whom to ask"),
        Section::Reading => Some("How to read this"),
    }
}

pub(crate) fn columns(section: Section) -> Columns {
    use Align::{Left, Right};
    match section {
        Section::Changes => &[("points", Right), ("what", Left)],
        Section::Objectives => &[
            ("progress", Left),
            ("objective", Left),
            ("change", Right),
            ("owner", Left),
            ("due", Left),
            ("health", Left),
        ],
        Section::Carriers => &[
            ("person", Left),
            ("open actions", Right),
            ("points", Right),
            ("overdue", Right),
            ("due soon", Right),
        ],
        Section::Top | Section::Decide | Section::Due | Section::Ask | Section::Reading => &[],
    }
}

pub(crate) fn say(statement: &Statement, today: Day) -> Block {
    match statement {
        Statement::Title {
            workspace,
            from,
            to,
        } => Block::Title(format!("{}, {}", name(workspace, LINE), range(*from, *to))),
        Statement::Verdict {
            reached,
            change,
            deciding,
            of,
            outlined,
            worst,
        } => {
            let change = change.as_ref().map(|change| changed(change, today));
            let change = change.unwrap_or_default();
            let decision = decision(*deciding, *of, *outlined, worst, today);
            Block::Paragraph(format!("**{reached} % reached{change}. {decision}**"))
        }
        Statement::NoObjective { everything } => Block::Paragraph(match everything {
            true => "**There is no objective here yet, so there is no progress to report. Begin with one objective and the \
                     two or three key results that would show it is reached.**"
                .to_owned(),
            false => "**You see no objective here, so there is no progress to report. You see what you or people who \
                      report to you own or are assigned to.**"
                .to_owned(),
        }),
        Statement::Urgent {
            title,
            progress,
            due,
            owner,
            health,
            key_results,
            size_first,
        } => {
            let due = due.map_or("no due date".to_owned(), |due| format!("due {}", date(due, today)));
            let owner = whose(owner);
            let mut said = format!(
                "**{}** ({progress} %, {due}, {owner}) {}.",
                shown(title, HEADLINE),
                clause(*health, today)
            );
            if let Some(results) = key_results {
                let (done, of) = (results.done, results.of);
                let noun = plural(of, "result", "results");
                said += &format!(" {done} of {of} key {noun} done.");
            }
            if let Some(action) = size_first {
                said += &format!(" Size {} first.", quoted(action, HEADLINE));
            }
            Block::Bullet(said)
        }
        Statement::MoreUrgent { below, of } => Block::Bullet(match of {
            1 if *below == 1 => "One more is in the table.".to_owned(),
            of => format!(
                "{below} of the other {of} objectives {} in the table.",
                plural(*below, "is", "are")
            ),
        }),
        Statement::Overdue { count, of, longest } => {
            let longest: Vec<String> = longest
                .iter()
                .map(|item| {
                    let title = quoted(&item.title, HEADLINE);
                    format!("{title} (due {}, {})", date(item.due, today), whose(&item.who))
                })
                .collect();
            Block::Bullet(format!(
                "{} overdue{} {}.",
                open_actions(*count, *of, "is", "are"),
                if *count > longest.len() { ", the longest" } else { ":" },
                listed(&longest)
            ))
        }
        Statement::Nobodys { count, of, titles } => {
            let titles = titles.iter().map(|title| quoted(title, HEADLINE));
            let titles: Vec<String> = titles.collect();
            Block::Bullet(format!(
                "{} to nobody{} {}.",
                open_actions(*count, *of, "belongs", "belong"),
                if *count > titles.len() { ", among them" } else { ":" },
                listed(&titles)
            ))
        }
        Statement::Unsized { count, of, first } => {
            let mut said = format!("{} no size.", open_actions(*count, *of, "has", "have"));
            if let Some(first) = first {
                said += &format!(
                    " So {} stands between {} % and {} %: size {} first.",
                    quoted(&first.objective, HEADLINE),
                    first.low,
                    first.high,
                    quoted(&first.title, HEADLINE)
                );
            }
            Block::Bullet(said)
        }
        Statement::NothingToDecide { open } => Block::Paragraph(match open {
            0 => "There is no open action, so nothing is under way.".to_owned(),
            1 => "The only open action is not overdue, without a size or nobody’s.".to_owned(),
            open => format!("None of {open} open actions is overdue, without a size or nobody’s."),
        }),
        Statement::Difference {
            before,
            now,
            since,
            both,
        } => {
            let since = date(*since, today);
            let mut said = match before == now {
                true => format!("{now} %, as in your report of {since}."),
                false => format!("From {before} % to {now} % since your report of {since}."),
            };
            if *both {
                said += " You see more or less than then, so only what you could see both times is compared.";
            }
            Block::Paragraph(said)
        }
        Statement::Changed {
            what,
            count,
            of,
            title,
            sizes,
            everything,
            points,
        } => {
            let verb = verb(*what, *everything);
            let text = match (title, sizes) {
                (Some(title), Some((from, to))) => format!(
                    "{} {verb} from {} to {}",
                    quoted(title, LINE),
                    inert(from, NAME),
                    inert(to, NAME)
                ),
                (Some(title), None) => format!("{} {verb}", quoted(title, LINE)),
                (None, _) => format!("{count} of {of} {}: {verb}", plural(*of, "change", "changes")),
            };
            Block::Row(vec![signed(*points), text])
        }
        Statement::Rest { points, everything } => {
            let text = match everything {
                true => "rounding, and progress that was not computed yet",
                false => "everything that you cannot see, and rounding",
            };
            Block::Row(vec![signed(*points), text.to_owned()])
        }
        Statement::NothingChanged => {
            Block::Paragraph("No item was added, removed, moved, sized or worked on.".to_owned())
        }
        Statement::FirstReport => Block::Paragraph(
            "There is no earlier report of yours to compare with. The next one tells what moved the number.".to_owned(),
        ),
        Statement::Objective {
            title,
            progress,
            change,
            owner,
            due,
            health,
        } => Block::Row(vec![
            bar(*progress),
            shown(title, LINE),
            change.map_or("–".to_owned(), signed),
            owner.as_ref().map_or("–".to_owned(), |owner| name(owner, NAME)),
            due.map_or("–".to_owned(), |due| short_date(due, today)),
            label(*health, today),
        ]),
        Statement::MoreObjectives { more, of } => Block::Paragraph(format!(
            "{more} of {of} objectives {} not in this table.",
            plural(*more, "is", "are")
        )),
        Statement::Tree {
            of,
            everything,
            branches,
        } => {
            let mut leaves = branches.iter().flat_map(|branch| &branch.leaves);
            let parts = match leaves.any(|leaf| leaf.is_objective) {
                true => "key results and sub-objectives",
                false => "key results",
            };
            let whose = match everything {
                true => format!("{} {parts}", plural(branches.len(), "its", "their")),
                false => format!("the {parts} that you see"),
            };
            Block::Passage {
                said: format!(
                    "{} of {of} {} with {whose}, weakest first:",
                    branches.len(),
                    plural(*of, "objective", "objectives")
                ),
                points: branches.iter().map(branch).collect(),
                chart: Chart::flowchart(Flowchart {
                    branches: branches.clone(),
                    untitled: UNTITLED,
                }),
            }
        }
        Statement::States {
            of,
            done,
            started,
            pending,
        } => Block::Passage {
            said: format!(
                "{done} of {of} {} {} done, {started} in progress, {pending} not begun.",
                plural(*of, "action", "actions"),
                if *of == 1 { "is" } else { plural(*done, "is", "are") }
            ),
            points: Vec::new(),
            chart: Chart::pie(Pie {
                title: "Actions",
                slices: vec![("done", *done), ("in progress", *started), ("not begun", *pending)],
            }),
        },
        Statement::Coming { count, of, days } => {
            let items = plural(*of, "item", "items");
            Block::Paragraph(match count {
                1 if *of == 1 => format!("The only unfinished item is due in the next {days} days:"),
                0 => format!("None of {of} unfinished {items} is due in the next {days} days."),
                1 => format!("1 of {of} unfinished {items} is due in the next {days} days:"),
                count => format!("{count} of {of} unfinished {items} are due in the next {days} days:"),
            })
        }
        Statement::ComingItem { item } => Block::Bullet(due_item(item, today)),
        Statement::MoreComing { more, of } => {
            Block::Paragraph(format!("{more} of these {of} {} not listed.", plural(*more, "is", "are")))
        }
        Statement::NothingDue { of, days } => Block::Paragraph(match of {
            1 => format!("The only unfinished item is neither overdue nor due in the next {days} days."),
            of => format!("None of {of} unfinished items is overdue or due in the next {days} days."),
        }),
        Statement::Late { count, of, longest } => {
            let items = plural(*of, "item", "items");
            let said = match count {
                0 if *of == 1 => "The only unfinished item is not overdue.".to_owned(),
                0 => format!("None of {of} unfinished {items} is overdue."),
                1 if *of == 1 => "The only unfinished item is overdue:".to_owned(),
                count => format!(
                    "{count} of {of} unfinished {items} {} overdue{}",
                    plural(*count, "is", "are"),
                    if *count > longest.len() { ", the longest:" } else { ":" }
                ),
            };
            Block::Passage {
                said,
                points: longest.iter().map(|item| due_item(item, today)).collect(),
                chart: None,
            }
        }
        Statement::Timeline {
            late,
            coming,
            back_days,
        } => Block::Chart(gantt(late, coming, *back_days, today)),
        Statement::Carries {
            person,
            open,
            of,
            points,
            of_points,
            overdue,
            soon,
        } => Block::Row(vec![
            person.as_ref().map_or("nobody".to_owned(), |person| name(person, NAME)),
            format!("{open} of {of}"),
            part(*points, *of_points),
            part(*overdue as u64, *open as u64),
            part(*soon as u64, *open as u64),
        ]),
        Statement::MoreCarry {
            people,
            of_people,
            open,
            of,
            points,
            of_points,
        } => Block::Paragraph(format!(
            "{people} of {of_people} people {} not in this table: {open} of {of} open actions and {points} of {of_points} points.",
            plural(*people, "is", "are")
        )),
        Statement::Ask {
            person,
            about,
            more,
        } => {
            let about = about.iter().map(|worst| {
                format!("{} ({})", quoted(&worst.title, LINE), label(worst.health, today))
            });
            let mut about: Vec<String> = about.collect();
            if let Some(More { more, of }) = more {
                about.push(format!("{more} more of {of} objectives"));
            }
            Block::Bullet(format!("**{}** about {}", name(person, NAME), listed(&about)))
        }
        Statement::MoreAsk { more, of } => Block::Paragraph(format!(
            "{more} of {of} people to ask {} not listed.",
            plural(*more, "is", "are")
        )),
        Statement::Reading {
            items,
            at,
            day,
            everything,
            unreadable,
            orphans,
            thresholds,
        } => {
            let whence = match items {
                0 => "There is no item that you may see".to_owned(),
                1 => "Every figure is computed from the only item that you may see".to_owned(),
                items => format!("Every figure is computed from the {items} items that you may see"),
            };
            let mut said = format!("{whence}, as of {}, {} UTC.", full_date(*day), time(*at));
            if *items > 0 {
                said += " What is reached is the mean of the topmost objectives.";
            }
            if !everything {
                said += " Of other people’s work you see only what yours hangs on.";
            }
            if *unreadable > 0 {
                said += &format!(
                    " {unreadable} {} cannot be read and {} missing.",
                    plural(*unreadable, "item", "items"),
                    plural(*unreadable, "is", "are")
                );
            }
            if *orphans > 0 {
                said += &format!(
                    " {orphans} of {items} items {} in no objective: what {} under is gone or cannot hold {}.",
                    plural(*orphans, "counts", "count"),
                    plural(*orphans, "it stands", "they stand"),
                    plural(*orphans, "it", "them")
                );
            }
            let days = thresholds.stale_days;
            let terms = vec![
                "Item: an objective, a key result or an action.".to_owned(),
                "Overdue: past its due date and not done.".to_owned(),
                format!(
                    "At risk: at its pace it would end late by more than {} % of its time. The pace is that since it was \
                     created or, if that is better, since your last report, if that is at least {} days old.",
                    thresholds.late_percent, thresholds.pace_days
                ),
                format!("Stale: nothing in it that you see has changed for {days} days."),
                format!("Unsized: work without a size leaves {} points or more open.", thresholds.band_points),
                format!("Due soon: within {} days.", thresholds.soon_days),
                "An action counts for its first assignee who takes part in the workspace, otherwise for its owner.".to_owned(),
            ];
            let points = if *items > 0 { terms } else { Vec::new() };
            Block::Passage { said, points, chart: None }
        }
    }
}

/// An objective and what it is made of.
fn branch(branch: &Branch) -> String {
    let leaves = branch.leaves.iter();
    let leaves = leaves.map(|leaf| {
        let kind = if leaf.is_objective {
            " (sub-objective)"
        } else {
            ""
        };
        format!("{}{kind} {} %", quoted(&leaf.title, LINE), leaf.progress)
    });
    let told = branch.leaves.len();
    let some = match told == branch.of {
        true => String::new(),
        false => format!(", {told} of {} parts", branch.of),
    };
    format!(
        "**{}** {} %{some}: {}",
        shown(&branch.title, LINE),
        branch.progress,
        listed(&leaves.collect::<Vec<_>>())
    )
}

fn gantt(late: &[Deadline], coming: &[Deadline], back_days: i64, today: Day) -> Option<Chart> {
    let bars = |heading, items: &[Deadline]| Bars {
        heading,
        bars: (items.iter())
            .map(|item| Bar {
                due: item.due,
                date: short_date(item.due, today),
                label: Label::new(&item.title, UNTITLED),
            })
            .collect(),
    };
    let mut title = format!("As of {}", full_date(today));
    if late.iter().any(|item| today.since(item.due) > back_days) {
        title += &format!(", at most {back_days} days back");
    }
    Chart::gantt(Gantt {
        title,
        axis: "%d %b",
        day: today,
        back_days,
        overdue: bars("Overdue", late),
        coming: bars("Coming up", coming),
    })
}

fn due_item(item: &DueItem, today: Day) -> String {
    let (due, title) = (date(item.due, today), shown(&item.title, LINE));
    format!("{due}: {title} ({})", whose(&item.who))
}

fn whose(person: &Option<String>) -> String {
    let name = person.as_ref().map(|person| name(person, NAME));
    name.unwrap_or("nobody’s".to_owned())
}

fn changed(change: &Change, today: Day) -> String {
    let since = date(change.since, today);
    let points = change.points.unsigned_abs();
    let noun = if points == 1 { "point" } else { "points" };
    let both = match change.both {
        true => " in what you could see both times",
        false => "",
    };
    match change.points {
        0 => format!(", as much as on {since}{both}"),
        1.. => format!(", {points} {noun} more than on {since}{both}"),
        _ => format!(", {points} {noun} less than on {since}{both}"),
    }
}

fn decision(deciding: usize, of: usize, outlined: usize, worst: &[Worst], today: Day) -> String {
    // Of what is seen in outline nobody can say whether it needs one.
    let (one, many) = match outlined {
        0 => ("The only objective", format!("{of} objectives")),
        _ => (
            "The only objective that you see whole",
            format!("the {of} objectives that you see whole"),
        ),
    };
    if deciding == 0 {
        return match (of, outlined) {
            (0, 1) => "The only objective is seen in outline, which tells no need for a decision."
                .to_owned(),
            (0, _) => {
                "All objectives are seen in outline, which tells no need for a decision.".to_owned()
            }
            (1, _) => format!("{one} needs no decision."),
            _ => format!("None of {many} needs a decision."),
        };
    }
    let worst: Vec<String> = worst
        .iter()
        .map(|worst| {
            format!(
                "{} {}",
                quoted(&worst.title, HEADLINE),
                clause(worst.health, today)
            )
        })
        .collect();
    let who = match (deciding, of) {
        (_, 1) => format!("{one} needs"),
        (1, _) => format!("1 of {many} needs"),
        _ => format!("{deciding} of {many} need"),
    };
    format!(
        "{who} a decision{} {}.",
        if deciding > worst.len() {
            ". Most urgent:"
        } else {
            ":"
        },
        worst.join(", and ")
    )
}

fn clause(health: Health, today: Day) -> String {
    match health {
        Health::Closed => "is done".to_owned(),
        Health::Overdue { days } => format!(
            "is overdue by {days} {}",
            if days == 1 { "day" } else { "days" }
        ),
        Health::AtRisk { ends: Some(day) } => {
            format!("would end on {}", date(day, today))
        }
        Health::AtRisk { ends: None } => "moves too slowly for its due date".to_owned(),
        Health::Unmoved { gone } => format!("shows no progress after {gone} % of its time"),
        Health::Stale { since } => format!("has not changed since {}", date(since, today)),
        Health::Unsized { low, high } => {
            format!("stands between {low} % and {high} % until its work is sized")
        }
        Health::OnTrack => "is on track".to_owned(),
        Health::NotStarted => "is not started".to_owned(),
        Health::Outlined => "is seen in outline only".to_owned(),
    }
}

fn label(health: Health, today: Day) -> String {
    match health {
        Health::Closed => "done".to_owned(),
        Health::Overdue { days } => format!(
            "overdue by {days} {}",
            if days == 1 { "day" } else { "days" }
        ),
        Health::AtRisk { ends: Some(day) } => {
            format!("at risk: would end {}", short_date(day, today))
        }
        Health::AtRisk { ends: None } => "at risk: too slow".to_owned(),
        Health::Unmoved { gone } => format!("at risk: no progress after {gone} % of its time"),
        Health::Stale { since } => format!("stale since {}", short_date(since, today)),
        Health::Unsized { low, high } => format!("unsized: {low} to {high} %"),
        Health::OnTrack => "on track".to_owned(),
        Health::NotStarted => "not started".to_owned(),
        Health::Outlined => "outline only".to_owned(),
    }
}

fn verb(what: What, everything: bool) -> &'static str {
    match what {
        What::Removed if everything => "removed",
        What::Removed => "removed, or not yours to see any more",
        What::Added => "added",
        What::Moved => "moved",
        What::Reestimated => "re-estimated",
        What::Done => "done",
        What::Started => "started",
        What::Reopened => "reopened",
        What::PutBack => "put back",
    }
}

/// How many of how many, in a table in which most cells are nothing.
fn part(count: u64, of: u64) -> String {
    match count {
        0 => "–".to_owned(),
        count => format!("{count} of {of}"),
    }
}

fn open_actions(count: usize, of: usize, one: &str, many: &str) -> String {
    let verb = if count == 1 { one } else { many };
    format!(
        "{count} of {of} open {} {verb}",
        plural(of, "action", "actions")
    )
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 {
        one
    } else {
        many
    }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A title as it stands for itself.
fn shown(title: &str, limit: Limit) -> String {
    match inert(title, limit) {
        text if text.is_empty() => "(no title)".to_owned(),
        text => text,
    }
}

pub(crate) fn quoted(title: &str, limit: Limit) -> String {
    format!("“{}”", shown(title, limit))
}

pub(crate) fn name(text: &str, limit: Limit) -> String {
    match inert(text, limit) {
        text if text.is_empty() => "(no name)".to_owned(),
        text => text,
    }
}

/// With the year only where it is another than the report's.
fn date(day: Day, today: Day) -> String {
    let (year, month, of_month) = day.date();
    match today.date().0 == year {
        true => format!("{of_month} {}", MONTHS[month - 1]),
        false => full_date(day),
    }
}

fn full_date(day: Day) -> String {
    let (year, month, of_month) = day.date();
    format!("{of_month} {} {year}", MONTHS[month - 1])
}

fn short_date(day: Day, today: Day) -> String {
    let (year, month, of_month) = day.date();
    let short: String = MONTHS[month - 1].chars().take(3).collect();
    match today.date().0 == year {
        true => format!("{of_month} {short}"),
        false => format!("{of_month} {short} {year}"),
    }
}

fn range(from: Day, to: Day) -> String {
    let ((from_year, from_month, from_day), (year, month, _)) = (from.date(), to.date());
    match (from_year == year, from_month == month) {
        _ if from == to => full_date(to),
        (true, true) => format!("{from_day}–{}", full_date(to)),
        (true, false) => format!("{} to {}", date(from, to), full_date(to)),
        (false, _) => format!("{} to {}", full_date(from), full_date(to)),
    }
}
