//! Servers that others wrote to judge clients, on demand: each is named by a variable, and how to start it is told in
//! `shared/model/README.md`.

use std::io::Write;

use axum::body::{to_bytes, Body};
use axum::extract::Request;
use axum::http::{HeaderName, Response};
use axum::Router;
use model::ask::MOST_CALLS;
use reqwest::Client;

use super::*;

/// The address that a variable names; none where this judge was not asked for.
fn judge(variable: &str) -> Option<String> {
    let address = std::env::var_os(variable).and_then(|value| value.into_string().ok());
    if address.is_none() {
        // Past the harness, which keeps what a test prints to itself.
        let told = format!("skipped: {variable} names no server\n");
        std::io::stderr().write_all(told.as_bytes()).unwrap();
    }
    address
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// Asks about a passage, for each question another: a judge takes the same words again for another try.
async fn ask_about(url: &str, passage: &str) -> Asked<Name> {
    let model = Model::new(Server {
        url: url.parse().unwrap(),
        key: domain::token::Secret::new(KEY),
        name: "gpt-4o-mini".to_owned(),
    });
    let consent = Consent::of(&organization(true)).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let passages = [format!("Acme, {passage}")];
    model.ask(&consent, &PROMPT, &passages, deadline).await
}

/// What llmock does in turn, what comes of the question, and after how many calls.
fn scenarios() -> Vec<(&'static str, Value, Result<Name, NoAnswer>, u32)> {
    let fail = |status: u16| json!({"type": "fail", "status": status, "times": 1});
    let often =
        |status: u16| json!({"type": "fail", "status": status, "times": 9, "retry_after": 0});
    let wait =
        |times: u32| json!({"type": "fail", "status": 429, "times": times, "retry_after": 1});
    let says = |text: &str| json!({"type": "reply", "text": text, "times": 9});
    let ends =
        |reason: &str| json!({"type": "reply", "text": "{\"name\":", "finish_reason": reason});
    let acme_says = says("{\"name\":\"Acme\"}");
    vec![
        ("all well", json!([acme_says]), acme(), 1),
        ("429 once", json!([wait(1), acme_says]), acme(), 2),
        ("429 twice", json!([wait(2), acme_says]), acme(), 3),
        (
            "429 for ever",
            json!([wait(9)]),
            Err(NoAnswer::Limited),
            MOST_CALLS,
        ),
        ("500 once", json!([fail(500), acme_says]), acme(), 2),
        ("502 once", json!([fail(502), acme_says]), acme(), 2),
        ("503 once", json!([fail(503), acme_says]), acme(), 2),
        ("504 once", json!([fail(504), acme_says]), acme(), 2),
        ("529 once", json!([fail(529), acme_says]), acme(), 2),
        ("408 once", json!([fail(408), acme_says]), acme(), 2),
        (
            "503 for ever",
            json!([often(503)]),
            Err(NoAnswer::Limited),
            MOST_CALLS,
        ),
        ("401", json!([fail(401)]), Err(NoAnswer::KeyRefused), 1),
        ("403", json!([fail(403)]), Err(NoAnswer::KeyRefused), 1),
        ("404", json!([fail(404)]), Err(NoAnswer::ModelUnknown), 1),
        (
            "a delay",
            json!([{"type": "delay", "seconds": 1.0}, acme_says]),
            acme(),
            1,
        ),
        ("cut off", json!([ends("length")]), Err(NoAnswer::CutOff), 1),
        (
            "a filter",
            json!([ends("content_filter")]),
            Err(NoAnswer::Filtered),
            1,
        ),
        (
            "nonsense",
            json!([says("It is Acme.")]),
            Err(NoAnswer::Nonsense),
            3,
        ),
    ]
}

#[tokio::test]
async fn llmock_has_nothing_to_say_against_us() {
    let Some(server) = judge("LLMOCK_URL") else {
        return;
    };
    let (client, url) = (client(), format!("{server}/v1"));
    let admin = |path: &str| format!("{server}/_llmock/{path}");
    client.post(admin("reset")).send().await.unwrap();
    let all = scenarios();
    let count = all.len();
    let queue = |behaviors: Value| {
        let body = json!({ "behaviors": behaviors });
        client.post(admin("scenario")).json(&body).send()
    };
    for (name, behaviors, expect, calls) in all {
        assert_eq!(queue(behaviors).await.unwrap().status(), 201, "{name}");
        let asked = ask_about(&url, name).await;
        println!(
            "{name}: {:?} after {} calls",
            asked.answer, asked.spent.calls
        );
        assert_eq!((asked.answer, asked.spent.calls), (expect, calls), "{name}");
        client.delete(admin("scenario")).send().await.unwrap();
    }
    let text = client
        .get(admin("verdict?format=text"))
        .send()
        .await
        .unwrap();
    let text = text.text().await.unwrap();
    println!("{count} scenarios\n{text}");
    assert!(text.contains("PASS") && !text.contains("WARN") && !text.contains("FAIL"));

    // It warns of whoever does not try again and fails whoever does so earlier than was asked: of a wish that reaches
    // behind the deadline there is no other answer than to leave the server alone, and to say why.
    client.post(admin("reset")).send().await.unwrap();
    let two_days = json!([{"type": "fail", "status": 429, "times": 9, "retry_after": 172_800}]);
    assert_eq!(queue(two_days).await.unwrap().status(), 201);
    let asked = ask_about(&url, "two days").await;
    assert_eq!(
        (asked.answer, asked.spent.calls),
        (Err(NoAnswer::Limited), 1)
    );
    let verdict = client.get(admin("verdict")).send().await.unwrap();
    let verdict: Value = verdict.json().await.unwrap();
    println!("two days: {verdict}");
    assert_eq!(verdict["errors"], 0);
    let findings = verdict["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["code"] == "gave_up"));
    client.post(admin("reset")).send().await.unwrap();
}

/// Passes requests on with one header more.
async fn adding(server: &str, header: &'static str, value: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (server, client) = (server.to_owned(), client());
    let pass = move |request: Request| {
        let (server, client) = (server.clone(), client.clone());
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let sent = client
                .request(parts.method, format!("{server}{}", parts.uri))
                .headers(parts.headers)
                .header(header, value)
                .body(body)
                .send()
                .await;
            // A connection that breaks there breaks here.
            let Ok(answer) = sent else {
                let broken =
                    futures_util::stream::iter([Err::<String, _>(std::io::Error::other("broken"))]);
                return Response::new(Body::from_stream(broken));
            };
            let mut reply = Response::builder().status(answer.status());
            if let Some(wish) = answer.headers().get("retry-after") {
                reply = reply.header(HeaderName::from_static("retry-after"), wish);
            }
            let body = answer.bytes().await.unwrap_or_default();
            reply.body(Body::from(body)).unwrap()
        }
    };
    let service = Router::new().fallback(pass);
    tokio::spawn(async move { axum::serve(listener, service).await });
    url
}

#[tokio::test]
async fn each_chaos_header_of_aimock_ends_as_it_should() {
    let Some(server) = judge("AIMOCK_URL") else {
        return;
    };
    for (header, value, expect) in [
        ("x-aimock-chaos-latency", "500", acme()),
        ("x-aimock-chaos-drop", "1", Err(NoAnswer::Limited)),
        ("x-aimock-chaos-malformed", "1", Err(NoAnswer::Unreadable)),
        ("x-aimock-chaos-disconnect", "1", Err(NoAnswer::Unreachable)),
        ("x-aimock-chaos-ratelimit", "1", Err(NoAnswer::Limited)),
    ] {
        let url = adding(&server, header, value).await;
        let asked = ask_about(&url, header).await;
        println!(
            "{header}: {:?} after {} calls",
            asked.answer, asked.spent.calls
        );
        assert!(asked.spent.calls <= MOST_CALLS);
        assert_eq!(asked.answer, expect, "{header}");
    }
}
