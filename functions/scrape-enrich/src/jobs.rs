//! The function's routes: create and run a job, run one that was created elsewhere, sweep, cancel, apply.

use std::time::Duration;

use extraction::profile::{Document, Unreadable, SCHEMA};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use shared::access::{not_archived, organization_admin};
use shared::activity::{self, Activity};
use shared::appwrite::{Envelope, Page, Patched, Query, Stored};
use shared::caller::RowEvent;
use shared::ids::{derived, Id, OrganizationId, ScrapeJobId};
use shared::job::{self, Claim, Ended, Job};
use shared::rows::{JobStatus, Row, ScrapeJob};
use shared::sweep::Swept;
use shared::{Code, Cx, Failure, Reply};
use url::Url;

use crate::apply::{apply, FieldName};
use crate::crawl::{self, Budget, Unread};
use crate::fetch::{FetchFailure, Fetcher, Limits};
use crate::guard::{self, DevelopmentHosts, Guard, Resolver};
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

/// `scrape_jobs.prefillJson` of a finished job: the document, and which run made it.
#[derive(Debug)]
struct Prefill {
    document: Document,
    meta: Claim,
}

impl Prefill {
    fn envelope(self) -> Envelope {
        let Document {
            schema: _,
            source,
            pages,
            profile,
        } = self.document;
        let members = [
            ("source", json!(source)),
            ("pages", json!(pages)),
            ("profile", json!(profile)),
            ("meta", json!(self.meta)),
        ];
        Envelope::new(SCHEMA, members)
    }
}

/// What tells a job for a URL from those for others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    source_url: String,
    status: JobStatus,
}

impl Row for Asked {
    const TABLE: &'static str = ScrapeJob::TABLE;
    type Id = ScrapeJobId;
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Create {
    organization_id: OrganizationId,
    source_url: String,
    /// Whatever the asking side wants to keep with the job.
    input: Option<Map<String, Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Cancel {
    job_id: ScrapeJobId,
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

/// `POST /`: creates the job already running and runs it; an open job for the same organisation and URL is returned
/// instead of a second one.
pub(crate) async fn create(cx: Cx, request: Create) -> Result<Reply, Failure> {
    let user = cx.user()?.clone();
    let url = source_url(&request.source_url)?;
    organization_admin(&cx, &request.organization_id, &user).await?;
    let latest = latest_job(&cx, &request.organization_id, &url).await?;
    if let Some(open) = latest.as_ref().filter(|job| is_open(job.row.status)) {
        if let Some(job) = cx.rows.find::<ScrapeJob>(&open.id).await? {
            return Ok(Reply::ok(shown(&job)));
        }
    }

    // The id follows from the job before, so that two calls at once agree on one new job.
    let before = latest.as_ref().map_or("", |job| job.id.as_ref());
    let id = ScrapeJobId::from(derived(
        "scrape_job",
        &[request.organization_id.as_ref(), url.as_str(), before],
    ));
    let slot = job::room::<ScrapeJob>(&cx, &request.organization_id, &id).await?;
    let row = ScrapeJob {
        organization_id: request.organization_id,
        requested_by_user_id: user.clone(),
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
    match Job::create(&cx, &id, row, &[format!("read(\"user:{user}\")")], slot).await? {
        Ok(job) => {
            let ended = run(&cx, job, Begun::ByCall).await?;
            match ended.failure {
                None => Ok(Reply::created(shown(&ended.job))),
                Some(failure) => Err(failure),
            }
        }
        Err(Some(there)) => Ok(Reply::ok(shown(&there))),
        Err(None) => Err(Failure::new(
            Code::Conflict,
            "The job is being created right now. Try again.",
        )),
    }
}

/// A scrape_jobs row was created by the frontend's server.
pub(crate) async fn on_created(cx: Cx, event: RowEvent) -> Result<Reply, Failure> {
    let Some(id) = ScrapeJobId::parse(&event.row) else {
        return Ok(Reply::ok(json!({"ignored": true})));
    };
    let Some(listed) = cx.rows.find::<ScrapeJob>(&id).await? else {
        return Ok(Reply::ok(json!({"ignored": true})));
    };
    if listed.row.status != JobStatus::Pending {
        return Ok(Reply::ok(shown(&listed)));
    }
    let Some(job) = Job::claim_new(&cx, listed).await? else {
        return Ok(Reply::ok(json!({"jobId": id, "claimed": false})));
    };
    let ended = run(&cx, job, Begun::Later).await?;
    Ok(Reply::ok(shown(&ended.job)))
}

/// The cron.
pub(crate) async fn sweep(cx: Cx) -> Result<Swept, Failure> {
    let inner = cx.clone();
    let needs = Budget::default().time + READING;
    job::sweep(&cx, needs, move |job| {
        let cx = inner.clone();
        async move {
            if let Err(failure) = run(&cx, job, Begun::Later).await {
                cx.note(format!("a swept job was not written down: {failure}"));
            }
        }
    })
    .await
}

/// `POST /cancel`: the requester gives an open job up, also one who has left the organisation since. In an archived
/// organisation nobody does: its jobs fail by themselves.
pub(crate) async fn cancel(cx: Cx, request: Cancel) -> Result<Reply, Failure> {
    let user = cx.user()?;
    let listed = cx.rows.find::<ScrapeJob>(&request.job_id).await?;
    // Whose it is comes first: of somebody else's job nothing is told, also not that its organisation is archived.
    let own = listed.filter(|job| job.row.requested_by_user_id == *user);
    let own = own.ok_or_else(|| Failure::not_found("job"))?;
    not_archived(&cx, &own.row.organization_id).await?;
    let job = job::cancel(&cx, own).await?;
    Ok(Reply::ok(shown(&job)))
}

/// `POST /apply`: copies chosen fields of a finished job to the organisation.
pub(crate) async fn apply_fields(cx: Cx, request: Apply) -> Result<Reply, Failure> {
    let user = cx.user()?;
    let no_job = || Failure::not_found("job");
    let job = cx
        .rows
        .find::<ScrapeJob>(&request.job_id)
        .await?
        .ok_or_else(no_job)?;
    let id = &job.row.organization_id;
    let document = document(&job);
    let fields = request.fields.unwrap_or_else(|| FieldName::ALL.to_vec());
    for _ in 0..APPLY_TRIES {
        let organization =
            organization_admin(&cx, id, user)
                .await
                .map_err(|failure| match failure.code {
                    Code::NotFound => no_job(),
                    _ => failure,
                })?;
        let document = document.as_ref().map_err(unread_profile)?;
        let decided = apply(
            &document.profile,
            &organization.row,
            &fields,
            &request.overwrite,
            cx.now(),
        );
        if let Patched::Done(_) = cx.rows.patch(&organization, &decided.wanted).await? {
            if !decided.applied.is_empty() {
                let activity = Activity {
                    organization: id,
                    workspace: None,
                    item_type: "organization",
                    action: "profile_applied",
                    actor: user.as_ref(),
                    before: &organization,
                    after: &decided.wanted,
                };
                activity::record(&cx, activity).await?;
            }
            let kept: Vec<Value> = decided
                .kept
                .iter()
                .map(|(field, reason)| json!({"field": field, "reason": reason}))
                .collect();
            return Ok(Reply::ok(
                json!({"organizationId": id, "applied": decided.applied, "kept": kept}),
            ));
        }
    }
    Err(Failure::new(
        Code::Conflict,
        "The organisation is being changed by others right now. Try again.",
    ))
}

/// When a job is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// In the call that has made it and checked its requester's rights; it is one among others that came at once.
    ByCall,
    /// Afterwards.
    Later,
}

/// Runs a claimed job to its end within the execution's time, or until it is cancelled.
async fn run(cx: &Cx, job: Job<ScrapeJob>, begun: Begun) -> Result<Ended<ScrapeJob>, Failure> {
    let work = async {
        match begun {
            Begun::ByCall => job.admitted().await?,
            Begun::Later => requester_may(cx, job.row()).await?,
        }
        propose(cx, job.row()).await
    };
    let proposed = job.while_held(
        work,
        "The website took too long to read. Try again, or give the address of its imprint or about page.",
    );
    let outcome = proposed.await.map(|document| {
        let meta = job.held_by().clone();
        let prefill = Prefill { document, meta }.envelope();
        move |row: &mut ScrapeJob| {
            row.prefill_json = Some(prefill.clone());
            row.provider = Some(PROVIDER.to_owned());
        }
    });
    job.end(outcome).await
}

/// Reads the site and proposes a profile.
async fn propose(cx: &Cx, job: &ScrapeJob) -> Result<Document, Failure> {
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
    let read = reader.profile(start).await;
    read.map_err(no_reader)
}

/// The rights that the requester had when the row was made are checked again when it is run.
async fn requester_may(cx: &Cx, job: &ScrapeJob) -> Result<(), Failure> {
    job::by_its_requester(cx, job)?;
    organization_admin(cx, &job.organization_id, &job.requested_by_user_id)
        .await
        .map(drop)
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
    let document = Envelope::new("valyourise/input@1", [("input", Value::Object(input))]);
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
) -> Result<Option<Stored<Asked>>, Failure> {
    let mut after: Option<String> = None;
    loop {
        let mut queries = vec![
            Query::equal("organizationId", [organization.as_ref()]),
            Query::equal("sourceUrl", [url.as_str()]),
            Query::select(&["sourceUrl", "status"]),
            Query::order_desc("$createdAt"),
            Query::limit(PAGE),
        ];
        queries.extend(after.as_deref().map(Query::cursor_after));
        let page: Page<Asked> = cx.rows.list(&queries).await?;
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
fn document(job: &Stored<ScrapeJob>) -> Result<Document, Option<Unreadable>> {
    match &job.row.prefill_json {
        Some(held) if job.row.status == JobStatus::Done => {
            Document::read(&held.text()).map_err(Some)
        }
        Some(_) | None => Err(None),
    }
}

fn unread_profile(why: &Option<Unreadable>) -> Failure {
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

/// A job as replies show it.
fn shown(job: &Stored<ScrapeJob>) -> Value {
    json!({
        "jobId": job.id,
        "status": job.row.status,
        "functionExecutionId": job.row.function_execution_id,
        "errorMessage": job.row.error_message,
        "document": document(job).ok(),
    })
}
