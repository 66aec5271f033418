//! Questions to a model over the wire: a scripted server that answers as real ones do, well and badly.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::time::Duration;

use model::ask::MOST_CALLS;
use model::{Asked, Consent, Model, NoAnswer, Prompt};
use platform::config::ModelServer as Server;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{json, Value};
use tokio::time::Instant;
use world::model_server::{ModelServer, Turn, KEY, MODEL};

#[path = "model/jobs.rs"]
mod jobs;
#[path = "model/judges.rs"]
mod judges;
#[path = "model/pairs.rs"]
mod pairs;
#[path = "model/skills.rs"]
mod skills;
#[path = "model/strict.rs"]
mod strict;

const HOST: &str = env!("CARGO_BIN_EXE_valyou-under-test");

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct Name {
    name: Option<String>,
}

const PROMPT: Prompt = Prompt {
    name: "test",
    version: 1,
    text: "Copy the name.",
};

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(60);

fn organization(opted_in: bool) -> domain::rows::Organization {
    let row = json!({
        "name": "Acme", "slug": "acme", "teamId": "team-acme", "createdByUserId": "ada",
        "defaultPrivacyMode": "option_1", "aiEnrichmentOptIn": opted_in,
    });
    serde_json::from_value(row).unwrap()
}

fn asks(server: &ModelServer) -> Model {
    Model::new(Server {
        url: server.url.parse().unwrap(),
        key: domain::token::Secret::new(KEY),
        name: MODEL.to_owned(),
    })
}

async fn ask(model: &Model, within: Duration) -> Asked<Name> {
    let consent = Consent::of(&organization(true)).unwrap();
    let passages = ["Acme makes \"pumps\".".to_owned()];
    let deadline = Instant::now() + within;
    model.ask(&consent, &PROMPT, &passages, deadline).await
}

fn completion(content: &Value, ended: &Value) -> Turn {
    Turn::ok(&json!({"choices": [{"message": {"content": content}, "finish_reason": ended}]}))
}

fn acme() -> Result<Name, NoAnswer> {
    let name = Some("Acme".to_owned());
    Ok(Name { name })
}

/// Asks a server that does this with every request: what comes of it, and after how many calls.
async fn check(turn: Turn, expect: Result<Name, NoAnswer>, calls: u32) {
    let server = ModelServer::serve().await.unwrap();
    server.always(turn.clone());
    let asked = ask(&asks(&server), LONG).await;
    assert_eq!(
        (&asked.answer, asked.spent.calls),
        (&expect, calls),
        "{turn:?}"
    );
    assert_eq!(server.take().len(), calls as usize);
}

#[test]
fn only_an_organisation_that_has_opted_in_gives_its_consent() {
    assert!(Consent::of(&organization(true)).is_some());
    assert!(Consent::of(&organization(false)).is_none());
}

#[tokio::test]
async fn a_question_holds_the_key_the_model_the_strict_shape_and_the_passages_as_data() {
    let server = ModelServer::serve().await.unwrap();
    server.always(Turn::Text(r#"{"name":"Acme"}"#.to_owned()));
    let asked = ask(&asks(&server), LONG).await;
    assert_eq!(asked.answer, acme());
    assert_eq!(
        (asked.spent.prompt_tokens, asked.spent.completion_tokens),
        (100, 20)
    );
    let request = server.take().pop().unwrap();
    assert_eq!(request.path, "/v1/chat/completions");
    assert_eq!(request.authorization, format!("Bearer {KEY}"));
    assert_eq!(request.body["model"], MODEL);
    let shape = &request.body["response_format"]["json_schema"];
    assert_eq!(
        (&shape["strict"], &shape["schema"]["required"]),
        (&json!(true), &json!(["name"]))
    );
    let told = &request.body["messages"][0];
    assert_eq!(
        (&told["role"], &told["content"]),
        (&json!("system"), &json!(PROMPT.text))
    );
    let data = request.body["messages"][1]["content"].as_str().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data, json!({"passages": ["Acme makes \"pumps\"."]}));
    assert!(request.body["max_completion_tokens"].is_u64());
}

#[tokio::test]
async fn every_way_to_say_it_is_understood() {
    let text = json!(r#"{"name":"Acme"}"#);
    for ended in ["stop", "eos", "eos_token", "", "end_turn", "STOP"] {
        check(completion(&text, &json!(ended)), acme(), 1).await;
    }
    check(completion(&text, &Value::Null), acme(), 1).await;
    check(
        completion(&json!({"name": "Acme"}), &json!("stop")),
        acme(),
        1,
    )
    .await;
    let parts =
        json!([{"type": "text", "text": "{\"name\":"}, {"type": "text", "text": "\"Acme\"}"}]);
    check(completion(&parts, &json!("stop")), acme(), 1).await;
    let thought = json!("<think>{\"name\":\"No\"}</think>```json\n{\"name\":\"Acme\"}\n```");
    check(completion(&thought, &json!("stop")), acme(), 1).await;
}

#[tokio::test]
async fn an_answer_that_is_none_ends_the_question_at_once() {
    let text = json!(r#"{"name":"Acme"}"#);
    for ended in [
        "length",
        "model_length",
        "MAX_TOKENS",
        "insufficient_system_resource",
    ] {
        check(completion(&text, &json!(ended)), Err(NoAnswer::CutOff), 1).await;
    }
    check(
        completion(&json!(""), &json!("length")),
        Err(NoAnswer::CutOff),
        1,
    )
    .await;
    for ended in ["content_filter", "SAFETY"] {
        check(completion(&text, &json!(ended)), Err(NoAnswer::Filtered), 1).await;
    }
    let refusal = json!({"choices": [{"message": {"content": null, "refusal": "No."}, "finish_reason": "stop"}]});
    check(Turn::ok(&refusal), Err(NoAnswer::Refused), 1).await;
    let error = |code: &str| json!({"error": {"message": "m", "code": code}});
    check(
        Turn::status(401, &error("invalid_api_key")),
        Err(NoAnswer::KeyRefused),
        1,
    )
    .await;
    check(
        Turn::status(403, &json!("no")),
        Err(NoAnswer::KeyRefused),
        1,
    )
    .await;
    check(
        Turn::status(404, &json!({"error": "model 'm' not found"})),
        Err(NoAnswer::ModelUnknown),
        1,
    )
    .await;
    check(
        Turn::status(400, &error("content_filter")),
        Err(NoAnswer::Filtered),
        1,
    )
    .await;
    check(
        Turn::status(429, &error("insufficient_quota")),
        Err(NoAnswer::QuotaSpent),
        1,
    )
    .await;
    check(Turn::status(302, &json!({})), Err(NoAnswer::Unreadable), 1).await;
    check(Turn::ok(&json!({"hello": 1})), Err(NoAnswer::Unreadable), 1).await;
    let page = "<html>sign in</html>".to_owned();
    let page = Turn::Answer {
        status: 200,
        headers: Vec::new(),
        body: page,
    };
    check(page, Err(NoAnswer::Unreadable), 1).await;
    check(Turn::Blanks(10_000_000), Err(NoAnswer::Unreadable), 1).await;
}

#[tokio::test]
async fn what_no_shape_holds_is_asked_for_in_three_ways() {
    let empty = completion(&Value::Null, &json!("stop"));
    check(empty, Err(NoAnswer::Empty), 3).await;
    check(Turn::ok(&json!({"choices": []})), Err(NoAnswer::Empty), 3).await;
    check(
        Turn::Text("It is Acme.".to_owned()),
        Err(NoAnswer::Nonsense),
        3,
    )
    .await;
    let schema = r#"{"type":"object","properties":{"name":{"type":"string"}}}"#;
    check(
        Turn::Text(schema.to_owned()),
        Err(NoAnswer::EchoedSchema),
        3,
    )
    .await;
    check(
        Turn::status(400, &json!({"error": "bad"})),
        Err(NoAnswer::RequestRefused),
        3,
    )
    .await;

    let server = ModelServer::serve().await.unwrap();
    server.next(["Acme", "Acme!"].map(|text| Turn::Text(text.to_owned())));
    server.next([Turn::Text(r#"{"name":"Acme"}"#.to_owned())]);
    let asked = ask(&asks(&server), LONG).await;
    assert_eq!(asked.answer, acme());
    let formats: Vec<Value> = (server.take().iter())
        .map(|request| request.body["response_format"]["type"].clone())
        .collect();
    assert_eq!(
        formats,
        [json!("json_schema"), json!("json_object"), Value::Null]
    );
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_four_times_and_no_more() {
    for status in [408, 429, 500, 502, 503, 529] {
        check(
            Turn::status(status, &json!({})),
            Err(NoAnswer::Limited),
            MOST_CALLS,
        )
        .await;
    }
    let upstream = json!({"error": {"message": "upstream overloaded", "code": 502}});
    check(Turn::ok(&upstream), Err(NoAnswer::Failed), MOST_CALLS).await;
    check(Turn::BreakOff, Err(NoAnswer::Unreachable), MOST_CALLS).await;

    let server = ModelServer::serve().await.unwrap();
    server.next([Turn::status(503, &json!({})), Turn::BreakOff]);
    server.always_after(Turn::Text(r#"{"name":"Acme"}"#.to_owned()));
    let asked = ask(&asks(&server), LONG).await;
    assert_eq!((asked.answer, asked.spent.calls), (acme(), 3));
}

#[tokio::test]
async fn a_wish_to_be_left_alone_for_longer_than_there_is_time_ends_the_question() {
    for wish in ["172800", "Sun, 29 Nov 2026 18:00:00 GMT"] {
        let headers = vec![
            ("retry-after", wish.to_owned()),
            ("date", "Fri, 27 Nov 2026 18:00:00 GMT".to_owned()),
        ];
        let busy = Turn::Answer {
            status: 429,
            headers,
            body: "{}".to_owned(),
        };
        check(busy, Err(NoAnswer::Limited), 1).await;
    }
    let server = ModelServer::serve().await.unwrap();
    let headers = vec![("retry-after", "0".to_owned())];
    server.next([Turn::Answer {
        status: 429,
        headers,
        body: "{}".to_owned(),
    }]);
    server.always_after(Turn::Text(r#"{"name":"Acme"}"#.to_owned()));
    let asked = ask(&asks(&server), LONG).await;
    assert_eq!((asked.answer, asked.spent.calls), (acme(), 2));
}

#[tokio::test]
async fn silence_ends_with_the_deadline() {
    let server = ModelServer::serve().await.unwrap();
    server.always(Turn::Silence);
    let asked = ask(&asks(&server), Duration::from_millis(200)).await;
    assert_eq!(
        (asked.answer, asked.spent.calls),
        (Err(NoAnswer::Silent), 1)
    );
    let asked = ask(&asks(&server), Duration::ZERO).await;
    assert_eq!(
        (asked.answer, asked.spent.calls),
        (Err(NoAnswer::Silent), 0)
    );
}

#[tokio::test]
async fn nobody_there_is_told() {
    let server = ModelServer::serve().await.unwrap();
    let model = asks(&server);
    drop(server);
    let asked = ask(&model, LONG).await;
    assert_eq!(asked.answer, Err(NoAnswer::Unreachable));
}

#[tokio::test]
async fn a_parameter_that_is_refused_is_changed_once_and_never_sent_again() {
    let server = ModelServer::serve().await.unwrap();
    let refused = vec!["max_completion_tokens", "temperature", "response_format"];
    let text = Turn::Text(r#"{"name":"Acme"}"#.to_owned());
    server.always(Turn::Refuse(refused[..2].to_vec(), Box::new(text.clone())));
    let model = asks(&server);
    let asked = ask(&model, LONG).await;
    assert_eq!((asked.answer, asked.spent.calls), (acme(), 3));
    let last = server.take().pop().unwrap().body;
    assert!(last["max_tokens"].is_u64() && last["temperature"].is_null());
    // It is remembered for the next question.
    assert_eq!(ask(&model, LONG).await.spent.calls, 1);
    // A third one takes the last call of a question that knows the first two.
    server.always(Turn::Refuse(refused, Box::new(text)));
    let asked = ask(&model, LONG).await;
    assert_eq!((asked.answer, asked.spent.calls), (acme(), 3));

    // Both names of the limit: no question goes without one.
    let both = vec!["max_completion_tokens", "max_tokens"];
    let turn = Turn::Refuse(both, Box::new(Turn::Silence));
    check(turn, Err(NoAnswer::RequestRefused), 2).await;
    // One that was never sent.
    let store = json!({"detail": [{"loc": ["body", "store"], "msg": "no"}]});
    check(Turn::status(422, &store), Err(NoAnswer::RequestRefused), 1).await;
}

#[tokio::test]
async fn of_a_reply_that_cannot_be_read_the_log_gets_length_and_hash() {
    let server = ModelServer::serve().await.unwrap();
    let body = "secret words of a page".to_owned();
    server.always(Turn::Answer {
        status: 200,
        headers: Vec::new(),
        body,
    });
    let asked = ask(&asks(&server), LONG).await;
    let unread = asked.unread.unwrap();
    assert!(
        unread.starts_with("status 200, 22 bytes, sha256 "),
        "{unread}"
    );
    assert!(!unread.contains("secret"));
    let debug = format!("{:?}", asks(&server));
    assert!(!debug.contains(KEY), "{debug}");
}

/// A server of somebody else's, named on demand: whatever it does, a question ends within its bounds and says how.
#[tokio::test]
async fn another_server_that_is_named_is_asked_within_the_same_bounds() {
    let set = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let Some(url) = set("MODEL_URL") else {
        println!("skipped: MODEL_URL names no server");
        return;
    };
    let questions = set("MODEL_QUESTIONS").and_then(|count| count.parse().ok());
    for _ in 0..questions.unwrap_or(1) {
        let model = Model::new(Server {
            url: url.parse().unwrap(),
            key: domain::token::Secret::new(KEY),
            name: set("MODEL_NAME").unwrap_or_else(|| "gpt-4o-mini".to_owned()),
        });
        let asked = ask(&model, Duration::from_secs(20)).await;
        assert!(asked.spent.calls <= MOST_CALLS);
        println!("{:?} after {} calls", asked.answer, asked.spent.calls);
    }
}
