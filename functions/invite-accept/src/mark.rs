//! The completion mark of an invite: the log row of a fixed id that names the memberships which the completion stands on,
//! and what must not stand beside them. Pure.
//!
//! A person has one membership of a team and one of a workspace at a time. So where a completion has created one and the
//! mark names another, or none, an admin has removed the person between the two, or before both.

use domain::ids::{derived, InviteId, LogId, TeamMembershipId, WorkspaceId};
use domain::rows::ActivityLog;
use domain::time::Timestamp;
use platform::activity::Change;
use serde::{Deserialize, Serialize};

/// A person's memberships by what tells each from every other of the same person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembershipKeys {
    pub team: Option<TeamMembershipId>,
    /// By the moment it was created.
    pub workspace: Option<Timestamp>,
}

impl MembershipKeys {
    pub fn is_empty(&self) -> bool {
        self.team.is_none() && self.workspace.is_none()
    }
}

/// What the completion mark names: the memberships that the completion has created, or has found there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionRecord {
    pub team: Option<RecordEntry<TeamMembershipId>>,
    pub workspace: Option<RecordEntry<Timestamp>>,
}

/// One membership in a completion record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordEntry<K> {
    pub key: K,
    /// Created by the very completion that wrote the mark, not found there.
    pub made: bool,
}

/// What a mark tells beside the changed columns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MarkDetail {
    /// None where an earlier version wrote the mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    joined: Option<CompletionRecord>,
}

/// What a mark says, and where the invite leads that it is the mark of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub workspace: Option<WorkspaceId>,
    pub record: CompletionRecord,
}

/// Memberships that must not stand, because the person was removed before they were created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rollback {
    pub team: Vec<TeamMembershipId>,
    pub workspace: Vec<Timestamp>,
}

/// The id of an invite's mark.
pub fn mark_id(invite: &InviteId) -> LogId {
    derived("log", &[invite.as_ref(), "accepted"]).into()
}

impl CompletionRecord {
    /// Of what a completion has created, and else of what it found.
    pub fn new(created: &MembershipKeys, found: &MembershipKeys) -> Self {
        Self {
            team: entry(created.team.as_ref(), found.team.as_ref()),
            workspace: entry(created.workspace.as_ref(), found.workspace.as_ref()),
        }
    }

    /// What a mark names. None for one that an earlier version wrote, which names nothing: nobody is judged by it.
    pub fn read(mark: &ActivityLog) -> Option<Self> {
        let change: Change<MarkDetail> = mark.after_json.as_ref()?.read().ok()?;
        change.beside.joined
    }
}

impl MarkDetail {
    pub fn new(record: &CompletionRecord) -> Self {
        Self {
            joined: Some(record.clone()),
        }
    }
}

fn entry<K: Clone>(created: Option<&K>, found: Option<&K>) -> Option<RecordEntry<K>> {
    let entry = |key: &K, made| RecordEntry {
        key: key.clone(),
        made,
    };
    let created = created.map(|key| entry(key, true));
    created.or_else(|| found.map(|key| entry(key, false)))
}

impl Rollback {
    /// What has to be taken back of what a completion of an invite to this workspace has created, by the marks that stand
    /// in the end: the invite's own, whoever wrote it, and those of the invites that were open at the same time.
    pub fn new(created: &MembershipKeys, workspace: Option<&WorkspaceId>, marks: &[Mark]) -> Self {
        let mut rollback = Self::default();
        for mark in marks {
            let team = surplus(created.team.as_ref(), mark.record.team.as_ref());
            if workspace == mark.workspace.as_ref() {
                let named = mark.record.workspace.as_ref();
                let surplus = surplus(created.workspace.as_ref(), named);
                rollback.workspace.extend(surplus);
            } else if !team.is_empty() {
                // Only this invite leads to its workspace, and its membership there was created later still.
                rollback.workspace.extend(created.workspace);
            }
            rollback.team.extend(team);
        }
        rollback
    }

    pub fn is_empty(&self) -> bool {
        self.team.is_empty() && self.workspace.is_empty()
    }
}

/// The memberships that must not stand where a completion has created one and a mark names another, or none. What the
/// other completion found there may stand: an admin can have made it.
fn surplus<K: Clone + PartialEq>(created: Option<&K>, named: Option<&RecordEntry<K>>) -> Vec<K> {
    let Some(created) = created else {
        return Vec::new();
    };
    let other = match named {
        Some(named) if named.key == *created => return Vec::new(),
        Some(named) if named.made => Some(&named.key),
        Some(_) | None => None,
    };
    std::iter::once(created).chain(other).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::document::Envelope;
    use domain::ids::Id;
    use serde_json::{json, Map};

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        let base = Timestamp::parse("2026-01-01T12:00:00.123Z").unwrap();
        base.plus(Duration::from_secs(seconds))
    }

    fn id<I: Id>(text: &str) -> I {
        I::parse(text).unwrap()
    }

    fn keys(team: Option<&str>, workspace: Option<u64>) -> MembershipKeys {
        MembershipKeys {
            team: team.map(id),
            workspace: workspace.map(at),
        }
    }

    fn record(team: Option<(&str, bool)>, workspace: Option<(u64, bool)>) -> CompletionRecord {
        CompletionRecord {
            team: team.map(|(key, made)| RecordEntry { key: id(key), made }),
            workspace: workspace.map(|(key, made)| RecordEntry { key: at(key), made }),
        }
    }

    #[test]
    fn the_mark_names_what_was_created_or_found() {
        let none = keys(None, None);
        let found = keys(Some("m1"), Some(10));
        let created = keys(Some("m2"), Some(20));
        for (created, found, expect) in [
            (&none, &none, record(None, None)),
            (
                &created,
                &none,
                record(Some(("m2", true)), Some((20, true))),
            ),
            (
                &created,
                &found,
                record(Some(("m2", true)), Some((20, true))),
            ),
            (
                &none,
                &found,
                record(Some(("m1", false)), Some((10, false))),
            ),
            (
                &keys(None, Some(20)),
                &found,
                record(Some(("m1", false)), Some((20, true))),
            ),
        ] {
            assert_eq!(CompletionRecord::new(created, found), expect);
        }
    }

    #[test]
    fn what_was_created_beside_the_mark_is_taken_back() {
        let check = |created: Option<&str>, named: Option<(&str, bool)>, expect: &[&str]| {
            let mark = Mark {
                workspace: Some(id("sales")),
                record: record(named, None),
            };
            let sales = id("sales");
            let rollback = Rollback::new(&keys(created, None), Some(&sales), &[mark]);
            let expect: Vec<TeamMembershipId> = expect.iter().copied().map(id).collect();
            assert_eq!(rollback.team, expect);
            assert_eq!(rollback.is_empty(), expect.is_empty());
        };
        // Created nothing, or what the mark stands on.
        check(None, None, &[]);
        check(None, Some(("m1", true)), &[]);
        check(Some("m1"), Some(("m1", true)), &[]);
        check(Some("m1"), Some(("m1", false)), &[]);
        // Created after somebody's removal, or for somebody who was found removed.
        check(Some("m2"), Some(("m1", false)), &["m2"]);
        check(Some("m2"), None, &["m2"]);
        // Two completions created one each: whichever came later came after a removal.
        check(Some("m2"), Some(("m1", true)), &["m2", "m1"]);
    }

    #[test]
    fn beside_another_workspaces_invite_only_the_team_tells_of_a_removal() {
        let check = |other: Option<&str>, team, workspace: Option<u64>, expect: (usize, usize)| {
            let mark = Mark {
                workspace: other.map(id),
                record: record(Some((team, true)), workspace.map(|key| (key, true))),
            };
            let (created, sales) = (keys(Some("m2"), Some(20)), id("sales"));
            let rollback = Rollback::new(&created, Some(&sales), &[mark]);
            assert_eq!((rollback.team.len(), rollback.workspace.len()), expect);
        };
        for other in [Some("other"), None] {
            check(other, "m2", Some(10), (0, 0));
            check(other, "m2", None, (0, 0));
            check(other, "m1", Some(10), (2, 1));
            check(other, "m1", None, (2, 1));
        }
        check(Some("sales"), "m2", Some(20), (0, 0));
        check(Some("sales"), "m1", Some(20), (2, 0));
        check(Some("sales"), "m1", Some(10), (2, 2));
    }

    #[test]
    fn any_mark_of_several_is_enough_to_take_a_membership_back() {
        let mark = |workspace: &str, team| Mark {
            workspace: Some(id(workspace)),
            record: record(Some((team, true)), Some((20, true))),
        };
        let (created, sales) = (keys(Some("m2"), Some(20)), id("sales"));
        let rollback = |marks: &[Mark]| Rollback::new(&created, Some(&sales), marks);
        assert!(rollback(&[]).is_empty());
        assert!(rollback(&[mark("sales", "m2"), mark("other", "m2")]).is_empty());
        for marks in [
            [mark("sales", "m1"), mark("other", "m2")],
            [mark("sales", "m2"), mark("other", "m1")],
        ] {
            assert_eq!(rollback(&marks).team, [id("m2"), id("m1")]);
        }
    }

    #[test]
    fn a_mark_names_what_it_stands_on_and_an_older_one_nothing() {
        let mark = |after| ActivityLog {
            organization_id: id("acme"),
            workspace_id: None,
            item_type: "org_invite".to_owned(),
            item_id: "i1".to_owned(),
            action_type: "invite_accepted".to_owned(),
            actor_user_id: "ada".to_owned(),
            before_json: None,
            after_json: Some(after),
            request_id: id("e1"),
        };
        let mark_of = |beside| {
            let columns = Map::from_iter([("status".to_owned(), json!("accepted"))]);
            mark(Envelope::new(&Change { columns, beside }))
        };
        let older = mark_of(MarkDetail::default());
        assert_eq!(CompletionRecord::read(&older), None);
        let record = record(Some(("m1", true)), Some((10, false)));
        let mark = mark_of(MarkDetail::new(&record));
        let text = mark.after_json.as_ref().unwrap().text();
        assert!(
            text.contains(r#""columns":{"status":"accepted"}"#),
            "{text}"
        );
        assert!(
            text.contains(r#""joined":{"team":{"key":"m1","made":true}"#),
            "{text}"
        );
        assert_eq!(CompletionRecord::read(&mark), Some(record));
    }
}
