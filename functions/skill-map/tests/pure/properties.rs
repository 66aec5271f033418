//! What holds whatever a workspace holds.

use std::collections::BTreeSet;

use domain::rows::PrivacyMode;
use fastrand::Rng;
use skill_map::documents::{read, Constraint, Entry, Level, SkillEntry, Source};
use skill_map::map::{show, works, Looks};
use skill_map::suggest::WhyNot;
use skill_map::words::Language;

use crate::proposals::ask;
use crate::workspace::{item, now, random, rounds, stated, user, Workspace, PEOPLE};

fn each(few: usize, mut check: impl FnMut(&mut Rng, Workspace, &str)) {
    let mut rng = Rng::with_seed(16);
    for round in 0..rounds(few) {
        let mode = [PrivacyMode::Open, PrivacyMode::ReportingLine][round % 2];
        let mut made = random(&mut rng, mode);
        // Every other round a model has been asked.
        if rng.bool() {
            ask(&mut rng, &mut made);
        }
        made.refresh();
        for member in made.members.values_mut() {
            for entry in &mut member.can.skills {
                if let Entry::Read(entry) = entry {
                    entry.confirmed = entry.source.is_inferred() && rng.bool();
                }
            }
        }
        let reader = PEOPLE[rng.usize(..5)];
        check(&mut rng, made, reader);
    }
}

#[test]
fn the_order_of_rows_changes_no_byte() {
    each(300, |rng, first, reader| {
        let mut second = first.clone();
        rng.shuffle(&mut second.items);
        rng.shuffle(&mut second.memberships);
        assert_eq!(first.told(reader), second.told(reader));
        let (mut one, mut two) = (first, second);
        one.refresh();
        two.refresh();
        assert_eq!(one.members, two.members);
    });
}

#[test]
fn a_second_run_changes_nothing() {
    each(200, |_, mut made, _| {
        let before = made.members.clone();
        made.refresh();
        assert_eq!(made.members, before);
    });
}

#[test]
fn somebody_who_is_away_changes_nothing_for_the_others() {
    let mut added = 0;
    each(200, |rng, first, reader| {
        let mut second = first.clone();
        second.join("gus", None, false, true);
        let mut away = first.members[&user(PEOPLE[rng.usize(..5)])].clone();
        let far = std::time::Duration::from_secs(90 * 24 * 60 * 60);
        away.constraints.constraints = vec![Entry::Read(Constraint::Away {
            from: now(),
            to: now().plus(far),
        })];
        second.members.insert(user("gus"), away);
        for work in works(&first.view(Some(&user(reader))), now()) {
            let one = first.suggest(&user(reader), &work.item);
            let mut two = second.suggest(&user(reader), &work.item);
            let gus = two
                .not_suggested
                .iter()
                .position(|other| other.user == user("gus"))
                .unwrap();
            assert_eq!(two.not_suggested.remove(gus).why, WhyNot::Away);
            assert_eq!(one, two);
            added += 1;
        }
    });
    assert!(added > 200, "{added}");
}

#[test]
fn everybody_has_either_a_place_or_a_reason_why_not() {
    let (mut suggested, mut not_suggested) = (0, BTreeSet::new());
    each(200, |_, made, reader| {
        for work in works(&made.view(Some(&user(reader))), now()) {
            let found = made.suggest(&user(reader), &work.item);
            let places: Vec<usize> = found.suggested.iter().map(|one| one.place).collect();
            assert_eq!(places, (1..=places.len()).collect::<Vec<_>>());
            let users: BTreeSet<_> = found.suggested.iter().map(|one| &one.user).collect();
            let others: BTreeSet<_> = found.not_suggested.iter().map(|one| &one.user).collect();
            assert!(users.is_disjoint(&others));
            assert_eq!(users.len() + others.len(), PEOPLE.len());
            suggested += users.len();
            not_suggested.extend(found.not_suggested.iter().map(|one| {
                format!("{:?}", one.why)
                    .split(' ')
                    .next()
                    .unwrap()
                    .to_owned()
            }));
        }
    });
    assert!(suggested > 100, "{suggested}");
    assert_eq!(
        not_suggested.into_iter().collect::<Vec<_>>(),
        ["Away", "Excluded", "Inactive", "Load", "NoEvidence"]
    );
}

#[test]
fn no_want_beats_a_constraint() {
    let mut constrained = 0;
    each(200, |rng, first, reader| {
        let mut second = first.clone();
        let who = user(PEOPLE[rng.usize(..5)]);
        for wanted in ["SKILL_0000209", "SKILL_0012356", "Zephyr boards"] {
            let mut entry = stated(rng);
            entry.skill = skill_map::documents::Term::parse(wanted).unwrap();
            second
                .members
                .get_mut(&who)
                .unwrap()
                .want
                .skills
                .push(Entry::Read(entry));
        }
        for work in works(&first.view(Some(&user(reader))), now()) {
            let one = first.suggest(&user(reader), &work.item);
            let two = second.suggest(&user(reader), &work.item);
            let why = |found: &skill_map::suggest::Suggestion| {
                found
                    .not_suggested
                    .iter()
                    .find(|one| one.user == who)
                    .map(|one| one.why.clone())
            };
            if let Some(before) = why(&one).filter(|why| *why != WhyNot::NoEvidence) {
                constrained += 1;
                assert_eq!(why(&two), Some(before));
            }
        }
    });
    assert!(constrained > 50, "{constrained}");
}

#[test]
fn what_a_reader_may_not_see_changes_no_byte_of_what_they_get() {
    let mut disturbed = 0;
    each(600, |rng, first, reader| {
        let mut second = first.clone();
        let seen = first.view(Some(&user(reader)));
        let is_seen = |id: &domain::ids::ItemId| {
            seen.items
                .iter()
                .any(|seen| seen.id == *id && seen.whole.is_some())
        };
        for item in &mut second.items {
            if !is_seen(&item.id) {
                disturbed += 1;
                item.columns.title = Some("Operate forklift".to_owned());
                item.columns.story_points = Some("40".to_owned());
                item.columns.action_status = Some(domain::rows::ActionStatus::Done);
            }
        }
        if !seen.everything {
            second.items.push(item(rng, "hidden", "fay"));
            second
                .items
                .last_mut()
                .unwrap()
                .columns
                .assignee_user_ids
                .clear();
        }
        for (who, member) in &mut second.members {
            if *who == user(reader) {
                continue;
            }
            // What they have not confirmed, and what nobody sees but them.
            member
                .can
                .skills
                .retain(|entry| !matches!(entry, Entry::Read(entry) if !entry.is_shown()));
            for source in [Source::Evidence, Source::Model] {
                let mut inferred = stated(rng);
                inferred.source = source;
                member.can.skills.push(Entry::Read(inferred));
            }
            // Also of items that the reader sees: it was said of all of the member's titles at once.
            let mut proposed = stated(rng);
            proposed.source = Source::Model;
            proposed.evidence = first.items.iter().map(|item| item.id.clone()).collect();
            member.should.skills.push(Entry::Read(proposed));
            let hidden = || {
                let hidden = second.items.iter().filter(|item| !is_seen(&item.id));
                hidden.map(|item| item.id.clone())
            };
            for entry in &mut member.should.skills {
                if let Entry::Read(entry) = entry {
                    entry.evidence.extend(hidden());
                }
            }
            let mut needed = stated(rng);
            needed.source = Source::Evidence;
            needed.evidence = hidden().collect();
            needed.level = Level::ONE;
            member.should.skills.push(Entry::Read(needed));
            disturbed += 4;
        }
        assert_eq!(first.told(reader), second.told(reader), "{reader}");
    });
    assert!(disturbed > 2_000, "{disturbed}");
}

#[test]
fn nothing_that_follows_from_items_is_shown_to_others_before_it_is_confirmed() {
    let (mut own, mut others) = (0, 0);
    each(200, |_, mut made, reader| {
        let works = works(&made.view(Some(&user(reader))), now());
        for member in made.members.values_mut() {
            let inferred = |looks| {
                let map = show(member, &works, looks, Language::En);
                map.can
                    .into_iter()
                    .filter(|entry| entry.source.is_inferred())
                    .count()
            };
            let confirmed = read(&member.can.skills)
                .filter(|entry| entry.confirmed)
                .count();
            let all = read(&member.can.skills)
                .filter(|entry| entry.source.is_inferred())
                .count();
            assert_eq!(
                [
                    inferred(Looks::Member),
                    inferred(Looks::Admin),
                    inferred(Looks::Oneself)
                ],
                [confirmed, confirmed, all]
            );
            own += all;
            others += confirmed;
        }
    });
    assert!(own > others && others > 20, "{own} {others}");
}

#[test]
fn an_item_that_is_deleted_takes_its_evidence_with_it() {
    let mut taken = 0;
    each(200, |rng, mut made, _| {
        let gone = made.items.swap_remove(rng.usize(..made.items.len())).id;
        let names = |made: &Workspace| {
            let entries = made
                .members
                .values()
                .flat_map(|member| read(&member.can.skills).chain(read(&member.should.skills)));
            entries
                .filter(|entry: &&SkillEntry| entry.evidence.contains(&gone))
                .count()
        };
        taken += names(&made);
        made.refresh();
        assert_eq!(names(&made), 0);
    });
    assert!(taken > 50, "{taken}");
}

#[test]
fn what_a_member_wrote_is_never_touched_by_a_run() {
    each(200, |rng, mut made, _| {
        let own = |made: &Workspace| {
            let members = made.members.values().cloned().map(|mut member| {
                let is_own = |entry: &Entry<SkillEntry>| !matches!(entry, Entry::Read(entry) if entry.source.is_inferred());
                member.can.skills.retain(is_own);
                (member.can, member.want, member.constraints)
            });
            members.collect::<Vec<_>>()
        };
        let before = own(&made);
        let owner = PEOPLE[rng.usize(..5)];
        made.items.push(item(rng, "more", owner));
        made.refresh();
        assert_eq!(own(&made), before);
    });
}
