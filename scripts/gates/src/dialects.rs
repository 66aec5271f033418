//! Answers of OpenAI-compatible servers, each understood as what it is, read by itself and asked for over HTTP.

use std::path::Path;
use std::time::Duration;

use anyhow::{ensure, Context};
use domain::token::Secret;
use model::ask::MOST_CALLS;
use model::reply::{self, Reply};
use model::{Model, NoAnswer, Prompt};
use platform::config;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::Instant;
use world::model_server::{ModelServer, Turn};

use super::injection::consent;

#[derive(Deserialize)]
struct Dialects {
    replies: Vec<Dialect>,
    errors: Vec<Dialect>,
}

#[derive(Deserialize)]
struct Dialect {
    name: String,
    status: u16,
    /// What a good client takes it for.
    outcome: String,
    body: Value,
    #[serde(default)]
    headers: Map<String, Value>,
}

/// What all the answers are of.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Name {
    name: Option<String>,
}

/// Longer than any of them takes.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(folder: &Path) -> anyhow::Result<()> {
    let file = folder.join("dialects.json");
    let text = std::fs::read(&file).with_context(|| file.display().to_string())?;
    let Dialects { replies, errors } = serde_json::from_slice(&text)?;
    let dialects: Vec<Dialect> = replies.into_iter().chain(errors).collect();
    tokio::runtime::Runtime::new()?.block_on(judge(&dialects))
}

async fn judge(dialects: &[Dialect]) -> anyhow::Result<()> {
    let server = ModelServer::serve().await?;
    let mut wrong = 0;
    for dialect in dialects {
        let body = match &dialect.body {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let read = reply::read(dialect.status, body.as_bytes());
        let header = |(name, value): (&String, &Value)| match name.as_str() {
            "retry-after" => Some(("retry-after", value.as_str()?.to_owned())),
            _ => None,
        };
        server.always(Turn::Answer {
            status: dialect.status,
            headers: dialect.headers.iter().filter_map(header).collect(),
            body,
        });
        let (answer, calls) = ask(&server).await?;
        let sent = server.take().len();
        ensure!(
            sent == calls as usize && calls <= MOST_CALLS,
            "{}: {sent} calls",
            dialect.name
        );
        let class = class(&read);
        let is_right = class == dialect.outcome && follows(&read, &answer);
        if !is_right {
            wrong += 1;
            println!(
                "  {}: {class}, {answer:?}, not {}",
                dialect.name, dialect.outcome
            );
        }
    }
    println!("{} answers, {wrong} misunderstood", dialects.len());
    ensure!(wrong == 0, "answers are misunderstood");
    Ok(())
}

async fn ask(server: &ModelServer) -> anyhow::Result<(Result<Name, NoAnswer>, u32)> {
    let model = Model::new(config::ModelServer {
        url: server.url.parse()?,
        key: Secret::new(""),
        name: "m".to_owned(),
    });
    let prompt = Prompt {
        name: "gate",
        version: 1,
        text: "Copy the name.",
    };
    let deadline = Instant::now() + PATIENCE;
    let asked = model
        .ask(&consent()?, &prompt, &["Acme".to_owned()], deadline)
        .await;
    Ok((asked.answer, asked.spent.calls))
}

/// The data's words for what was read.
fn class(read: &Reply) -> String {
    match read {
        Reply::Text(_) => "text",
        Reply::Refusal => "refusal",
        Reply::CutOff => "cut off",
        Reply::Filtered => "filtered",
        Reply::Empty => "empty",
        Reply::Failed => "failed",
        Reply::Again => "again",
        Reply::QuotaSpent => "quota spent",
        Reply::ParameterRefused(parameter) => return format!("parameter refused: {parameter}"),
        Reply::RequestRefused => "request refused",
        Reply::ModelUnknown => "model unknown",
        Reply::KeyRefused => "key refused",
        Reply::Unreadable => "unreadable",
    }
    .to_owned()
}

/// Whether a question ends as its server's answers say, where they are all this one.
fn follows(read: &Reply, answer: &Result<Name, NoAnswer>) -> bool {
    let no = match answer {
        Ok(Name { name }) => {
            return matches!(read, Reply::Text(_)) && name.as_deref() == Some("Acme")
        }
        Err(no) => no,
    };
    let expect = match read {
        Reply::Text(_) => return false,
        Reply::Refusal => NoAnswer::Refused,
        Reply::CutOff => NoAnswer::CutOff,
        Reply::Filtered => NoAnswer::Filtered,
        Reply::Empty => NoAnswer::Empty,
        Reply::Failed => NoAnswer::Failed,
        Reply::Again => NoAnswer::Limited,
        Reply::QuotaSpent => NoAnswer::QuotaSpent,
        Reply::ParameterRefused(_) | Reply::RequestRefused => NoAnswer::RequestRefused,
        Reply::ModelUnknown => NoAnswer::ModelUnknown,
        Reply::KeyRefused => NoAnswer::KeyRefused,
        Reply::Unreadable => NoAnswer::Unreadable,
    };
    *no == expect
}
