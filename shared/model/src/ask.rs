//! One question to a model: at most four calls until a deadline, and an answer or the reason why there is none.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use platform::config::ModelServer;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;
use tokio::time::{sleep_until, Instant};

use crate::consent::Consent;
use crate::prompt::{sha256, Prompt};
use crate::reply::{self, NotAnAnswer, Reply};
use crate::request::{request, Dialect};
use crate::schema;
use crate::transport::{post, Broken, Received};

pub use crate::request::{PASSAGE_BYTES, REPLY_TOKENS};

/// Calls of one question, whatever they end with: three ways to ask for the shape, and one try more.
pub const MOST_CALLS: u32 = 4;

/// Pause before another try where the server names none; doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// A model behind a server, and what this process has learnt of that server.
#[derive(Debug)]
pub struct Model {
    server: ModelServer,
    dialect: Mutex<Dialect>,
}

/// What came of a question.
#[derive(Debug)]
pub struct Asked<A> {
    pub answer: Result<A, NoAnswer>,
    pub spent: Spent,
    /// For the log: the length and hash of a reply that could not be read.
    pub unread: Option<String>,
}

/// What a question has cost, as far as the server counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    pub calls: u32,
    pub prompt_tokens: u64,
    pub completion_tokens: u64,
}

/// Why there is no answer. None of it is a failure of whoever asks: they go on without. The words are for the person who
/// set the model up, or who waits for what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoAnswer {
    #[error("The model declined to answer. Try again, or choose another model.")]
    Refused,
    #[error("The model's answer was cut off at its limit. Choose a model that writes and thinks less before it answers.")]
    CutOff,
    #[error("A content filter of the model's server kept the question or the answer back. Loosen it there, or choose another model.")]
    Filtered,
    #[error("The model answered with nothing. Choose another model.")]
    Empty,
    #[error(
        "The model gave back the shape of the answer instead of an answer. Choose another model."
    )]
    EchoedSchema,
    #[error("The model's answer is not of the shape that was asked for. Choose a model that can answer in JSON.")]
    Nonsense,
    #[error("The model's server has reached a limit or is busy. Try again later, or raise the limit there.")]
    Limited,
    #[error("The account at the model's server has nothing left. Top it up there.")]
    QuotaSpent,
    #[error("The model's server did not answer in time. Try again, or choose a quicker model.")]
    Silent,
    #[error("The model's server cannot be reached. Check VALYOURISE_MODEL_URL.")]
    Unreachable,
    #[error("The model's server does not accept the key. Check VALYOURISE_MODEL_KEY.")]
    KeyRefused,
    #[error("The model's server does not know the model or the address. Check VALYOURISE_MODEL_NAME and VALYOURISE_MODEL_URL.")]
    ModelUnknown,
    #[error("The model's server does not take our requests. Choose a server that speaks OpenAI's chat completions.")]
    RequestRefused,
    #[error("The model's server failed. Try again later.")]
    Failed,
    /// Who asks has a bound of its own.
    #[error("The organisation has had as many questions to the model as it may within 24 hours. Run it again tomorrow, or go on without.")]
    DayIsFull,
    #[error("The answer of the model's server cannot be read. Check that VALYOURISE_MODEL_URL leads to its API.")]
    Unreadable,
}

/// What to do after a call.
enum Next<A> {
    End(Result<A, NoAnswer>),
    /// At once, in another way, which this server is to be asked in from now on.
    Learn(Dialect, NoAnswer),
    /// At once, in another way, for this question.
    Change(Dialect, NoAnswer),
    /// The same after a pause: what the server wishes, or ours.
    Wait(Option<Duration>, NoAnswer),
}

impl Model {
    pub fn new(server: ModelServer) -> Self {
        Self {
            server,
            dialect: Mutex::default(),
        }
    }

    /// Asks about passages, of which as many are sent as fit into [`PASSAGE_BYTES`]. The consent is that of the
    /// organisation whose texts they are.
    pub async fn ask<A: DeserializeOwned + JsonSchema>(
        &self,
        _consent: &Consent,
        prompt: &Prompt,
        passages: &[String],
        deadline: Instant,
    ) -> Asked<A> {
        let schema = schema::strict::<A>();
        let mut asked = Asked {
            answer: Err(NoAnswer::Silent),
            spent: Spent::default(),
            unread: None,
        };
        let mut dialect = self.known();
        let mut pause = FIRST_PAUSE;
        while asked.spent.calls < MOST_CALLS && Instant::now() < deadline {
            asked.spent.calls += 1;
            let request = request(dialect, &self.server.name, prompt, &schema, passages);
            let received = post(&self.server, &request, deadline).await;
            if let Ok(Received { body, .. }) = &received {
                let (of_question, of_answer) = reply::tokens(body);
                asked.spent.prompt_tokens += of_question;
                asked.spent.completion_tokens += of_answer;
            }
            let next = next(dialect, &schema, &received);
            match next {
                Next::End(answer) => {
                    asked.unread = unread(&answer, &received);
                    asked.answer = answer;
                    return asked;
                }
                Next::Learn(other, why) => {
                    *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = other;
                    dialect = other;
                    asked.answer = Err(why);
                }
                Next::Change(other, why) => {
                    dialect = other;
                    asked.answer = Err(why);
                    asked.unread = unread(&asked.answer, &received);
                }
                Next::Wait(wish, why) => {
                    asked.answer = Err(why);
                    let until = Instant::now().checked_add(wish.unwrap_or(pause));
                    // Who is asked to wait for longer than there is time does not try again.
                    match until.filter(|until| *until < deadline) {
                        Some(until) if asked.spent.calls < MOST_CALLS => sleep_until(until).await,
                        Some(_) | None => return asked,
                    }
                    pause *= 2;
                }
            }
        }
        asked
    }

    /// What the columns `provider` and `modelUsed` say.
    pub fn provider(&self) -> &str {
        self.server.url.host_str().unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        &self.server.name
    }

    fn known(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn next<A: DeserializeOwned>(
    dialect: Dialect,
    schema: &Value,
    received: &Result<Received, Broken>,
) -> Next<A> {
    let received = match received {
        Ok(received) => received,
        Err(Broken::Silent) => return Next::End(Err(NoAnswer::Silent)),
        Err(Broken::TooLong) => return Next::End(Err(NoAnswer::Unreadable)),
        Err(Broken::Unreachable) => return Next::Wait(None, NoAnswer::Unreachable),
    };
    // A lower rung, or no other way.
    let lower = |why| match dialect.lower() {
        Some(other) => Next::Change(other, why),
        None => Next::End(Err(why)),
    };
    match reply::read(received.status, &received.body) {
        Reply::Text(text) => match reply::answer(&text, schema) {
            Ok(answer) => Next::End(Ok(answer)),
            Err(NotAnAnswer::Schema) => lower(NoAnswer::EchoedSchema),
            Err(NotAnAnswer::Nonsense) => lower(NoAnswer::Nonsense),
        },
        Reply::Empty => lower(NoAnswer::Empty),
        Reply::Refusal => Next::End(Err(NoAnswer::Refused)),
        Reply::CutOff => Next::End(Err(NoAnswer::CutOff)),
        Reply::Filtered => Next::End(Err(NoAnswer::Filtered)),
        Reply::Failed => Next::Wait(received.retry_after, NoAnswer::Failed),
        Reply::Again => Next::Wait(received.retry_after, NoAnswer::Limited),
        Reply::QuotaSpent => Next::End(Err(NoAnswer::QuotaSpent)),
        Reply::KeyRefused => Next::End(Err(NoAnswer::KeyRefused)),
        Reply::ModelUnknown => Next::End(Err(NoAnswer::ModelUnknown)),
        Reply::Unreadable => Next::End(Err(NoAnswer::Unreadable)),
        Reply::ParameterRefused(parameter) => match dialect.without(&parameter) {
            Some(other) => Next::Learn(other, NoAnswer::RequestRefused),
            None => Next::End(Err(NoAnswer::RequestRefused)),
        },
        // It names nothing: the shape is what most servers stumble over.
        Reply::RequestRefused => lower(NoAnswer::RequestRefused),
    }
}

/// What the log may say of a reply that could not be read: never a word of it.
fn unread<A>(answer: &Result<A, NoAnswer>, received: &Result<Received, Broken>) -> Option<String> {
    let is_unread = matches!(
        answer,
        Err(NoAnswer::Nonsense | NoAnswer::EchoedSchema | NoAnswer::Unreadable)
    );
    let received = received.as_ref().ok().filter(|_| is_unread)?;
    Some(format!(
        "status {}, {} bytes, sha256 {}",
        received.status,
        received.body.len(),
        sha256(&received.body)
    ))
}
