//! Every statement in German.

use crate::block::{bar, signed, time, Align, Block, Columns};
use crate::changes::What;
use crate::chart::{Bar, Bars, Chart, Flowchart, Gantt, Label, Pie};
use crate::facts::Health;
use crate::moment::Day;
use crate::statements::{Branch, Change, Dated, More, Section, Statement, Worst};
use crate::text::{inert, Limit, HEADLINE, LINE, NAME};

const MONTHS: [&str; 12] = [
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
        Section::Coming => Some("Was ansteht und was überfällig ist"),
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
        Section::Top | Section::Decide | Section::Coming | Section::Ask | Section::Reading => &[],
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
            objectives,
            change,
            deciding,
            worst,
        } => {
            let change = change.as_ref().map(|change| changed(change, today));
            let change = change.unwrap_or_default();
            let decision = decision(*deciding, *objectives, worst, today);
            Block::Paragraph(format!("**{reached} % erreicht{change}. {decision}**"))
        }
        Statement::NoObjective => Block::Paragraph(
            "**Hier gibt es noch kein Ziel, also auch keinen Fortschritt zu berichten.**".to_owned(),
        ),
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
            let owner = owner.as_ref().map_or("niemand".to_owned(), |owner| name(owner, NAME));
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
            1 if *below == 1 => "Das andere steht unten in der Tabelle.".to_owned(),
            of => format!(
                "{below} der anderen {of} Ziele {} unten in der Tabelle.",
                plural(*below, "steht", "stehen")
            ),
        }),
        Statement::Overdue { count, of, longest } => {
            let longest: Vec<String> = longest
                .iter()
                .map(|item| format!("{} (fällig am {})", quoted(&item.title, HEADLINE), date(item.due, today)))
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
                    " Deshalb steht {} irgendwo zwischen {} % und {} %: zuerst {} schätzen.",
                    quoted(&first.objective, HEADLINE),
                    first.low,
                    first.high,
                    quoted(&first.title, HEADLINE)
                );
            }
            Block::Bullet(said)
        }
        Statement::NothingToDecide => Block::Paragraph("Nichts braucht eine Entscheidung.".to_owned()),
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
            let whose = match everything {
                true => plural(branches.len(), "seinen Schlüsselergebnissen", "ihren Schlüsselergebnissen"),
                false => "den Schlüsselergebnissen, die Sie sehen",
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
                plural(*done, "ist", "sind")
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
                0 if *of == 1 => {
                    format!("Der eine unfertige Eintrag ist in den nächsten {days} Tagen nicht fällig.")
                }
                0 => format!("Von {of} {items} ist in den nächsten {days} Tagen keiner fällig."),
                1 => format!("1 von {of} {items} ist in den nächsten {days} Tagen fällig:"),
                count => format!("{count} von {of} {items} sind in den nächsten {days} Tagen fällig:"),
            })
        }
        Statement::ComingItem { title, due, who } => Block::Bullet(format!(
            "{}: {} ({})",
            date(*due, today),
            shown(title, LINE),
            who.as_ref().map_or("niemand".to_owned(), |who| name(who, NAME))
        )),
        Statement::MoreComing { more, of } => Block::Paragraph(format!(
            "{more} dieser {of} {} nicht aufgeführt.",
            plural(*more, "ist", "sind")
        )),
        Statement::Timeline {
            count,
            of,
            overdue,
            coming,
            back_days,
        } => {
            let items = plural(*of, "unfertigem Eintrag", "unfertigen Einträgen");
            let said = match count {
                0 if *of == 1 => "Der eine unfertige Eintrag ist nicht über seinen Termin hinaus.".to_owned(),
                0 => format!("Von {of} {items} ist keiner über seinen Termin hinaus."),
                count => format!(
                    "{count} von {of} {items} {} Termin hinaus{}",
                    plural(*count, "ist über seinen", "sind über ihren"),
                    if *count > overdue.len() { ", am längsten:" } else { ":" }
                ),
            };
            Block::Passage {
                said,
                points: overdue.iter().map(|item| dated(item, today)).collect(),
                chart: gantt(overdue, coming, *back_days, today),
            }
        }
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
            let mut said = format!(
                "Jede Zahl ist aus {} berechnet, {} Sie sehen dürfen, Stand {}, {} UTC. Erreicht ist der Mittelwert der \
                 obersten Ziele.",
                match items {
                    1 => "dem 1 Eintrag".to_owned(),
                    items => format!("den {items} Einträgen"),
                },
                plural(*items, "den", "die"),
                full_date(*day),
                time(*at)
            );
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
            Block::Passage { said, points: terms, chart: None }
        }
    }
}

/// An objective and what it is made of.
fn branch(branch: &Branch) -> String {
    let leaves = branch.leaves.iter();
    let leaves = leaves.map(|leaf| format!("{} {} %", quoted(&leaf.title, LINE), leaf.progress));
    let told = branch.leaves.len();
    let some = match told == branch.of {
        true => String::new(),
        false => format!(", {told} von {} Schlüsselergebnissen", branch.of),
    };
    format!(
        "**{}** {} %{some}: {}",
        shown(&branch.title, LINE),
        branch.progress,
        listed(&leaves.collect::<Vec<_>>())
    )
}

fn gantt(overdue: &[Dated], coming: &[Dated], back_days: i64, today: Day) -> Option<Chart> {
    let bars = |heading, items: &[Dated]| Bars {
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
    if overdue.iter().any(|item| today.since(item.due) > back_days) {
        title += &format!(", höchstens {back_days} Tage zurück");
    }
    Chart::gantt(Gantt {
        title,
        axis: "%d.%m.",
        day: today,
        back_days,
        overdue: bars("Überfällig", overdue),
        coming: bars("Was ansteht", coming),
    })
}

fn dated(item: &Dated, today: Day) -> String {
    format!("{}: {}", date(item.due, today), shown(&item.title, LINE))
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

fn decision(deciding: usize, of: usize, worst: &[Worst], today: Day) -> String {
    if deciding == 0 {
        return match of {
            1 => "Das einzige Ziel braucht keine Entscheidung.".to_owned(),
            of => format!("Keines von {of} Zielen braucht eine Entscheidung."),
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
        (_, 1) => "Das einzige Ziel braucht".to_owned(),
        (1, _) => format!("1 von {of} Zielen braucht"),
        _ => format!("{deciding} von {of} Zielen brauchen"),
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
            format!("wäre in seinem Tempo am {} fertig", date(day, today))
        }
        Health::AtRisk { ends: None } => "kommt für seinen Termin zu langsam voran".to_owned(),
        Health::Stale { since } => {
            format!("hat sich seit dem {} nicht geändert", date(since, today))
        }
        Health::Unsized { low, high } => {
            format!("steht irgendwo zwischen {low} % und {high} %, bis die Arbeit geschätzt ist")
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

fn quoted(title: &str, limit: Limit) -> String {
    format!("„{}“", shown(title, limit))
}

fn name(text: &str, limit: Limit) -> String {
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
