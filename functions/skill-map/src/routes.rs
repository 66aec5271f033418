//! The ways in: load, decide, save.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use domain::document::{meta as meta_of, Document, Envelope, Unreadable};
use domain::ids::{derived, ItemId, MemberSkillsId, OrganizationId, TeamId, UserId, WorkspaceId};
use domain::rows::{MemberSkills, Organization, Workspace, WorkspaceMembership, WorkspaceRole};
use domain::{Code, Failure};
use platform::access::{ItemReader, OfItem, OfWorkspace, WorkspaceMember};
use platform::activity::{self, Activity};
use platform::appwrite::{CreateOutcome, PatchOutcome, Query, RowPage, StoredRow};
use platform::scope::Scope;
use platform::sweep::SweepOutcome;
use platform::view::View;
use platform::{panics, Cx, Reply};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::documents::{Can, Constraint, Constraints, Should, Term, Want};
use crate::map::{
    coverage, or_proposed, refresh, show, silent, skills, skills_of, works, Coverage, Looks,
    Member, OwnTerms, ShownMap, Silent, Skills, Work,
};
use crate::proposals::{judge, Memory, ModelUse, Verdicts};
use crate::question::{Answered, Permission, Questions};
use crate::suggest::{suggest, Candidate, Question, Suggestion};
use crate::words::Language;
use crate::write::{confirm, write, Edit, SkillLevel};

/// Maps that a page shows.
const PAGE: usize = 50;

/// Rows of maps that one list asks for: each may hold some hundred kilobytes.
const ROWS: usize = 20;

/// Skills that the coverage of a workspace names, the least covered first.
const MOST_COVERED: usize = 200;

/// How often a row is read again that somebody else has just written.
const TRIES: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Refresh {
    workspace_id: WorkspaceId,
    user_id: Option<UserId>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Matrix {
    workspace_id: WorkspaceId,
    /// The `next` of the page before.
    after: Option<UserId>,
    #[serde(default = "english")]
    language: Language,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Suggest {
    item_id: ItemId,
    #[serde(default = "english")]
    language: Language,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Put {
    workspace_id: WorkspaceId,
    statements: Option<Vec<SkillLevel>>,
    want: Option<Vec<SkillLevel>>,
    constraints: Option<Vec<Constraint>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Confirm {
    workspace_id: WorkspaceId,
    /// None for the whole map as it is now.
    skills: Option<Vec<Term>>,
    /// False takes it back.
    #[serde(default = "yes")]
    confirmed: bool,
}

fn english() -> Language {
    Language::En
}

fn yes() -> bool {
    true
}

impl OfWorkspace for Refresh {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

impl OfWorkspace for Matrix {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

impl OfWorkspace for Put {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

impl OfWorkspace for Confirm {
    fn workspace(&self) -> &WorkspaceId {
        &self.workspace_id
    }
}

impl OfItem for Suggest {
    fn item(&self) -> &ItemId {
        &self.item_id
    }
}

/// How many maps were looked at. What changed in whose is told to nobody here: it may follow from hidden items.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefreshOutcome {
    workspace_id: WorkspaceId,
    maps: usize,
}

/// One person's line of the matrix.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    user_id: UserId,
    name: String,
    #[serde(flatten)]
    map: ShownMap,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownMatrix {
    workspace_id: WorkspaceId,
    members: Vec<Line>,
    /// With the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Vec<Coverage>>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<UserId>,
}

/// The member's own map.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnMap {
    workspace_id: WorkspaceId,
    user_id: UserId,
    #[serde(flatten)]
    map: ShownMap,
}

/// What a sweep did.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    workspaces: usize,
    swept: usize,
    failed: usize,
    maps: usize,
    changed: usize,
}

/// `POST /`: makes anew what follows from items, of everybody or of one.
pub(crate) async fn refresh_maps(
    cx: Cx,
    member: WorkspaceMember,
    request: Refresh,
) -> Result<Reply<RefreshOutcome>, Failure> {
    let only = request.user_id.as_ref();
    let place = (&member.organization, &member.workspace);
    let mut questions = Questions::new(&cx);
    let done = run(&cx, place, &member.user, only, &mut questions).await?;
    if request.user_id.is_some() && done.maps == 0 {
        return Err(Failure::not_found("member"));
    }
    Ok(Reply::ok(RefreshOutcome {
        workspace_id: member.workspace.id,
        maps: done.maps,
    }))
}

/// `GET /?workspaceId=`: what everybody can, should and wants, as the reader may see it, and what is not covered.
pub(crate) async fn matrix(
    cx: Cx,
    member: WorkspaceMember,
    request: Matrix,
) -> Result<Reply<ShownMatrix>, Failure> {
    let scope = Scope::from(&member.workspace);
    let memberships = scope.memberships(&cx).await?;
    let view = View::load_beside(&cx, &member, &memberships).await?;
    let team = Team::load(&cx, &scope, &member.organization.team_id, &memberships).await?;
    let now = cx.now();
    let (reader, language, after) = (member.user, request.language, request.after);
    let is_admin = member.organization_admin || team.administers(&reader);
    let matrix = blocking(move || {
        let works = works(&view, now);
        let active = team.people.into_iter().filter(|candidate| candidate.active);
        let lines = active.map(|candidate| {
            let looks = match () {
                () if candidate.user == reader => Looks::Oneself,
                () if is_admin => Looks::Admin,
                () => Looks::Member,
            };
            Line {
                map: show(&candidate.member, &works, looks, language),
                user_id: candidate.user,
                name: candidate.name,
            }
        });
        let lines: Vec<Line> = lines.collect();
        let mut covered = coverage(
            lines.iter().map(|line| (&line.user_id, &line.map)),
            &works,
            language,
        );
        covered.truncate(MOST_COVERED);
        let is_after = |line: &Line| after.as_ref().is_none_or(|after| line.user_id > *after);
        let mut members: Vec<Line> = lines.into_iter().filter(is_after).collect();
        let is_last = members.len() <= PAGE;
        members.truncate(PAGE);
        ShownMatrix {
            workspace_id: view.workspace,
            next: members
                .last()
                .filter(|_| !is_last)
                .map(|line| line.user_id.clone()),
            members,
            coverage: after.is_none().then_some(covered),
        }
    });
    Ok(Reply::ok(matrix.await?))
}

/// `POST /suggest`: who could take an item, and who could not, and why. It writes nothing.
pub(crate) async fn suggest_members(
    cx: Cx,
    reader: ItemReader,
    request: Suggest,
) -> Result<Reply<Suggestion>, Failure> {
    let member = reader.0;
    let scope = Scope::from(&member.workspace);
    let memberships = scope.memberships(&cx).await?;
    let view = View::load_beside(&cx, &member, &memberships).await?;
    let seen = view.items.iter().find(|seen| seen.id == request.item_id);
    let seen = seen.ok_or_else(|| Failure::not_found("item"))?.clone();
    let Some(whole) = seen.whole else {
        return Err(Failure::new(
            Code::NotAllowed,
            "You see no more of this item than its title. Ask somebody who sees all of it.",
        ));
    };
    let team = Team::load(&cx, &scope, &member.organization.team_id, &memberships).await?;
    let description = view.description(&cx, &request.item_id).await?;
    let description = description.unwrap_or_default();
    let now = cx.now();
    let suggestion = blocking(move || {
        let works = works(&view, now);
        let text = format!("{}. {description}", seen.title);
        let named = skills_of(&text, &team.own_terms());
        let reader = team.people.iter().find(|one| one.user == member.user);
        let needs = reader.map(|reader| or_proposed(&named, &reader.member, &request.item_id));
        let needs = needs.unwrap_or(named);
        let people: BTreeSet<UserId> = whole.owner.into_iter().chain(whole.assignees).collect();
        let question = Question {
            item: &request.item_id,
            needs: &needs,
            people: &people,
            due: whole.due,
            now,
            works: &works,
            reader: &member.user,
            language: request.language,
        };
        suggest(&question, &team.people)
    });
    Ok(Reply::ok(suggestion.await?))
}

/// `PUT /`: the member's own words, each list that is given in the place of the one before.
pub(crate) async fn put(
    cx: Cx,
    member: WorkspaceMember,
    request: Put,
) -> Result<Reply<OwnMap>, Failure> {
    let edit = Edit {
        statements: request.statements,
        want: request.want,
        constraints: request.constraints,
    };
    let edit = blocking(move || edit.checked()).await??;
    own(&cx, &member, "skills_stated", |now| Ok(write(now, &edit))).await
}

/// `POST /confirm`: the member lets others see what follows from items, whole or skill by skill, or takes it back.
pub(crate) async fn confirm_skills(
    cx: Cx,
    member: WorkspaceMember,
    request: Confirm,
) -> Result<Reply<OwnMap>, Failure> {
    let skills = request.skills.as_deref();
    own(&cx, &member, "skills_confirmed", |now| {
        Ok(confirm(now, skills, request.confirmed)?)
    })
    .await
}

/// The cron: every workspace, in another order each night, so that what one has no time for is not always the same.
pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<Counts>, Failure> {
    let organizations: RowPage<Organization> = cx.rows.all(&[Query::is_null("archivedAt")]).await?;
    let organizations: BTreeMap<OrganizationId, Organization> = organizations
        .rows
        .into_iter()
        .map(|stored| (stored.id, stored.row))
        .collect();
    let mut workspaces: Vec<StoredRow<Workspace>> =
        cx.rows.all(&[Query::is_null("archivedAt")]).await?.rows;
    workspaces.retain(|workspace| organizations.contains_key(&workspace.row.organization_id));
    workspaces.sort_by_cached_key(|workspace| {
        derived("sweep", &[workspace.id.as_ref(), cx.execution.as_ref()])
    });
    let mut counts = Counts {
        workspaces: workspaces.len(),
        ..Counts::default()
    };
    let mut questions = Questions::new(&cx);
    for workspace in workspaces {
        if Instant::now() >= cx.stop_at() {
            break;
        }
        let Some(organization) = organizations.get(&workspace.row.organization_id) else {
            continue;
        };
        let user = &organization.created_by_user_id;
        match run(&cx, (organization, &workspace), user, None, &mut questions).await {
            Ok(done) => {
                counts.swept += 1;
                counts.maps += done.maps;
                counts.changed += done.changed;
            }
            Err(failure) => {
                counts.failed += 1;
                cx.note(format!(
                    "workspace {} was not swept: {failure}",
                    workspace.id
                ));
            }
        }
    }
    Ok(SweepOutcome {
        is_complete: counts.swept == counts.workspaces,
        summary: counts,
    })
}

fn row_id(scope: &Scope, user: &UserId) -> MemberSkillsId {
    let parts = [
        scope.organization.as_ref(),
        scope.workspace.as_ref(),
        user.as_ref(),
    ];
    MemberSkillsId::from(derived("member_skills", &parts))
}

/// Every map of the workspace; of several of one person the one with the id that we give, or else the oldest.
async fn rows(
    cx: &Cx,
    scope: &Scope,
) -> Result<BTreeMap<UserId, StoredRow<MemberSkills>>, Failure> {
    let page: RowPage<MemberSkills> = cx.rows.all_by(ROWS, &scope.queries()).await?;
    cx.note_unreadable(&page);
    Ok(one_each(scope, page.rows))
}

fn one_each(
    scope: &Scope,
    rows: Vec<StoredRow<MemberSkills>>,
) -> BTreeMap<UserId, StoredRow<MemberSkills>> {
    let mut one_each: BTreeMap<UserId, StoredRow<MemberSkills>> = BTreeMap::new();
    for stored in rows {
        let user = stored.row.user_id.clone();
        if !one_each.contains_key(&user) || stored.id == row_id(scope, &user) {
            one_each.insert(user, stored);
        }
    }
    one_each
}

async fn row(
    cx: &Cx,
    scope: &Scope,
    user: &UserId,
) -> Result<Option<StoredRow<MemberSkills>>, Failure> {
    let mut queries = scope.queries();
    queries.push(Query::equal("userId", [user.as_ref()]));
    let page: RowPage<MemberSkills> = cx.rows.all_by(ROWS, &queries).await?;
    cx.note_unreadable(&page);
    Ok(one_each(scope, page.rows).remove(user))
}

/// The people of a workspace with their maps.
struct Team {
    people: Vec<Candidate>,
    admins: BTreeSet<UserId>,
}

impl Team {
    async fn load(
        cx: &Cx,
        scope: &Scope,
        team: &TeamId,
        memberships: &[WorkspaceMembership],
    ) -> Result<Self, Failure> {
        let mut rows = rows(cx, scope).await?;
        let mut active: BTreeMap<UserId, bool> = BTreeMap::new();
        for membership in memberships {
            *active.entry(membership.user_id.clone()).or_default() |= membership.active;
        }
        let users: Vec<UserId> = active.keys().cloned().collect();
        let team = cx.rows.team_members(team, &users).await?;
        let admins = memberships
            .iter()
            .filter(|one| one.active && one.role == WorkspaceRole::Admin);
        let admins = admins
            .map(|membership| membership.user_id.clone())
            .collect();
        let people = active.into_iter().map(|(user, active)| {
            let mut names = team
                .iter()
                .filter(|member| member.user == user)
                .map(|member| member.name.trim());
            let name = names
                .find(|name| !name.is_empty())
                .map_or_else(|| user.to_string(), str::to_owned);
            let confirmed = team
                .iter()
                .any(|member| member.user == user && member.confirmed);
            Candidate {
                name,
                active: active && confirmed,
                member: rows
                    .remove(&user)
                    .map(|stored| lenient(cx, &stored))
                    .unwrap_or_default(),
                user,
            }
        });
        Ok(Self {
            people: people.collect(),
            admins,
        })
    }

    fn administers(&self, user: &UserId) -> bool {
        self.admins.contains(user)
    }

    fn own_terms(&self) -> OwnTerms {
        OwnTerms::of(
            self.people
                .iter()
                .flat_map(|candidate| candidate.member.told()),
        )
    }
}

/// What of a row can be read; the rest is told in the log.
fn lenient(cx: &Cx, stored: &StoredRow<MemberSkills>) -> Member {
    let row = &stored.row;
    fn one<D: Document + Default>(cx: &Cx, id: &MemberSkillsId, column: &Option<Envelope>) -> D {
        document(column).unwrap_or_else(|why| {
            cx.note(format!("{} of map {id} is {why}", D::NAME));
            D::default()
        })
    }
    Member {
        can: one(cx, &stored.id, &row.can_json),
        should: one(cx, &stored.id, &row.should_json),
        want: one(cx, &stored.id, &row.want_json),
        constraints: one(cx, &stored.id, &row.constraints_json),
    }
}

fn document<D: Document + Default>(column: &Option<Envelope>) -> Result<D, Unreadable> {
    column
        .as_ref()
        .map_or_else(|| Ok(D::default()), Envelope::read)
}

/// What a run did.
#[derive(Debug, Default)]
struct Done {
    maps: usize,
    changed: usize,
}

/// What maps are made of: the items of a workspace, which of them name which skills, and the titles that name none.
struct Made {
    works: Vec<Work>,
    skills: Skills,
    silent: Silent,
}

/// Makes the maps of a workspace anew, or one of them. They are made of all items, whoever asks: each map holds only items
/// that are its member's own. Afterwards a model is asked about titles that name no skill, where it may be.
async fn run(
    cx: &Cx,
    (organization, workspace): (&Organization, &StoredRow<Workspace>),
    user: &UserId,
    only: Option<&UserId>,
    questions: &mut Questions,
) -> Result<Done, Failure> {
    let scope = &Scope::from(workspace);
    let memberships = scope.memberships(cx).await?;
    let view = View::load_everything(cx, workspace, user, &memberships).await?;
    let rows = rows(cx, scope).await?;
    let users = memberships
        .into_iter()
        .filter(|membership| membership.active);
    let users: BTreeSet<UserId> = users.map(|membership| membership.user_id).collect();
    let users = users
        .into_iter()
        .filter(|user| only.is_none_or(|only| only == user));
    let users: Vec<UserId> = users.collect();
    let maps: Vec<Member> = rows.values().map(|stored| lenient(cx, stored)).collect();
    let own = OwnTerms::of(maps.iter().flat_map(Member::told));
    let now = cx.now();
    let made = blocking(move || {
        let skills = skills(&view, &own);
        Made {
            works: works(&view, now),
            silent: silent(&view, &skills),
            skills,
        }
    });
    let made = &made.await?;
    let permission = questions.permitted(organization);
    let mut done = Done::default();
    for user in &users {
        if Instant::now() >= cx.stop_at() {
            return Err(Failure::new(
                Code::TimedOut,
                "Not all maps fitted into the function's time. Try again: what is done stays done.",
            ));
        }
        let listed = rows.get(user).cloned();
        let proposed = match permission {
            Some(_) => Proposed::Before,
            None => Proposed::Never,
        };
        let is_changed = refresh_one(cx, scope, user, listed, made, &proposed).await?;
        done.changed += usize::from(is_changed);
        done.maps += 1;
    }
    if let Some(permission) = permission.filter(|_| questions.are_left()) {
        // The maps are made: what goes wrong from here on costs no more than the proposals.
        let proposed = propose(cx, scope, &users, made, &permission, questions).await;
        if let Err(failure) = proposed {
            cx.note(format!("no model was asked: {failure}"));
        }
    }
    cx.note(format!(
        "workspace={} items={} maps={} changed={} bytes={}",
        scope.workspace,
        made.works.len(),
        done.maps,
        done.changed,
        cx.rows.bytes_read()
    ));
    Ok(done)
}

/// Asks a model about titles of members whose maps are made by then: first for those who have waited longest for it.
async fn propose(
    cx: &Cx,
    scope: &Scope,
    users: &[UserId],
    made: &Made,
    permission: &Permission,
    questions: &mut Questions,
) -> Result<(), Failure> {
    let mut rows = rows(cx, scope).await?;
    let mut due = Vec::new();
    for user in users {
        let stored = rows.remove(user);
        let row = stored.as_ref().map(|stored| &stored.row);
        let memory = row.map(memory).unwrap_or_default();
        // What came of it could not be written into a column that cannot be read.
        let can_be_written = row.is_none_or(|row| document::<Should>(&row.should_json).is_ok());
        if can_be_written && memory.is_due(cx.now()) {
            let titles = memory.unknown(user, &made.works, &made.silent);
            due.push((memory, user, stored, titles));
        }
    }
    due.retain(|(_, _, _, titles)| !titles.is_empty());
    due.sort_by(|a, b| (a.0.asked, a.1).cmp(&(b.0.asked, b.1)));
    for (memory, user, stored, titles) in due {
        let map = stored
            .as_ref()
            .map_or_else(|| row_id(scope, user), |stored| stored.id.clone());
        let Some(Answered { usage, answer }) =
            questions.ask(cx, permission, scope, &map, &titles).await?
        else {
            break;
        };
        let (now, silent) = (cx.now(), &made.silent);
        let used = match answer {
            Some(answer) => {
                let shown = titles.clone();
                let (skills, verdicts) = blocking(move || judge(answer, &shown)).await?;
                let memory = memory.with(now, silent, &titles, skills);
                ModelUse::new(usage, verdicts, memory)
            }
            None => ModelUse::new(usage, Verdicts::new(), memory.without_answer(now)),
        };
        refresh_one(cx, scope, user, stored, made, &Proposed::Now(&used)).await?;
    }
    Ok(())
}

/// What a model has proposed for a member's titles.
enum Proposed<'a> {
    /// None may be asked for the organisation, and what one said before counts no more.
    Never,
    /// What the map remembers.
    Before,
    Now(&'a ModelUse),
}

async fn refresh_one(
    cx: &Cx,
    scope: &Scope,
    user: &UserId,
    mut listed: Option<StoredRow<MemberSkills>>,
    made: &Made,
    proposed: &Proposed<'_>,
) -> Result<bool, Failure> {
    for tries in 0..TRIES {
        if tries > 0 {
            listed = row(cx, scope, user).await?;
        }
        let before = listed
            .as_ref()
            .map_or_else(|| blank(scope, user), |stored| stored.row.clone());
        let mut wanted = before.clone();
        // A column that cannot be read stays as it is: what stands there is somebody's.
        let (can, should) = (
            document::<Can>(&before.can_json),
            document::<Should>(&before.should_json),
        );
        let known = (
            can.clone().unwrap_or_default(),
            should.clone().unwrap_or_default(),
        );
        let (meta, of_model) = match proposed {
            Proposed::Never => (None, Skills::new()),
            Proposed::Before => (meta(&before), memory(&before).skills(&made.silent)),
            Proposed::Now(used) => (Some(used.meta()), used.memory.skills(&made.silent)),
        };
        let Made { works, skills, .. } = made;
        let (new_can, new_should) = refresh(&known.0, &known.1, user, works, skills, &of_model);
        if can.is_ok_and(|can| can != new_can) {
            wanted.can_json = Some(Envelope::new(&new_can));
        }
        if should.is_ok_and(|should| should != new_should || self::meta(&before) != meta) {
            let column = Envelope::new(&new_should);
            wanted.should_json = Some(match meta {
                Some(meta) => column.with_meta(&meta),
                None => column,
            });
        }
        if wanted == before {
            return Ok(false);
        }
        let is_saved = match &listed {
            Some(stored) => matches!(cx.rows.patch(stored, &wanted).await?, PatchOutcome::Done(_)),
            None => matches!(
                cx.rows.create(&row_id(scope, user), &wanted, &[]).await?,
                CreateOutcome::New(_)
            ),
        };
        if is_saved {
            return Ok(true);
        }
    }
    Err(busy())
}

/// What is known of earlier questions to a model.
fn memory(row: &MemberSkills) -> Memory {
    meta(row).as_ref().map(Memory::read).unwrap_or_default()
}

/// How what the member should was made.
fn meta(row: &MemberSkills) -> Option<Value> {
    meta_of(&row.should_json.as_ref()?.text())
}

fn blank(scope: &Scope, user: &UserId) -> MemberSkills {
    MemberSkills {
        organization_id: scope.organization.clone(),
        workspace_id: scope.workspace.clone(),
        user_id: user.clone(),
        can_json: None,
        should_json: None,
        want_json: None,
        constraints_json: None,
        updated_by_user_id: user.clone(),
    }
}

fn busy() -> Failure {
    Failure::new(
        Code::Conflict,
        "The map is being changed by others right now. Try again.",
    )
}

/// Changes the caller's own map, writes down who did, and answers with it.
async fn own(
    cx: &Cx,
    member: &WorkspaceMember,
    action: &str,
    change: impl Fn(&Member) -> Result<Member, Failure>,
) -> Result<Reply<OwnMap>, Failure> {
    let scope = Scope::from(&member.workspace);
    let view = View::load(cx, member).await?;
    for _ in 0..TRIES {
        let listed = match row(cx, &scope, &member.user).await? {
            Some(stored) => stored,
            None => {
                let blank = blank(&scope, &member.user);
                match cx
                    .rows
                    .create(&row_id(&scope, &member.user), &blank, &[])
                    .await?
                {
                    CreateOutcome::New(stored) => stored,
                    CreateOutcome::Taken(_) => continue,
                }
            }
        };
        let before = strict(&listed.row)?;
        let after = change(&before)?;
        let wanted = columns(&listed.row, &before, &after, &member.user);
        if wanted != listed.row {
            match cx.rows.patch(&listed, &wanted).await? {
                PatchOutcome::Done(_) => {}
                PatchOutcome::Conflict => continue,
            }
            let activity = Activity {
                organization: &scope.organization,
                workspace: Some(&scope.workspace),
                item_type: "member_skills",
                action,
                actor: member.user.as_ref(),
                before: &listed,
                after: &wanted,
            };
            activity::record(cx, activity).await?;
        }
        let works = works(&view, cx.now());
        return Ok(Reply::ok(OwnMap {
            map: show(&after, &works, Looks::Oneself, Language::En),
            workspace_id: scope.workspace,
            user_id: member.user.clone(),
        }));
    }
    Err(busy())
}

/// A row to be changed must be readable: nothing of it is overwritten that is not understood.
fn strict(row: &MemberSkills) -> Result<Member, Failure> {
    let refused = |column: &'static str| {
        move |why: Unreadable| {
            Failure::new(
                Code::Conflict,
                format!("{column} of your map is {why}. Have an operator clear the column, then try again."),
            )
        }
    };
    Ok(Member {
        can: document(&row.can_json).map_err(refused("canJson"))?,
        should: document(&row.should_json).map_err(refused("shouldJson"))?,
        want: document(&row.want_json).map_err(refused("wantJson"))?,
        constraints: document(&row.constraints_json).map_err(refused("constraintsJson"))?,
    })
}

/// The row with the documents that changed.
fn columns(row: &MemberSkills, before: &Member, after: &Member, user: &UserId) -> MemberSkills {
    let mut wanted = row.clone();
    if before == after {
        return wanted;
    }
    if before.can != after.can {
        wanted.can_json = Some(Envelope::new::<Can>(&after.can));
    }
    if before.want != after.want {
        wanted.want_json = Some(Envelope::new::<Want>(&after.want));
    }
    if before.constraints != after.constraints {
        wanted.constraints_json = Some(Envelope::new::<Constraints>(&after.constraints));
    }
    wanted.updated_by_user_id = user.clone();
    wanted
}

/// Work that takes a while, beside what waits for the network.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::internal(panics::of_task(&error)))
}
