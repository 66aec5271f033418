//! A function through the same door as all others that goes wrong in every way that it is told to, with a secret in the
//! words of each fault.

use openruntimes::{Context, Response};
use serde::Deserialize;
use shared::sweep::Swept;
use shared::{Cx, Failure, Reply, Routes};
use tokio::task::{spawn, spawn_blocking, JoinSet};

/// What no log may hold.
pub const SECRET: &str = "Unser Umsatz lag bei 500 Mio.";

/// Ways to go wrong, and whether it is a panic.
pub const WAYS: [(&str, bool); 6] = [
    ("handler", true),
    ("inside a character", true),
    ("task", true),
    ("thread", true),
    ("task of a set", true),
    ("JSON", false),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    how: String,
}

/// What Appwrite calls.
pub fn main(context: Context) -> Response {
    shared::serve(context, &routes())
}

/// Every way in.
pub fn routes() -> Routes {
    Routes::new("faulty").post("/", go_wrong).sweep(|_| async {
        panic_with(SECRET);
        Ok(Swept {
            summary: serde_json::json!({}),
            is_complete: true,
        })
    })
}

async fn go_wrong(_: Cx, request: Request) -> Result<Reply, Failure> {
    match request.how.as_str() {
        "handler" => panic_with(SECRET),
        "inside a character" => {
            let text = format!("über {SECRET}");
            let cut = text.char_indices().count() - text.chars().count() + 1;
            drop(text[cut..].to_owned());
        }
        "task" => spawn(async { panic_with(SECRET) })
            .await
            .map_err(|error| Failure::internal(error.into()))?,
        "thread" => spawn_blocking(|| panic_with(SECRET))
            .await
            .map_err(|error| Failure::internal(error.into()))?,
        "task of a set" => {
            let mut set = JoinSet::new();
            set.spawn(async { panic_with(SECRET) });
            while let Some(ended) = set.join_next().await {
                ended.map_err(|error| Failure::internal(error.into()))?;
            }
        }
        _ => {
            let quoted = serde_json::Value::from(SECRET);
            serde_json::from_value::<u8>(quoted)
                .map_err(|error| Failure::internal(error.into()))?;
        }
    }
    Ok(Reply::ok(serde_json::json!({})))
}

#[expect(clippy::panic, reason = "this is what the function is for")]
fn panic_with(words: &str) {
    panic!("{words}");
}
