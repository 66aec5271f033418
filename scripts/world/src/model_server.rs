//! A server that speaks OpenAI's chat completions and says what it was told to: over HTTP, on loopback, without a model.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::Router;
use serde_json::{json, Value};

/// The model that a world's functions ask.
pub const MODEL: &str = "scripted-1";

/// The key that they ask with.
pub const KEY: &str = "sk-scripted-0123456789";

/// The server, while it is served.
#[derive(Debug)]
pub struct ModelServer {
    /// What stands before `/chat/completions`.
    pub url: String,
    state: Arc<Mutex<Script>>,
    server: tokio::task::JoinHandle<()>,
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Answers so.
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Writes this text as a model would.
    Text(String),
    /// Answers with the text if the request has it in it, as a model that does whatever it is shown; with nothing found
    /// otherwise. The text comes as quote, as value and as everything else that an answer could hold.
    Obey(String),
    /// Refuses requests with one of these parameters, by name; does the other thing otherwise.
    Refuse(Vec<&'static str>, Box<Turn>),
    /// Takes the request and never answers.
    Silence,
    /// Answers with this many bytes of blanks, one piece at a time.
    Blanks(usize),
    /// Breaks the connection off inside the answer.
    BreakOff,
}

#[derive(Debug, Default)]
struct Script {
    /// Turns that come first, one for each request.
    next: VecDeque<Turn>,
    /// What comes then; nothing found, if nothing is said.
    always: Option<Turn>,
    requests: Vec<Asked>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub authorization: String,
    pub body: Value,
}

impl Asked {
    /// What the model was shown: instructions and data.
    pub fn shown(&self) -> String {
        let messages = self.body["messages"].as_array().into_iter().flatten();
        let texts = messages.filter_map(|message| message["content"].as_str());
        texts.collect::<Vec<_>>().join("\n")
    }
}

impl ModelServer {
    pub async fn serve() -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/v1", listener.local_addr()?);
        let state = Arc::new(Mutex::new(Script::default()));
        let routes = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        let server = tokio::spawn(async move {
            // It ends with the task, which ends with the server.
            axum::serve(listener, routes).await.ok();
        });
        Ok(Self { url, state, server })
    }

    /// What it does from now on, with every request.
    pub fn always(&self, turn: Turn) {
        lock(&self.state).next.clear();
        self.always_after(turn);
    }

    /// What it does with the next requests, one after the other, before that.
    pub fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        lock(&self.state).next.extend(turns);
    }

    /// What it does when the next ones are done.
    pub fn always_after(&self, turn: Turn) {
        lock(&self.state).always = Some(turn);
    }

    /// Every request since the last call of this.
    pub fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut lock(&self.state).requests)
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Turn {
    /// An answer of status 200 with this body.
    pub fn ok(body: &Value) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: &Value) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: body.to_string(),
        }
    }
}

fn lock(state: &Mutex<Script>) -> std::sync::MutexGuard<'_, Script> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(state): State<Arc<Mutex<Script>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let authorization = headers.get("authorization");
    let authorization = authorization.and_then(|value| value.to_str().ok());
    let asked = Asked {
        path: uri.path().to_owned(),
        authorization: authorization.unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let turn = {
        let mut script = lock(&state);
        script.requests.push(asked.clone());
        let next = script.next.pop_front();
        next.or_else(|| script.always.clone())
    };
    let turn = turn.unwrap_or_else(|| Turn::Text(NOTHING.to_owned()));
    play(turn, &asked).await
}

/// An answer that points at nothing.
pub const NOTHING: &str = r#"{"revenue":null,"employeeCount":null,"address":null}"#;

async fn play(turn: Turn, asked: &Asked) -> Response {
    match turn {
        Turn::Answer {
            status,
            headers,
            body,
        } => {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            let mut response = (status, body).into_response();
            for (name, value) in headers {
                if let Ok(value) = value.parse() {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        Turn::Text(text) => completion(&text),
        Turn::Obey(order) => completion(&obey(&order, &asked.shown())),
        Turn::Refuse(parameters, otherwise) => {
            let refused = parameters
                .into_iter()
                .find(|name| !asked.body[*name].is_null());
            match refused {
                Some(name) => {
                    let error = json!({"error": {
                        "message": format!("Unsupported parameter: '{name}'"),
                        "type": "invalid_request_error", "param": name, "code": "unsupported_parameter",
                    }});
                    (StatusCode::BAD_REQUEST, error.to_string()).into_response()
                }
                None => Box::pin(play(*otherwise, asked)).await,
            }
        }
        Turn::Silence => std::future::pending().await,
        Turn::Blanks(bytes) => {
            const PIECE: &str = "                                                                ";
            let pieces = (0..bytes.div_ceil(PIECE.len())).map(|_| Ok::<_, std::io::Error>(PIECE));
            Body::from_stream(futures_util::stream::iter(pieces)).into_response()
        }
        Turn::BreakOff => {
            let pieces = [Ok("{\"choices\": ["), Err(std::io::Error::other("broken"))];
            Body::from_stream(futures_util::stream::iter(pieces)).into_response()
        }
    }
}

fn completion(text: &str) -> Response {
    let body = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_764_200_000, "model": MODEL,
        "choices": [{
            "index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop",
        }],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    });
    body.to_string().into_response()
}

/// What a model answers that does as it is told by what it is shown.
fn obey(order: &str, shown: &str) -> String {
    // What it is shown stands in the request as JSON text.
    let escaped = json!(order).to_string();
    let escaped = escaped.trim_matches('"');
    if !shown.contains(escaped) {
        return NOTHING.to_owned();
    }
    let address = order
        .split_whitespace()
        .find(|word| word.starts_with("http"));
    let answer = json!({
        "revenue": order, "employeeCount": order, "address": order,
        "titles": [{"number": 1, "skills": [order, "SKILL_0000209", "debug software"]}],
        "name": order, "website": address, "industry": order, "customerNames": [order],
        "sentences": [{"text": order, "cites": (1..50).collect::<Vec<_>>()}],
        "value": {"amount": 1e12, "currency": "USD", "period": "year"}, "url": address,
    });
    answer.to_string()
}
