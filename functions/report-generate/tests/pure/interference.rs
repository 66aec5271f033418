//! What a reader may not see changes no byte of what they get.

use domain::ids::Id;
use domain::privacy::{self, Reader, Sight, Subject};
use domain::rows::{PrivacyMode, WorkspaceRole};
use fastrand::Rng;
use report_generate::markdown::room;
use report_generate::prose::passages;
use report_generate::snapshot::Language;

use crate::workspace::{at, edit, random, rounds, Workspace, NOW, PEOPLE, SIZES, STATES};

/// How much of each item the reader sees.
fn sight(workspace: &Workspace, reader: &str) -> Vec<Sight> {
    let user = Id::parse(reader).unwrap();
    let subjects: Vec<Subject<'_>> = workspace
        .items
        .iter()
        .map(|item| Subject {
            id: &item.id,
            parent: item.columns.parent_id.as_ref(),
            owner: item.columns.owner_user_id.as_ref(),
            assignees: &item.columns.assignee_user_ids,
            live: true,
        })
        .collect();
    let reader = Reader {
        user: &user,
        organization_admin: false,
    };
    privacy::sight(workspace.mode, reader, &workspace.members, &subjects)
}

/// Changes whatever the reader may not see: hidden items in every column, with ones added and deleted, all of outlines
/// but title, type, progress and parent, when nodes with hidden work were written, and people who are no business of
/// theirs. Owners stay out of the reader's line.
fn disturb(rng: &mut Rng, workspace: &mut Workspace, reader: &str) -> usize {
    let seen = sight(workspace, reader);
    let strangers = ["eve", "ada", "gus", "hal"];
    let strangers: Vec<&str> = strangers
        .into_iter()
        .filter(|user| *user != reader)
        .collect();
    let ids: Vec<_> = workspace.items.iter().map(|item| item.id.clone()).collect();
    let mut changed = 0;
    let everything = workspace.mode == PrivacyMode::Open || reader == "ada";
    for (item, sight) in workspace.items.iter_mut().zip(&seen) {
        let columns = &mut item.columns;
        let is_action = columns.r#type == domain::rows::ItemType::Action;
        match sight {
            Sight::Hidden => {
                columns.title = Some(format!("secret {}", rng.u32(..)));
                columns.progress_computed = rng.i64(0..=100);
                columns.parent_id = Some(ids[rng.usize(..ids.len())].clone());
            }
            Sight::Outline => {}
            Sight::Whole => {
                if !everything && !is_action {
                    item.changed = at(NOW - rng.i64(0..40) * 86_400);
                    changed += 1;
                }
                continue;
            }
        }
        changed += 1;
        columns.owner_user_id = Id::parse(strangers[rng.usize(..strangers.len())]);
        columns.assignee_user_ids.clear();
        columns.due_date = Some(at(NOW + rng.i64(-40..40) * 86_400));
        columns.action_status = Some(STATES[rng.usize(..3)]);
        columns.story_points = SIZES[rng.usize(..SIZES.len())].map(str::to_owned);
        item.created = at(NOW - rng.i64(0..400) * 86_400);
        item.changed = at(NOW - rng.i64(0..40) * 86_400);
    }
    let keep: Vec<bool> = seen
        .iter()
        .map(|sight| *sight != Sight::Hidden || rng.bool())
        .collect();
    changed += keep.iter().filter(|keep| !**keep).count();
    let mut keep = keep.into_iter();
    workspace.items.retain(|_| keep.next().unwrap());
    if !everything {
        for n in 0..rng.usize(0..4) {
            let parent = (!workspace.items.is_empty()).then(|| {
                workspace.items[rng.usize(..workspace.items.len())]
                    .id
                    .to_string()
            });
            let action = domain::rows::ItemType::Action;
            let item = workspace.add(
                action,
                &format!("h{n}"),
                parent.as_deref(),
                "hidden",
                strangers[0],
            );
            item.columns.action_status = Some(STATES[rng.usize(..3)]);
            changed += 1;
        }
    }
    rng.shuffle(&mut workspace.items);
    // Who is named on nothing that the reader sees whole is no business of theirs.
    let people = workspace.view(reader).people;
    for member in &mut workspace.members {
        if !people.contains_key(&member.user_id)
            && !["ben", "cleo", "dee"].contains(&member.user_id.as_ref())
        {
            member.active = rng.bool();
            member.role = WorkspaceRole::User;
            changed += 1;
        }
    }
    for (user, name) in &mut workspace.names {
        if !people.contains_key(&Id::parse(user).unwrap()) {
            *name = format!("nobody {}", rng.u32(..));
        }
    }
    rng.shuffle(&mut workspace.members);
    changed
}

#[test]
fn what_a_reader_may_not_see_changes_no_byte_of_their_report() {
    let mut rng = Rng::with_seed(15);
    let (mut pairs, mut disturbed, mut shown) = ([0; 2], 0, 0);
    for round in 0..rounds(600) {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let reader = PEOPLE[rng.usize(..5)];
        let mut first = random(&mut rng, mode);
        let earlier = first.report(reader, NOW, Language::En, None);
        // Both worlds had the same past, of which the second hides other things.
        let mut second = first.clone();
        edit(&mut rng, &mut first);
        second.items.clone_from(&first.items);
        disturbed += disturb(&mut rng, &mut second, reader);
        let language = [Language::En, Language::De][rng.usize(..2)];
        let now = NOW + 7 * 86_400;
        let one = first.report(reader, now, language, Some(&earlier.snapshot));
        let two = second.report(reader, now, language, Some(&earlier.snapshot));
        assert_eq!(
            one.markdown, two.markdown,
            "round {round}, {reader}, {mode:?}"
        );
        assert_eq!(one.output, two.output, "round {round}, {reader}, {mode:?}");
        assert_eq!(one.input, two.input, "round {round}, {reader}, {mode:?}");
        let asked = [&one, &two].map(|report| {
            let room = room(&report.snapshot, &report.findings);
            passages(&report.snapshot, &report.findings, room)
        });
        assert_eq!(asked[0], asked[1], "round {round}, {reader}, {mode:?}");
        shown += asked[0].iter().map(String::len).sum::<usize>();
        pairs[round % 2] += 1;
    }
    println!(
        "{pairs:?} pairs in both modes, {disturbed} hidden things changed, every byte equal, {shown} of them shown to a model"
    );
    assert!(disturbed > pairs[0]);
}
