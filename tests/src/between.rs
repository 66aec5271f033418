//! Stands between a client and the embedded Appwrite: keeps what was asked, and answers some of it as a server would that
//! is another version, set up otherwise, or that the key opens less of.

use std::sync::{Arc, Mutex};

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::http::{Method, Response};
use axum::Router;
use embedded_appwrite::EmbeddedAppwrite;
use serde_json::Value;
use tokio::sync::Barrier;
use tokio::task::JoinHandle;

/// Dropping it ends it.
pub struct Between {
    pub endpoint: String,
    state: Arc<State>,
    server: JoinHandle<()>,
}

struct State {
    server: String,
    client: reqwest::Client,
    /// Method and path, `GET /v1/functions`, with the answer.
    answers: Vec<(String, u16, Value)>,
    /// What is answered the first time that something is read.
    at_first: Option<(u16, Value)>,
    /// What is carried out, and answered as by a proxy that lost the answer.
    lost: Option<String>,
    asked: Mutex<Vec<String>>,
    /// What begins so goes on together, so many at a time.
    together: Mutex<Option<(String, Arc<Barrier>)>>,
}

impl Between {
    /// `answers` are `GET /v1/functions` and the like, each with the status and body that it gets.
    pub async fn to(appwrite: &EmbeddedAppwrite, answers: &[(&str, u16, Value)]) -> Self {
        Self::with(appwrite, answers, None, None).await
    }

    /// Everything that is read is answered in this way before it is answered rightly.
    pub async fn unsteady(appwrite: &EmbeddedAppwrite, status: u16, body: Value) -> Self {
        Self::with(appwrite, &[], Some((status, body)), None).await
    }

    /// Such a request, `POST /v1/functions`, is carried out, and nobody learns of it.
    pub async fn losing(appwrite: &EmbeddedAppwrite, asked: &str) -> Self {
        Self::with(appwrite, &[], None, Some(asked.to_owned())).await
    }

    async fn with(
        appwrite: &EmbeddedAppwrite,
        answers: &[(&str, u16, Value)],
        at_first: Option<(u16, Value)>,
        lost: Option<String>,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let client = reqwest::Client::builder().no_proxy().build();
        let answers = answers
            .iter()
            .map(|(asked, status, body)| ((*asked).to_owned(), *status, body.clone()));
        let state = Arc::new(State {
            server: appwrite.endpoint().trim_end_matches("/v1").to_owned(),
            client: client.expect("a client"),
            answers: answers.collect(),
            at_first,
            lost,
            asked: Mutex::default(),
            together: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        let service = Router::new().fallback(move |request| answer(Arc::clone(&shared), request));
        let server = tokio::spawn(async move {
            axum::serve(listener, service).await.ok();
        });
        Self {
            endpoint: format!("http://{address}/v1"),
            state,
            server,
        }
    }

    /// From now on what is asked with these words, as `POST /v1/functions`, waits until so many are there.
    pub fn gather(&self, asked: &str, many: usize) {
        let barrier = Arc::new(Barrier::new(many));
        *self.state.together.lock().expect("nobody panicked") = Some((asked.to_owned(), barrier));
    }

    /// Everything that was asked and may have changed something, as `PUT /v1/functions/invite-accept`.
    pub fn written(&self) -> Vec<String> {
        let asked = self.state.asked.lock().expect("nobody panicked");
        let writes = asked.iter().filter(|asked| !asked.starts_with("GET "));
        writes.cloned().collect()
    }

    /// How much was asked in all.
    pub fn asked(&self) -> usize {
        self.state.asked.lock().expect("nobody panicked").len()
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(state: Arc<State>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = format!("{} {}", parts.method, parts.uri.path());
    let planned = state.answers.iter().find(|(planned, ..)| *planned == asked);
    let mut planned = planned.map(|(_, status, body)| (*status, body.to_string()));
    {
        let mut all = state.asked.lock().expect("nobody panicked");
        if parts.method == Method::GET && !all.contains(&asked) {
            let at_first = state.at_first.as_ref();
            planned = (at_first.map(|(status, body)| (*status, body.to_string()))).or(planned);
        }
        all.push(asked.clone());
    }
    let together = state.together.lock().expect("nobody panicked").clone();
    if let Some((_, barrier)) = together.filter(|(words, _)| *words == asked) {
        barrier.wait().await;
    }
    let (status, body) = match planned {
        Some((status, body)) => (status, body.into()),
        None => {
            let body = to_bytes(body, usize::MAX).await.expect("a whole request");
            let sent = state
                .client
                .request(parts.method, format!("{}{}", state.server, parts.uri))
                .headers(parts.headers)
                .body(body)
                .send();
            let answer = sent.await.expect("the server answers");
            let status = match &state.lost {
                Some(lost) if *lost == asked => 502,
                _ => answer.status().as_u16(),
            };
            (status, answer.bytes().await.expect("a whole answer"))
        }
    };
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(body.into())
        .expect("an answer")
}
