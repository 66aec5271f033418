//! Every statement in German.

use crate::block::{bar, signed, time, Align, Block, Columns};
use crate::changes::What;
use crate::chart::{Bar, Bars, Chart, Flowchart, Gantt, Label, Pie};
use crate::facts::Health;
use crate::moment::Day;
use crate::statements::{Branch, Change, Deadline, DueItem, More, Section, Statement, Worst};
use crate::text::{inert, Limit, HEADLINE, LINE, NAME};

pub(crate) const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// What stands for a title in a chart, which has no brackets.
const UNTITLED: &str = "ohne Titel";

pub(crate) fn heading(section: Section) -> Option<&'static str> {
    match section {
        Section::Top => None,
        Section::Decide => Some("Zu entscheiden"),
        Section::Changes => Some("Was sich geändert hat"),
        Section::Objectives => Some("Ziele"),
        Section::Due => Some("Was überfällig ist und was ansteht"),
        Section::Carriers => Some("Wer was trägt"),
        Section::Ask => Some("Wen man fragen kann"),
        Section::Reading => Some("Wie das zu lesen ist"),
    }
}

pub(crate) fn columns(section: Section) -> Columns {
    use Align::{Left, Right};
    match section {
        Section::Changes => &[("Punkte", Right), ("was", Left)],
        Section::Objectives => &[
            ("Fortschritt", Left),
            ("Ziel", Left),
            ("Änderung", Right),
            ("wer", Left),
            ("fällig", Left),
            ("Zustand", Left),
        ],
        Section::Carriers => &[
            ("wer", Left),
            ("offene Aktionen", Right),
            ("Punkte", Right),
            ("überfällig", Right),
            ("bald fällig", Right),
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
            Block::Paragraph(format!("**{reached} % erreicht{change}. {decision}**"))
        }
        Statement::NoObjective { everything } => Block::Paragraph(match everything {
            true => "**Hier gibt es noch kein Ziel, also auch keinen Fortschritt zu berichten. Beginnen Sie mit einem Ziel \
                     und den zwei oder drei Schlüsselergebnissen, an denen man sieht, dass es erreicht ist.**"
                .to_owned(),
            false => "**Sie sehen hier kein Ziel, also ist auch kein Fortschritt zu berichten. Sie sehen, was Ihnen oder \
                      Personen, die an Sie berichten, gehört oder zugewiesen ist.**"
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
            let due = due.map_or("ohne Termin".to_owned(), |due| format!("fällig am {}", date(due, today)));
            let owner = whose(owner);
            let mut said = format!(
                "**{}** ({progress} %, {due}, {owner}) {}.",
                shown(title, HEADLINE),
                clause(*health, today)
            );
            if let Some(results) = key_results {
                let (done, of) = (results.done, results.of);
                let noun = plural(of, "Schlüsselergebnis", "Schlüsselergebnissen");
                said += &format!(" {done} von {of} {noun} fertig.");
            }
            if let Some(action) = size_first {
                said += &format!(" Zuerst {} schätzen.", quoted(action, HEADLINE));
            }
            Block::Bullet(said)
        }
        Statement::MoreUrgent { below, of } => Block::Bullet(match of {
            1 if *below == 1 => "Eines mehr steht in der Tabelle.".to_owned(),
            of => format!(
                "{below} der anderen {of} Ziele {} in der Tabelle.",
                plural(*below, "steht", "stehen")
            ),
        }),
        Statement::Overdue { count, of, longest } => {
            let longest: Vec<String> = longest
                .iter()
                .map(|item| {
                    let title = quoted(&item.title, HEADLINE);
                    format!("{title} (fällig am {}, {})", date(item.due, today), whose(&item.who))
                })
                .collect();
            Block::Bullet(format!(
                "{} überfällig{} {}.",
                open_actions(*count, *of, "ist", "sind"),
                if *count > longest.len() { ", am längsten" } else { ":" },
                listed(&longest)
            ))
        }
        Statement::Nobodys { count, of, titles } => {
            let titles = titles.iter().map(|title| quoted(title, HEADLINE));
            let titles: Vec<String> = titles.collect();
            Block::Bullet(format!(
                "{} niemandem{} {}.",
                open_actions(*count, *of, "gehört", "gehören"),
                if *count > titles.len() { ", darunter" } else { ":" },
                listed(&titles)
            ))
        }
        Statement::Unsized { count, of, first } => {
            let mut said = format!("{} keine Größe.", open_actions(*count, *of, "hat", "haben"));
            if let Some(first) = first {
                said += &format!(
                    " Deshalb steht {} zwischen {} % und {} %: zuerst {} schätzen.",
                    quoted(&first.objective, HEADLINE),
                    first.low,
                    first.high,
                    quoted(&first.title, HEADLINE)
                );
            }
            Block::Bullet(said)
        }
        Statement::NothingToDecide { open } => Block::Paragraph(match open {
            0 => "Es gibt keine offene Aktion, also ist nichts unterwegs.".to_owned(),
            1 => "Die einzige offene Aktion ist weder überfällig noch ohne Größe oder ohne Person.".to_owned(),
            open => format!("Keine von {open} offenen Aktionen ist überfällig, ohne Größe oder ohne Person."),
        }),
        Statement::Difference {
            before,
            now,
            since,
            both,
        } => {
            let since = date(*since, today);
            let mut said = match before == now {
                true => format!("{now} %, wie in Ihrem Bericht vom {since}."),
                false => format!("Von {before} % auf {now} % seit Ihrem Bericht vom {since}."),
            };
            if *both {
                said += " Sie sehen mehr oder weniger als damals; verglichen ist nur, was Sie beide Male sehen konnten.";
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
                    "{} von {} auf {} {verb}",
                    quoted(title, LINE),
                    inert(from, NAME),
                    inert(to, NAME)
                ),
                (Some(title), None) => format!("{} {verb}", quoted(title, LINE)),
                (None, _) => format!("{count} von {of} {}: {verb}", plural(*of, "Änderung", "Änderungen")),
            };
            Block::Row(vec![signed(*points), text])
        }
        Statement::Rest { points, everything } => {
            let text = match everything {
                true => "Rundung und Fortschritt, der noch nicht berechnet war",
                false => "alles, was Sie nicht sehen können, und Rundung",
            };
            Block::Row(vec![signed(*points), text.to_owned()])
        }
        Statement::NothingChanged => Block::Paragraph(
            "Nichts ist hinzugekommen, weggefallen, verschoben, geschätzt oder bearbeitet worden.".to_owned(),
        ),
        Statement::FirstReport => Block::Paragraph(
            "Es gibt keinen früheren Bericht von Ihnen zum Vergleich. Der nächste sagt, was die Zahl bewegt hat.".to_owned(),
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
            "{more} von {of} Zielen {} nicht in dieser Tabelle.",
            plural(*more, "steht", "stehen")
        )),
        Statement::Tree {
            of,
            everything,
            branches,
        } => {
            let mut leaves = branches.iter().flat_map(|branch| &branch.leaves);
            let parts = match leaves.any(|leaf| leaf.is_objective) {
                true => "Schlüsselergebnissen und Teilzielen",
                false => "Schlüsselergebnissen",
            };
            let whose = match everything {
                true => format!("{} {parts}", plural(branches.len(), "seinen", "ihren")),
                false => format!("den {parts}, die Sie sehen"),
            };
            Block::Passage {
                said: format!(
                    "{} von {of} {} mit {whose}, die schwächsten zuerst:",
                    branches.len(),
                    plural(*of, "Ziel", "Zielen")
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
                "{done} von {of} {} {} fertig, {started} in Arbeit, {pending} nicht begonnen.",
                plural(*of, "Aktion", "Aktionen"),
                if *of == 1 { "ist" } else { plural(*done, "ist", "sind") }
            ),
            points: Vec::new(),
            chart: Chart::pie(Pie {
                title: "Aktionen",
                slices: vec![("fertig", *done), ("in Arbeit", *started), ("nicht begonnen", *pending)],
            }),
        },
        Statement::Coming { count, of, days } => {
            let items = plural(*of, "unfertigem Eintrag", "unfertigen Einträgen");
            Block::Paragraph(match count {
                1 if *of == 1 => format!("Der einzige unfertige Eintrag ist in den nächsten {days} Tagen fällig:"),
                0 => format!("Von {of} {items} ist in den nächsten {days} Tagen keiner fällig."),
                1 => format!("1 von {of} {items} ist in den nächsten {days} Tagen fällig:"),
                count => format!("{count} von {of} {items} sind in den nächsten {days} Tagen fällig:"),
            })
        }
        Statement::ComingItem { item } => Block::Bullet(due_item(item, today)),
        Statement::MoreComing { more, of } => Block::Paragraph(format!(
            "{more} dieser {of} {} nicht aufgeführt.",
            plural(*more, "ist", "sind")
        )),
        Statement::NothingDue { of, days } => Block::Paragraph(match of {
            1 => format!(
                "Der einzige unfertige Eintrag ist weder überfällig noch in den nächsten {days} Tagen fällig."
            ),
            of => format!(
                "Von {of} unfertigen Einträgen ist keiner überfällig oder in den nächsten {days} Tagen fällig."
            ),
        }),
        Statement::Late { count, of, longest } => {
            let items = plural(*of, "unfertigem Eintrag", "unfertigen Einträgen");
            let said = match count {
                0 if *of == 1 => "Der einzige unfertige Eintrag ist nicht überfällig.".to_owned(),
                0 => format!("Von {of} {items} ist keiner überfällig."),
                1 if *of == 1 => "Der einzige unfertige Eintrag ist überfällig:".to_owned(),
                count => format!(
                    "{count} von {of} {items} {} überfällig{}",
                    plural(*count, "ist", "sind"),
                    if *count > longest.len() { ", am längsten:" } else { ":" }
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
            person.as_ref().map_or("niemand".to_owned(), |person| name(person, NAME)),
            format!("{open} von {of}"),
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
            "{people} von {of_people} Personen {} nicht in dieser Tabelle: {open} von {of} offenen Aktionen und {points} von \
             {of_points} Punkten.",
            plural(*people, "steht", "stehen")
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
                let others = plural(*more, "weiterem", "weiteren");
                about.push(format!("{more} {others} von {of} Zielen"));
            }
            Block::Bullet(format!("**{}** zu {}", name(person, NAME), listed(&about)))
        }
        Statement::MoreAsk { more, of } => Block::Paragraph(format!(
            "{more} von {of} Personen, die man fragen kann, {} nicht aufgeführt.",
            plural(*more, "ist", "sind")
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
                0 => "Es gibt keinen Eintrag, den Sie sehen dürfen".to_owned(),
                1 => "Jede Zahl ist aus dem einzigen Eintrag berechnet, den Sie sehen dürfen".to_owned(),
                items => format!("Jede Zahl ist aus den {items} Einträgen berechnet, die Sie sehen dürfen"),
            };
            let mut said = format!("{whence}, Stand {}, {} UTC.", full_date(*day), time(*at));
            if *items > 0 {
                said += " Erreicht ist der Mittelwert der obersten Ziele.";
            }
            if !everything {
                said += " Von der Arbeit anderer sehen Sie nur das, woran Ihre hängt.";
            }
            if *unreadable > 0 {
                said += &format!(
                    " {unreadable} {} nicht gelesen werden und {}.",
                    plural(*unreadable, "Eintrag kann", "Einträge können"),
                    plural(*unreadable, "fehlt", "fehlen")
                );
            }
            if *orphans > 0 {
                said += &format!(
                    " {orphans} von {items} {} in keinem Ziel: Worunter {}, ist weg oder kann {} nicht enthalten.",
                    plural(*orphans, "zählt", "zählen"),
                    plural(*orphans, "er steht", "sie stehen"),
                    plural(*orphans, "ihn", "sie")
                );
            }
            let days = thresholds.stale_days;
            let terms = vec![
                "Eintrag: ein Ziel, ein Schlüsselergebnis oder eine Aktion.".to_owned(),
                "Überfällig: über den Termin hinaus und nicht fertig.".to_owned(),
                format!(
                    "Gefährdet: In seinem Tempo würde es um mehr als {} % seiner Zeit zu spät fertig. Das Tempo ist das seit der \
                     Anlage oder, wenn das besser ist, seit Ihrem letzten Bericht, wenn der mindestens {} Tage alt ist.",
                    thresholds.late_percent, thresholds.pace_days
                ),
                format!("Stillstand: {days} Tage keine Änderung, die Sie sehen."),
                format!("Ungeschätzt: Arbeit ohne Größe lässt {} Punkte oder mehr offen.", thresholds.band_points),
                format!("Bald fällig: innerhalb von {} Tagen.", thresholds.soon_days),
                "Eine Aktion zählt für die erste zugewiesene Person, die im Workspace mitmacht, sonst für die, der sie gehört.".to_owned(),
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
        let kind = if leaf.is_objective { " (Teilziel)" } else { "" };
        format!("{}{kind} {} %", quoted(&leaf.title, LINE), leaf.progress)
    });
    let told = branch.leaves.len();
    let some = match told == branch.of {
        true => String::new(),
        false => format!(", {told} von {} Teilen", branch.of),
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
    let mut title = format!("Stand {}", full_date(today));
    if late.iter().any(|item| today.since(item.due) > back_days) {
        title += &format!(", höchstens {back_days} Tage zurück");
    }
    Chart::gantt(Gantt {
        title,
        axis: "%d.%m.",
        day: today,
        back_days,
        overdue: bars("Überfällig", late),
        coming: bars("Was ansteht", coming),
    })
}

fn due_item(item: &DueItem, today: Day) -> String {
    let (due, title) = (date(item.due, today), shown(&item.title, LINE));
    format!("{due}: {title} ({})", whose(&item.who))
}

fn whose(person: &Option<String>) -> String {
    let name = person.as_ref().map(|person| name(person, NAME));
    name.unwrap_or("niemand".to_owned())
}

fn changed(change: &Change, today: Day) -> String {
    let since = date(change.since, today);
    let points = change.points.unsigned_abs();
    let noun = if points == 1 { "Punkt" } else { "Punkte" };
    let both = match change.both {
        true => " bei dem, was Sie beide Male sehen konnten",
        false => "",
    };
    match change.points {
        0 => format!(", so viel wie am {since}{both}"),
        1.. => format!(", {points} {noun} mehr als am {since}{both}"),
        _ => format!(", {points} {noun} weniger als am {since}{both}"),
    }
}

fn decision(deciding: usize, of: usize, outlined: usize, worst: &[Worst], today: Day) -> String {
    // Of what is seen in outline nobody can say whether it needs one.
    let (one, many) = match outlined {
        0 => ("Das einzige Ziel", format!("{of} Zielen")),
        _ => (
            "Das einzige Ziel, das Sie ganz sehen,",
            format!("{of} Zielen, die Sie ganz sehen,"),
        ),
    };
    if deciding == 0 {
        return match (of, outlined) {
            (0, 1) => "Das einzige Ziel sehen Sie nur im Umriss; ob es eine Entscheidung braucht, sagt der nicht.".to_owned(),
            (0, _) => "Alle Ziele sehen Sie nur im Umriss; ob sie eine Entscheidung brauchen, sagt der nicht.".to_owned(),
            (1, _) => format!("{one} braucht keine Entscheidung."),
            _ => format!("Von {many} braucht keines eine Entscheidung."),
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
        (_, 1) => format!("{one} braucht"),
        (1, _) => format!("1 von {many} braucht"),
        _ => format!("{deciding} von {many} brauchen"),
    };
    format!(
        "{who} eine Entscheidung{} {}.",
        if deciding > worst.len() {
            ". Am dringendsten:"
        } else {
            ":"
        },
        worst.join(", und ")
    )
}

fn clause(health: Health, today: Day) -> String {
    match health {
        Health::Closed => "ist fertig".to_owned(),
        Health::Overdue { days } => format!(
            "ist seit {days} {} überfällig",
            if days == 1 { "Tag" } else { "Tagen" }
        ),
        Health::AtRisk { ends: Some(day) } => {
            format!("wäre erst am {} fertig", date(day, today))
        }
        Health::AtRisk { ends: None } => "kommt für seinen Termin zu langsam voran".to_owned(),
        Health::Unmoved { gone } => {
            format!("zeigt nach {gone} % seiner Zeit keinen Fortschritt")
        }
        Health::Stale { since } => {
            format!("hat sich seit dem {} nicht geändert", date(since, today))
        }
        Health::Unsized { low, high } => {
            format!("steht zwischen {low} % und {high} %, bis die Arbeit geschätzt ist")
        }
        Health::OnTrack => "ist auf Kurs".to_owned(),
        Health::NotStarted => "ist nicht begonnen".to_owned(),
        Health::Outlined => "ist nur im Umriss zu sehen".to_owned(),
    }
}

fn label(health: Health, today: Day) -> String {
    match health {
        Health::Closed => "fertig".to_owned(),
        Health::Overdue { days } => format!(
            "seit {days} {} überfällig",
            if days == 1 { "Tag" } else { "Tagen" }
        ),
        Health::AtRisk { ends: Some(day) } => {
            format!("gefährdet: erst {} fertig", short_date(day, today))
        }
        Health::AtRisk { ends: None } => "gefährdet: zu langsam".to_owned(),
        Health::Unmoved { gone } => {
            format!("gefährdet: nach {gone} % seiner Zeit kein Fortschritt")
        }
        Health::Stale { since } => format!("Stillstand seit {}", short_date(since, today)),
        Health::Unsized { low, high } => format!("ungeschätzt: {low} bis {high} %"),
        Health::OnTrack => "auf Kurs".to_owned(),
        Health::NotStarted => "nicht begonnen".to_owned(),
        Health::Outlined => "nur Umriss".to_owned(),
    }
}

fn verb(what: What, everything: bool) -> &'static str {
    match what {
        What::Removed if everything => "entfernt",
        What::Removed => "entfernt oder für Sie nicht mehr zu sehen",
        What::Added => "hinzugefügt",
        What::Moved => "verschoben",
        What::Reestimated => "neu geschätzt",
        What::Done => "fertig",
        What::Started => "begonnen",
        What::Reopened => "wieder geöffnet",
        What::PutBack => "zurückgestellt",
    }
}

/// How many of how many, in a table in which most cells are nothing.
fn part(count: u64, of: u64) -> String {
    match count {
        0 => "–".to_owned(),
        count => format!("{count} von {of}"),
    }
}

fn open_actions(count: usize, of: usize, one: &str, many: &str) -> String {
    let verb = if count == 1 { one } else { many };
    format!(
        "{count} von {of} {} {verb}",
        plural(of, "offenen Aktion", "offenen Aktionen")
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
        [first @ .., last] => format!("{} und {last}", first.join(", ")),
    }
}

/// A title as it stands for itself.
fn shown(title: &str, limit: Limit) -> String {
    match inert(title, limit) {
        text if text.is_empty() => "(ohne Titel)".to_owned(),
        text => text,
    }
}

pub(crate) fn quoted(title: &str, limit: Limit) -> String {
    format!("„{}“", shown(title, limit))
}

pub(crate) fn name(text: &str, limit: Limit) -> String {
    match inert(text, limit) {
        text if text.is_empty() => "(ohne Namen)".to_owned(),
        text => text,
    }
}

/// With the year only where it is another than the report's.
fn date(day: Day, today: Day) -> String {
    let (year, month, of_month) = day.date();
    match today.date().0 == year {
        true => format!("{of_month}. {}", MONTHS[month - 1]),
        false => full_date(day),
    }
}

fn full_date(day: Day) -> String {
    let (year, month, of_month) = day.date();
    format!("{of_month}. {} {year}", MONTHS[month - 1])
}

fn short_date(day: Day, today: Day) -> String {
    let (year, month, of_month) = day.date();
    match today.date().0 == year {
        true => format!("{of_month}.{month}."),
        false => format!("{of_month}.{month}.{year}"),
    }
}

fn range(from: Day, to: Day) -> String {
    let ((from_year, from_month, from_day), (year, month, _)) = (from.date(), to.date());
    match (from_year == year, from_month == month) {
        _ if from == to => full_date(to),
        (true, true) => format!("{from_day}.–{}", full_date(to)),
        (true, false) => format!("{} bis {}", date(from, to), full_date(to)),
        (false, _) => format!("{} bis {}", full_date(from), full_date(to)),
    }
}
