//! The ways in: load, decide, save.

use std::time::Duration;

use domain::document::{Document, Envelope, Unreadable, Versioned};
use domain::ids::{derived, ExecutionId, OrganizationId, ScrapeJobId};
use domain::rows::{JobStatus, Organization, Row, ScrapeJob};
use domain::{Code, Failure};
use extraction::proposal::Proposal;
use model::usage::Meta;
use platform::access::{Access, OfOrganization, OrganizationAdmin};
use platform::activity::{self, Activity};
use platform::appwrite::{PatchOutcome, Query, RowPage, StoredRow};
use platform::job::{self, Counts, EventOutcome, Job, JobOutcome, OfJob, Requester};
use platform::sweep::SweepOutcome;
use platform::{Cx, Reply, RowEvent};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::apply::{apply, FieldName, Kept};
use crate::crawl::{self, Budget, Unread};
use crate::fetch::{FetchFailure, Fetcher, Limits};
use crate::guard::{self, DevelopmentHosts, Guard, Resolver};
use crate::pointers::{self, ModelUse};
use crate::reader::{self, Reader};

/// What the deterministic extractor is called in scrape_jobs.provider.
const PROVIDER: &str = "rules";

/// Longest `input` that a job keeps, in bytes of JSON.
const MAX_INPUT: usize = 65_536;

/// What reading the pages of a site and writing the result down may take after the crawl. A sweep begins a job only if it
/// has so much time left and that of a whole crawl.
const READING: Duration = Duration::from_secs(20);

/// Jobs of one list when the latest of a URL is looked for.
const PAGE: usize = 100;

/// Guarded writes of an organisation that others are changing, before the caller is asked to try again.
const APPLY_TRIES: u32 = 4;

/// `scrape_jobs.inputJson`: whatever the asking side wants to keep with the job.
#[derive(Debug, Serialize, Deserialize)]
struct Input {
    input: Map<String, Value>,
}

impl Document for Input {
    const NAME: &'static str = "input";
    const VERSION: u32 = 1;
}

/// What tells a job for a URL from those for others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobAddress {
    source_url: String,
    status: JobStatus,
}

impl Row for JobAddress {
    const TABLE: &'static str = ScrapeJob::TABLE;
    type Id = ScrapeJobId;
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Create {
    organization_id: OrganizationId,
    source_url: String,
    input: Option<Map<String, Value>>,
}

impl OfOrganization for Create {
    fn organization(&self) -> &OrganizationId {
        &self.organization_id
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cancel {
    job_id: ScrapeJobId,
}

impl OfJob<ScrapeJob> for Cancel {
    fn job(&self) -> &ScrapeJobId {
        &self.job_id
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Apply {
    job_id: ScrapeJobId,
    /// All, if absent.
    fields: Option<Vec<FieldName>>,
    #[serde(default)]
    overwrite: Vec<FieldName>,
}

/// An admin of the organisation of a job that may be anybody's.
#[derive(Debug)]
pub(crate) struct JobAdmin {
    job: StoredRow<ScrapeJob>,
    admin: OrganizationAdmin,
}

impl Access<Apply> for JobAdmin {
    const WHO: &'static str = <OrganizationAdmin as Access<Create>>::WHO;

    async fn check(cx: &Cx, request: &Apply) -> Result<Self, Failure> {
        let no_job = || Failure::not_found("job");
        let job = cx.rows.find::<ScrapeJob>(&request.job_id).await?;
        let job = job.ok_or_else(no_job)?;
        let user = cx.user()?;
        let admin = OrganizationAdmin::of(cx, &job.row.organization_id, user).await;
        match admin {
            Ok(admin) => Ok(Self { job, admin }),
            Err(failure) if failure.code == Code::NotFound => Err(no_job()),
            Err(failure) => Err(failure),
        }
    }
}

/// A job as replies show it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownJob {
    job_id: ScrapeJobId,
    status: JobStatus,
    function_execution_id: Option<ExecutionId>,
    error_message: Option<String>,
    /// The profile of a job that is done.
    document: Option<Versioned<Proposal>>,
}

impl From<StoredRow<ScrapeJob>> for ShownJob {
    fn from(job: StoredRow<ScrapeJob>) -> Self {
        Self {
            document: proposal(&job).ok().map(Versioned::new),
            job_id: job.id,
            status: job.row.status,
            function_execution_id: job.row.function_execution_id,
            error_message: job.row.error_message,
        }
    }
}

/// What was copied to the organisation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Applied {
    organization_id: OrganizationId,
    applied: Vec<FieldName>,
    kept: Vec<KeptField>,
}

/// A field that was left as it is.
#[derive(Debug, Serialize)]
struct KeptField {
    field: FieldName,
    reason: Kept,
}

/// `POST /`: creates the job already running and runs it; an open job for the same organisation and URL is returned
/// instead of a second one.
pub(crate) async fn create(
    cx: Cx,
    admin: OrganizationAdmin,
    request: Create,
) -> Result<Reply<ShownJob>, Failure> {
    let url = source_url(&request.source_url)?;
    let StoredRow {
        id: organization,
        row: organization_row,
        ..
    } = admin.organization;
    let latest = latest_job(&cx, &organization, &url).await?;
    if let Some(open) = latest.as_ref().filter(|job| is_open(job.row.status)) {
        if let Some(job) = cx.rows.find::<ScrapeJob>(&open.id).await? {
            return Ok(Reply::ok(job.into()));
        }
    }

    // The id follows from the job before, so that two calls at once agree on one new job.
    let before = latest.as_ref().map_or("", |job| job.id.as_ref());
    let parts = [organization.as_ref(), url.as_str(), before];
    let id = ScrapeJobId::from(derived("scrape_job", &parts));
    let slot = job::room::<ScrapeJob>(&cx, &organization, &id).await?;
    let row = ScrapeJob {
        organization_id: organization,
        requested_by_user_id: admin.user,
        source_url: url.into(),
        status: JobStatus::Pending,
        input_json: request.input.map(input_json).transpose()?,
        prefill_json: None,
        error_message: None,
        function_execution_id: None,
        model_used: None,
        provider: None,
        prompt_version: None,
        started_at: None,
        finished_at: None,
    };
    match Job::create(&cx, &id, row, slot).await? {
        Ok(job) => {
            let job = run(&cx, job, Begun::ByCall(Box::new(organization_row)))
                .await?
                .done()?;
            Ok(Reply::created(job.into()))
        }
        Err(there) => Ok(Reply::ok(there.into())),
    }
}

/// A scrape_jobs row was created by the frontend's server.
pub(crate) async fn on_created(
    cx: Cx,
    event: RowEvent<ScrapeJob>,
) -> Result<Option<EventOutcome<ScrapeJobId>>, Failure> {
    job::on_created(cx, event, run_later).await
}

/// The cron.
pub(crate) async fn sweep(cx: Cx) -> Result<SweepOutcome<Counts>, Failure> {
    let needs = Budget::default().time + READING;
    job::sweep(&cx, needs, run_later).await
}

/// `POST /cancel`: the requester gives an open job up, also one who has left the organisation since. In an archived
/// organisation nobody does: its jobs fail by themselves.
pub(crate) async fn cancel(
    cx: Cx,
    requester: Requester<ScrapeJob>,
    _request: Cancel,
) -> Result<Reply<ShownJob>, Failure> {
    let job = job::cancel(&cx, requester.job).await?;
    Ok(Reply::ok(job.into()))
}

/// `POST /apply`: copies chosen fields of a finished job to the organisation.
pub(crate) async fn apply_fields(
    cx: Cx,
    mut access: JobAdmin,
    request: Apply,
) -> Result<Reply<Applied>, Failure> {
    let fields = request.fields.as_deref().unwrap_or(FieldName::ALL);
    for tries in 0..APPLY_TRIES {
        if tries > 0 {
            access = JobAdmin::check(&cx, &request).await?;
        }
        let organization = &access.admin.organization;
        let proposal = proposal(&access.job).map_err(no_profile)?;
        let decided = apply(
            &proposal.profile,
            &organization.row,
            fields,
            &request.overwrite,
            cx.now(),
        );
        if let PatchOutcome::Done(_) = cx.rows.patch(organization, &decided.wanted).await? {
            if !decided.applied.is_empty() {
                let activity = Activity {
                    organization: &organization.id,
                    workspace: None,
                    item_type: "organization",
                    action: "profile_applied",
                    actor: access.admin.user.as_ref(),
                    before: organization,
                    after: &decided.wanted,
                };
                activity::record(&cx, activity).await?;
            }
            let kept = decided.kept.into_iter();
            return Ok(Reply::ok(Applied {
                organization_id: organization.id.clone(),
                applied: decided.applied,
                kept: kept
                    .map(|(field, reason)| KeptField { field, reason })
                    .collect(),
            }));
        }
    }
    Err(Failure::new(
        Code::Conflict,
        "The organisation is being changed by others right now. Try again.",
    ))
}

/// When a job is run.
enum Begun {
    /// In the call that has made it and checked its requester's rights; it is one among others that came at once.
    ByCall(Box<Organization>),
    /// Afterwards.
    Later,
}

/// What came of the pages.
struct Proposed {
    proposal: Proposal,
    /// How a model was asked, if one was to be.
    model: Option<ModelUse>,
}

async fn run_later(cx: Cx, job: Job<ScrapeJob>) -> Result<JobOutcome<ScrapeJob>, Failure> {
    run(&cx, job, Begun::Later).await
}

/// Runs a claimed job to its end within the execution's time, or until it is cancelled.
async fn run(cx: &Cx, job: Job<ScrapeJob>, begun: Begun) -> Result<JobOutcome<ScrapeJob>, Failure> {
    let work = async {
        let organization = match begun {
            Begun::ByCall(organization) => {
                job.admitted().await?;
                *organization
            }
            Begun::Later => requester_may(cx, job.row()).await?.organization.row,
        };
        propose(cx, job.row(), &organization).await
    };
    let proposed = job.while_held(
        work,
        "The website took too long to read. Try again, or give the address of its imprint or about page.",
    );
    let outcome = proposed.await.map(|Proposed { proposal, model }| {
        let meta = Meta {
            claim: job.held_by(),
            model: model.as_ref(),
        };
        let prefill = Envelope::new(&proposal).with_meta(&meta);
        let answered = model.map(|model| model.usage);
        let answered = answered.filter(|usage| usage.no_answer.is_none());
        move |row: &mut ScrapeJob| {
            row.prefill_json = Some(prefill.clone());
            let provider = answered.as_ref().map(|usage| usage.provider.clone());
            row.provider = provider.or_else(|| Some(PROVIDER.to_owned()));
            row.model_used = answered.as_ref().map(|usage| usage.model_used.clone());
            row.prompt_version = answered.as_ref().map(|usage| usage.prompt_version.clone());
        }
    });
    job.end(outcome).await
}

/// Reads the site and proposes a profile.
async fn propose(
    cx: &Cx,
    job: &ScrapeJob,
    organization: &Organization,
) -> Result<Proposed, Failure> {
    let start = source_url(&job.source_url)?;
    let development = DevelopmentHosts::new(&cx.config.development_hosts, &cx.config.endpoint);
    let fetcher = Fetcher::new(Guard::new(Resolver::System, development), Limits::default());
    let no_reader = |why| unread(Unread::Unreadable(why));
    let mut reader = Reader::new().map_err(no_reader)?;
    let deadline = cx.stop_at().into();
    let site = crawl::read_site(&start, &fetcher, &mut reader, Budget::default(), deadline)
        .await
        .map_err(unread)?;
    for skipped in &site.skipped {
        cx.note(format!(
            "skipped {}: {:?}",
            skipped.url.path(),
            skipped.reason
        ));
    }
    let read = reader.profile(start.clone()).await;
    let by_rules = read.map_err(no_reader)?;
    let organization = (&job.organization_id, organization);
    let asked = pointers::ask(cx, organization, &start, &mut reader).await;
    let (joined, model) = asked.map_or((None, None), |(joined, model)| (joined, Some(model)));
    Ok(Proposed {
        proposal: joined.unwrap_or(by_rules),
        model,
    })
}

/// The rights that the requester had when the row was made are checked again when it is run.
async fn requester_may(cx: &Cx, job: &ScrapeJob) -> Result<OrganizationAdmin, Failure> {
    job::by_its_requester(cx, job)?;
    OrganizationAdmin::of(cx, &job.organization_id, &job.requested_by_user_id).await
}

fn unread(why: Unread) -> Failure {
    let code = match &why {
        Unread::Robots | Unread::RobotsUnreachable(_) => Code::RobotsRefused,
        Unread::Failed(FetchFailure::Refused(_) | FetchFailure::RedirectRefused(_)) => {
            Code::AddressRefused
        }
        Unread::Failed(_) | Unread::OtherSite { .. } => Code::FetchFailed,
        Unread::Unreadable(reader::Unreadable::Ended(_)) => Code::UnreadablePage,
        Unread::Unreadable(reader::Unreadable::Missing(_)) => Code::NotConfigured,
    };
    let words = why.to_string();
    match why {
        Unread::Unreadable(detail) => Failure::new(code, words).with_detail(detail.into()),
        _ => Failure::new(code, words),
    }
}

fn source_url(text: &str) -> Result<Url, Failure> {
    guard::parse(text).map_err(|refusal| Failure::new(Code::AddressRefused, refusal.to_string()))
}

fn input_json(input: Map<String, Value>) -> Result<Envelope, Failure> {
    let document = Envelope::new(&Input { input });
    if document.text().len() > MAX_INPUT {
        return Err(Failure::new(
            Code::InvalidRequest,
            "input is larger than 64 KiB.",
        ));
    }
    Ok(document)
}

/// The latest job of the organisation for exactly this URL. The server finds by more than that: it takes letters of
/// either case for the same.
async fn latest_job(
    cx: &Cx,
    organization: &OrganizationId,
    url: &Url,
) -> Result<Option<StoredRow<JobAddress>>, Failure> {
    let mut after: Option<String> = None;
    loop {
        let mut queries = vec![
            Query::equal("organizationId", [organization.as_ref()]),
            Query::equal("sourceUrl", [url.as_str()]),
            Query::order_desc("$createdAt"),
            Query::limit(PAGE),
        ];
        queries.extend(after.as_deref().map(Query::cursor_after));
        let page: RowPage<JobAddress> = cx.rows.list(&queries).await?;
        let is_last = page.size() < PAGE;
        let mut rows = page.rows.into_iter();
        match rows.find(|job| job.row.source_url == url.as_str()) {
            None if !is_last => after = page.last,
            found => return Ok(found),
        }
    }
}

fn is_open(status: JobStatus) -> bool {
    matches!(status, JobStatus::Pending | JobStatus::Running)
}

/// The profile of a job that is done; none of any other.
fn proposal(job: &StoredRow<ScrapeJob>) -> Result<Proposal, Option<Unreadable>> {
    match &job.row.prefill_json {
        Some(held) if job.row.status == JobStatus::Done => held.read().map_err(Some),
        Some(_) | None => Err(None),
    }
}

fn no_profile(why: Option<Unreadable>) -> Failure {
    let message = match why {
        None => "The job has no profile to apply: only a job that is done has one.".to_owned(),
        Some(Unreadable::Newer(schema)) => format!(
            "The job's profile is of a version that this deployment does not know ({schema}). Run the job again."
        ),
        Some(Unreadable::Malformed) => {
            "The job's profile cannot be read any more. Run the job again.".to_owned()
        }
    };
    Failure::new(Code::Conflict, message)
}
