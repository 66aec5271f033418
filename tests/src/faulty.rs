//! A function through the same door as all others that goes wrong in every way that it is told to, with a secret in the
//! words of each fault.

use std::sync::LazyLock;

use bundle::Function;
use domain::Failure;
use openruntimes::{Context, Response};
use platform::access::SignedIn;
use platform::sweep::SweepOutcome;
use platform::{panics, Cx, OpenTo, Reply, Routes};
use serde::Deserialize;
use serde_json::Value;
use tokio::task::{spawn, spawn_blocking, JoinError, JoinSet};

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

/// Every way in.
static ROUTES: LazyLock<Routes> = LazyLock::new(|| {
    Routes::new("faulty")
        .post("/", OpenTo::Users, go_wrong)
        .sweep(sweep)
});

/// The function as the bundle's list would name it.
pub const FUNCTION: Function = Function {
    main,
    routes: || &ROUTES,
};

fn main(context: Context) -> Response {
    platform::serve(context, &ROUTES)
}

async fn sweep(_: Cx) -> Result<SweepOutcome<()>, Failure> {
    panic_with(SECRET);
    Ok(SweepOutcome {
        summary: (),
        is_complete: true,
    })
}

async fn go_wrong(_: Cx, _: SignedIn, request: Request) -> Result<Reply<Value>, Failure> {
    let of_task = |error: JoinError| Failure::internal(panics::of_task(&error));
    match request.how.as_str() {
        "handler" => panic_with(SECRET),
        "inside a character" => {
            let text = format!("über {SECRET}");
            let cut = text.char_indices().count() - text.chars().count() + 1;
            drop(text[cut..].to_owned());
        }
        "task" => spawn(async { panic_with(SECRET) }).await.map_err(of_task)?,
        "thread" => spawn_blocking(|| panic_with(SECRET))
            .await
            .map_err(of_task)?,
        "task of a set" => {
            let mut set = JoinSet::new();
            set.spawn(async { panic_with(SECRET) });
            while let Some(ended) = set.join_next().await {
                ended.map_err(of_task)?;
            }
        }
        _ => {
            let quoted = Value::from(SECRET);
            serde_json::from_value::<u8>(quoted)
                .map_err(|error| Failure::internal(error.into()))?;
        }
    }
    Ok(Reply::ok(Value::Null))
}

#[expect(clippy::panic, reason = "this is what the function is for")]
fn panic_with(words: &str) {
    panic!("{words}");
}
