//! The wire between the tool and the server, which can be cut and listened to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use embedded_appwrite::EmbeddedAppwrite;
use project::Target;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What happens to one request, chosen by how it begins and counted from 1.
#[derive(Clone, Copy)]
pub(crate) struct Stop {
    pub(crate) begins: &'static [&'static str],
    pub(crate) nth: usize,
    pub(crate) when: When,
    pub(crate) deed: Deed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum When {
    /// The server never hears of it.
    Before,
    /// The server has answered; nobody hears of the answer.
    After,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Deed {
    /// Every connection ends here.
    Cut,
    /// It waits until it is let go.
    Hold,
    /// Its connection ends here.
    Lose,
}

pub(crate) const ALL: &[&str] = &[
    "GET /v1/",
    "POST /v1/",
    "PUT /v1/",
    "PATCH /v1/",
    "DELETE /v1/",
];
pub(crate) const WRITES: &[&str] = &["POST /v1/", "PUT /v1/", "PATCH /v1/", "DELETE /v1/"];

/// Stands between the tool and the server: keeps what was asked, and stops some of it.
pub(crate) struct Wire {
    pub(crate) endpoint: String,
    state: Arc<WireState>,
}

#[derive(Default)]
struct WireState {
    asked: Mutex<Vec<u8>>,
    stops: Mutex<Vec<Stop>>,
    is_cut: AtomicBool,
    held: Notify,
    going: Notify,
}

impl Wire {
    pub(crate) async fn to(
        appwrite: &EmbeddedAppwrite,
        stops: impl IntoIterator<Item = Stop>,
    ) -> Self {
        let server = appwrite
            .endpoint()
            .trim_start_matches("http://")
            .trim_end_matches("/v1")
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Self {
            endpoint: format!("http://{}/v1", listener.local_addr().unwrap()),
            state: Arc::new(WireState {
                stops: Mutex::new(stops.into_iter().collect()),
                ..WireState::default()
            }),
        };
        let state = Arc::clone(&wire.state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(forward(client, server, Arc::clone(&state)));
            }
        });
        wire
    }

    pub(crate) fn target(&self, appwrite: &EmbeddedAppwrite) -> Target {
        Target::new(&self.endpoint, appwrite.project(), appwrite.key()).unwrap()
    }

    /// Waits until the request is held that was to be.
    pub(crate) async fn held(&self) {
        self.state.held.notified().await;
    }

    pub(crate) fn let_go(&self) {
        self.state.going.notify_one();
    }

    pub(crate) fn written(&self) -> usize {
        count(&self.state.asked.lock().unwrap(), WRITES)
    }

    pub(crate) fn read(&self) -> usize {
        count(&self.state.asked.lock().unwrap(), &["GET /v1/"])
    }
}

impl WireState {
    /// What is to happen to the request that begins in these bytes.
    fn due(&self, bytes: &[u8]) -> Vec<Stop> {
        let mut stops = self.stops.lock().unwrap();
        let mut due = Vec::new();
        stops.retain_mut(|stop| {
            let begun = count(bytes, stop.begins);
            if begun < stop.nth {
                stop.nth -= begun;
                return true;
            }
            due.push(*stop);
            false
        });
        due
    }

    /// False: this connection has ended.
    async fn goes_on(&self, deed: Deed) -> bool {
        match deed {
            Deed::Cut => self.is_cut.store(true, Ordering::SeqCst),
            Deed::Hold => {
                self.held.notify_one();
                self.going.notified().await;
            }
            Deed::Lose => return false,
        }
        !self.is_cut.load(Ordering::SeqCst)
    }
}

fn count(bytes: &[u8], texts: &[&str]) -> usize {
    let of = |text: &&str| {
        let windows = bytes.windows(text.len());
        windows.filter(|window| *window == text.as_bytes()).count()
    };
    texts.iter().map(of).sum()
}

async fn forward(client: TcpStream, server: TcpStream, state: Arc<WireState>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let withheld: Arc<Mutex<Option<Deed>>> = Arc::default();
    let answers = tokio::spawn({
        let (state, withheld) = (Arc::clone(&state), Arc::clone(&withheld));
        async move {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                let withheld = withheld.lock().unwrap().take();
                if let Some(deed) = withheld {
                    if !state.goes_on(deed).await {
                        break;
                    }
                }
                if state.is_cut.load(Ordering::SeqCst)
                    || to_client.write_all(&buffer[..length]).await.is_err()
                {
                    break;
                }
            }
        }
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
        let asks = &buffer[..length];
        for stop in state.due(asks) {
            match stop.when {
                When::Before => {
                    state.goes_on(stop.deed).await;
                }
                When::After => *withheld.lock().unwrap() = Some(stop.deed),
            }
        }
        if state.is_cut.load(Ordering::SeqCst) {
            break;
        }
        state.asked.lock().unwrap().extend(asks);
        if to_server.write_all(asks).await.is_err() {
            break;
        }
    }
    answers.abort();
}
