//! A small invented company website with the mess of real ones, served on loopback for the demo and the tests.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{header, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::Router;
use tokio::sync::watch;

/// Path, content type and text of every page. `{{origin}}` stands for the site's own address.
const PAGES: &[(&str, &str, &str)] = &[
    ("/", "text/html", include_str!("site/index.html")),
    (
        "/about-us",
        "text/html; charset=utf-8",
        include_str!("site/about-us.html"),
    ),
    (
        "/customers.html",
        "text/html; charset=utf-8",
        include_str!("site/customers.html"),
    ),
    (
        "/legal-notice",
        "text/html; charset=utf-8",
        include_str!("site/legal-notice.html"),
    ),
    (
        "/contact",
        "text/html; charset=utf-8",
        include_str!("site/contact.html"),
    ),
    (
        "/jobs",
        "text/html; charset=utf-8",
        include_str!("site/jobs.html"),
    ),
    (
        "/products",
        "text/html; charset=utf-8",
        include_str!("site/products.html"),
    ),
    ("/robots.txt", "text/plain", include_str!("site/robots.txt")),
];

/// The website, while it is served.
#[derive(Debug)]
pub struct Site {
    /// `127.0.0.1:PORT`
    pub host: String,
    visits: Arc<Mutex<Vec<String>>>,
    held: Arc<Held>,
    server: tokio::task::JoinHandle<()>,
}

/// A path that nobody gets an answer for, and who waits there.
#[derive(Debug, Default)]
struct Held {
    path: watch::Sender<Option<String>>,
    /// Now, and most ever.
    waiting: Mutex<(usize, usize)>,
}

/// One who waits, until the answer or until they have gone.
struct Waiting(Arc<Held>);

impl Held {
    async fn pass(self: Arc<Self>, path: &str) {
        let is_free = |held: &Option<String>| held.as_deref() != Some(path);
        if is_free(&self.path.borrow()) {
            return;
        }
        let waiting = Waiting::new(&self);
        // The sender lives in `self`: waiting cannot fail.
        self.path.subscribe().wait_for(is_free).await.ok();
        drop(waiting);
    }

    fn count(&self) -> (usize, usize) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn new(held: &Arc<Held>) -> Self {
        let mut count = held.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        count.0 += 1;
        count.1 = count.1.max(count.0);
        Self(Arc::clone(held))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let waiting = &self.0.waiting;
        waiting.lock().unwrap_or_else(PoisonError::into_inner).0 -= 1;
    }
}

impl Site {
    pub async fn serve() -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let origin = format!("http://{host}");
        let visits = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&visits);
        let held = Arc::new(Held::default());
        let holding = Arc::clone(&held);
        let pages = Router::new().fallback(move |uri: Uri| {
            seen.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(uri.path().to_owned());
            let answer = page(uri.path(), &origin);
            let holding = Arc::clone(&holding);
            async move {
                holding.pass(uri.path()).await;
                answer
            }
        });
        let server = tokio::spawn(async move {
            // Ends with the task; a loopback listener has no other reason to stop.
            axum::serve(listener, pages).await.ok();
        });
        Ok(Self {
            host,
            visits,
            held,
            server,
        })
    }

    /// How often a path was asked for.
    pub fn visits(&self, path: &str) -> usize {
        let visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.iter().filter(|visit| *visit == path).count()
    }

    /// From now on this path, or none any more, is not answered.
    pub fn hold(&self, path: Option<&str>) {
        self.held.path.send_replace(path.map(str::to_owned));
    }

    /// How many wait for an answer that is held back and have not gone.
    pub fn waiting(&self) -> usize {
        self.held.count().0
    }

    /// How many waited at once when most did.
    pub fn most_waiting(&self) -> usize {
        self.held.count().1
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.host)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn page(path: &str, origin: &str) -> Response {
    match PAGES.iter().find(|(known, _, _)| *known == path) {
        Some((_, kind, text)) => (
            [(header::CONTENT_TYPE, *kind)],
            text.replace("{{origin}}", origin),
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "There is no such page.").into_response(),
    }
}
