//! Which items of a workspace a reader may see: one pure decision for reports, skill maps, explanations and whatever a
//! model is given. Everything a reader gets is made from what this let through.

use std::collections::{HashMap, HashSet};

use crate::ids::{ItemId, UserId};
use crate::rows::{OkrItem, PrivacyMode, WorkspaceMembership, WorkspaceRole};

/// How much of an item a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Not even that it exists.
    Hidden,
    /// Title, type, progress and parent: an item above one that the reader sees.
    Outline,
    Whole,
}

/// Who wants to see.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// With a confirmed membership of the organisation's team: without one nobody is a reader.
    pub user: &'a UserId,
    pub organization_admin: bool,
}

/// What of an item the decision depends on.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub id: &'a ItemId,
    pub parent: Option<&'a ItemId>,
    /// None: the row names nobody who could be.
    pub owner: Option<&'a UserId>,
    pub assignees: &'a [UserId],
    /// Not deleted.
    pub live: bool,
}

impl<'a> Subject<'a> {
    pub fn of(id: &'a ItemId, item: &'a OkrItem) -> Self {
        Self {
            id,
            parent: item.parent_id.as_ref(),
            owner: Some(&item.owner_user_id),
            assignees: item.assignee_user_ids.as_deref().unwrap_or_default(),
            live: item.deleted_at.is_none(),
        }
    }
}

/// How much of each item the reader may see, in the order of `items`. `memberships` are all of the workspace, inactive
/// ones too; `items` are items of that workspace.
///
/// Open: every active member sees every live item. Reporting line: a member sees what they or people below them own or
/// are assigned to, and the outline of what is above it. Admins see everything. Deleted items are hidden from everybody.
/// Neither loops in the chain of managers nor in the chain of parents matter.
pub fn sight(
    mode: PrivacyMode,
    reader: Reader<'_>,
    memberships: &[WorkspaceMembership],
    items: &[Subject<'_>],
) -> Vec<Sight> {
    let everything = |sight: Sight| {
        let of = |item: &Subject<'_>| if item.live { sight } else { Sight::Hidden };
        items.iter().map(of).collect()
    };
    if sees_everything(mode, reader, memberships) {
        everything(Sight::Whole)
    } else if is_active(reader, memberships) {
        reporting_line(&ReportingLine::of(reader, memberships), items)
    } else {
        everything(Sight::Hidden)
    }
}

/// Whether the reader sees every live item there may be, whatever items there are.
pub fn sees_everything(
    mode: PrivacyMode,
    reader: Reader<'_>,
    memberships: &[WorkspaceMembership],
) -> bool {
    let is_admin = |membership: &WorkspaceMembership| {
        membership.active
            && membership.user_id == *reader.user
            && membership.role == WorkspaceRole::Admin
    };
    reader.organization_admin
        || memberships.iter().any(is_admin)
        || match mode {
            PrivacyMode::Open => is_active(reader, memberships),
            PrivacyMode::ReportingLine => false,
        }
}

/// The people whose work a reader sees in the reporting line: themselves and everybody below them.
#[derive(Debug)]
pub struct ReportingLine<'a>(HashSet<&'a UserId>);

impl<'a> ReportingLine<'a> {
    pub fn of(reader: Reader<'a>, memberships: &'a [WorkspaceMembership]) -> Self {
        Self(people_below(reader.user, memberships))
    }

    /// Whether an item of theirs is one that the reader sees whole.
    pub fn has(&self, owner: Option<&UserId>, assignees: &[UserId]) -> bool {
        owner.is_some_and(|user| self.0.contains(user))
            || assignees.iter().any(|user| self.0.contains(user))
    }
}

fn is_active(reader: Reader<'_>, memberships: &[WorkspaceMembership]) -> bool {
    let is_own = |membership: &WorkspaceMembership| membership.user_id == *reader.user;
    memberships
        .iter()
        .any(|membership| membership.active && is_own(membership))
}

/// The user and everybody below them, at any depth.
fn people_below<'a>(
    user: &'a UserId,
    memberships: &'a [WorkspaceMembership],
) -> HashSet<&'a UserId> {
    let mut managed: HashMap<&UserId, Vec<&UserId>> = HashMap::new();
    for membership in memberships {
        if let Some(manager) = &membership.manager_user_id {
            managed
                .entry(manager)
                .or_default()
                .push(&membership.user_id);
        }
    }
    let mut found = HashSet::from([user]);
    let mut open = vec![user];
    while let Some(manager) = open.pop() {
        let new = managed
            .get(manager)
            .into_iter()
            .flatten()
            .filter(|user| found.insert(**user));
        open.extend(new);
    }
    found
}

fn reporting_line(line: &ReportingLine<'_>, items: &[Subject<'_>]) -> Vec<Sight> {
    let live = items.iter().enumerate().filter(|(_, item)| item.live);
    let place: HashMap<&ItemId, usize> = live.map(|(place, item)| (item.id, place)).collect();
    let sees = |item: &Subject<'_>| item.live && line.has(item.owner, item.assignees);
    let mut sight: Vec<Sight> = items
        .iter()
        .map(|item| {
            if sees(item) {
                Sight::Whole
            } else {
                Sight::Hidden
            }
        })
        .collect();
    for item in items.iter().filter(|item| sees(item)) {
        let mut above = item.parent.and_then(|parent| place.get(parent));
        while let Some(found) = above {
            // What is above an item that is seen or outlined already has been or will be outlined from there.
            if sight[*found] != Sight::Hidden {
                break;
            }
            sight[*found] = Sight::Outline;
            above = items[*found].parent.and_then(|parent| place.get(parent));
        }
    }
    sight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    fn membership((user, manager, active, admin): (&str, &str, bool, bool)) -> WorkspaceMembership {
        WorkspaceMembership {
            organization_id: Id::parse("acme").unwrap(),
            workspace_id: Id::parse("sales").unwrap(),
            user_id: Id::parse(user).unwrap(),
            role: if admin {
                WorkspaceRole::Admin
            } else {
                WorkspaceRole::User
            },
            manager_user_id: Id::parse(manager),
            active,
            invited_via_invite_id: None,
        }
    }

    /// Items are `id parent owner [assignee…]`; a dash stands for nobody, a `!` before the id for deleted.
    #[track_caller]
    fn check(mode: PrivacyMode, reader: &str, organization_admin: bool, expect: &str) {
        let people = [
            ("ada", "-", true, true),
            ("bob", "-", true, false),
            ("cy", "bob", false, false),
            ("dee", "cy", true, false),
            ("eve", "fay", true, false),
            ("fay", "eve", true, false),
            ("gil", "-", false, true),
        ];
        let memberships: Vec<WorkspaceMembership> = people.into_iter().map(membership).collect();
        let text = "top - ada\nmid top ada\nbob1 mid bob\ndee1 mid dee\neve1 top ada fay\n!old top bob\nlost old bob\nring1 ring2 dee\nring2 ring1 ada\nboss1 - ada\nfoot bob1 ada";
        let words: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        let id = |word: &str| ItemId::parse(word.trim_start_matches('!'));
        let ids: Vec<(ItemId, Option<ItemId>, UserId, Vec<UserId>)> = words
            .iter()
            .map(|words| {
                let assignees = words[3..]
                    .iter()
                    .map(|word| UserId::parse(word).unwrap())
                    .collect();
                (
                    id(words[0]).unwrap(),
                    id(words[1]),
                    UserId::parse(words[2]).unwrap(),
                    assignees,
                )
            })
            .collect();
        let items: Vec<Subject<'_>> = ids
            .iter()
            .zip(&words)
            .map(|((id, parent, owner, assignees), words)| Subject {
                id,
                parent: parent.as_ref(),
                owner: Some(owner),
                assignees,
                live: !words[0].starts_with('!'),
            })
            .collect();
        let user = UserId::parse(reader).unwrap();
        let shown: Vec<String> = sight(
            mode,
            Reader {
                user: &user,
                organization_admin,
            },
            &memberships,
            &items,
        )
        .iter()
        .zip(&items)
        .filter_map(|(sight, item)| match sight {
            Sight::Hidden => None,
            Sight::Outline => Some(format!("({})", item.id)),
            Sight::Whole => Some(item.id.to_string()),
        })
        .collect();
        assert_eq!(shown.join(" "), expect);
    }

    const ALL: &str = "top mid bob1 dee1 eve1 lost ring1 ring2 boss1 foot";

    #[test]
    fn in_the_open_every_active_member_sees_every_live_item() {
        check(PrivacyMode::Open, "dee", false, ALL);
        check(PrivacyMode::Open, "cy", false, "");
        check(PrivacyMode::Open, "stranger", false, "");
    }

    #[test]
    fn a_member_sees_their_line_and_the_outline_above_it() {
        check(
            PrivacyMode::ReportingLine,
            "dee",
            false,
            "(top) (mid) dee1 ring1 (ring2)",
        );
        check(
            PrivacyMode::ReportingLine,
            "bob",
            false,
            "(top) (mid) bob1 dee1 lost ring1 (ring2)",
        );
        check(PrivacyMode::ReportingLine, "eve", false, "(top) eve1");
        check(PrivacyMode::ReportingLine, "fay", false, "(top) eve1");
    }

    #[test]
    fn admins_see_everything_and_inactive_ones_nothing() {
        check(PrivacyMode::ReportingLine, "ada", false, ALL);
        check(PrivacyMode::ReportingLine, "gil", false, "");
        check(PrivacyMode::ReportingLine, "owner", true, ALL);
    }
}
