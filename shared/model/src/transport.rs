//! One request to the model's server: with the function's own HTTP client, until a deadline, up to so many bytes.

use std::time::Duration;

use async_openai::types::chat::CreateChatCompletionRequest;
use chrono::DateTime;
use platform::config::ModelServer;
use platform::serve::http_client;
use reqwest::header::{HeaderMap, DATE, RETRY_AFTER};
use tokio::time::{timeout_at, Instant};

/// Bytes of a reply. An answer of [`REPLY_TOKENS`](crate::request::REPLY_TOKENS) takes a tenth, with what servers say
/// beside it.
const LONGEST_REPLY: usize = 256 * 1024;

/// What came back.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long the server wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

/// Why nothing came back that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// No connection, or it broke.
    Unreachable,
    /// Nothing until the deadline.
    Silent,
    TooLong,
}

/// Sends one request. The address is the operator's; nothing of a page can lead elsewhere, and no redirect is followed.
pub(crate) async fn post(
    server: &ModelServer,
    request: &CreateChatCompletionRequest,
    deadline: Instant,
) -> Result<Received, Broken> {
    timeout_at(deadline, exchange(server, request))
        .await
        .unwrap_or(Err(Broken::Silent))
}

async fn exchange(
    server: &ModelServer,
    request: &CreateChatCompletionRequest,
) -> Result<Received, Broken> {
    let unreachable = |_| Broken::Unreachable;
    let client = http_client().map_err(|_| Broken::Unreachable)?;
    let mut url = server.url.clone();
    url.path_segments_mut()
        .map_err(|()| Broken::Unreachable)?
        .pop_if_empty()
        .extend(["chat", "completions"]);
    let mut post = client.post(url).json(request);
    if !server.key.expose().is_empty() {
        post = post.bearer_auth(server.key.expose());
    }
    let mut response = post.send().await.map_err(unreachable)?;
    let mut received = Received {
        status: response.status().as_u16(),
        body: Vec::new(),
        retry_after: retry_after(response.headers()),
    };
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if received.body.len() + chunk.len() > LONGEST_REPLY {
            return Err(Broken::TooLong);
        }
        received.body.extend_from_slice(&chunk);
    }
    Ok(received)
}

/// Seconds, or a date by the server's own clock. What cannot be read is no wish.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let wish = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = wish.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let (until, now) = (
        DateTime::parse_from_rfc2822(wish).ok()?,
        DateTime::parse_from_rfc2822(text(DATE)?).ok()?,
    );
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wish: &str, date: &str, expect: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, wish.parse().unwrap());
        headers.insert(DATE, date.parse().unwrap());
        let expect = expect.map(Duration::from_secs);
        assert_eq!(retry_after(&headers), expect, "{wish}");
    }

    #[test]
    fn a_wish_to_be_left_alone_is_read_in_seconds_and_as_a_date() {
        let now = "Fri, 27 Nov 2026 18:00:00 GMT";
        check("172800", now, Some(172_800));
        check("2", now, Some(2));
        check("Fri, 27 Nov 2026 18:01:00 GMT", now, Some(60));
        check("Fri, 27 Nov 2026 17:00:00 GMT", now, Some(0));
        check("Fri, 27 Nov 2026 18:01:00 GMT", "now", None);
        check("-1", now, None);
        check("NaN", now, None);
        check("soon", now, None);
    }
}
