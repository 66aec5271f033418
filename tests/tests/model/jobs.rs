//! scrape-enrich with a model that answers well, badly, falsely or not at all: the job ends as it would without.

use reqwest::Method;
use scrape_enrich::pointers::MOST_JOBS_A_DAY;
use serde_json::{json, Value};
use tests::{check_untold, world, World, DATABASE};
use world::model_server::{Turn, KEY, MODEL, NOTHING};

use super::HOST;

const FUNCTION: &str = "scrape-enrich";

/// What the demo website says of its staff.
const STAFF: &str = "employs 84 people";

/// Acme, which has opted in.
async fn acme() -> World {
    let world = world(HOST).await;
    world.organization("acme", "Acme", "ada").await.unwrap();
    world.opt_in("acme", true).await.unwrap();
    world
}

/// Runs a job: its row, and its document.
async fn run(world: &World) -> (Value, Value) {
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url()});
    let reply = world.call(FUNCTION, "ada", "POST", "/", &request).await;
    let reply = reply.unwrap();
    assert_eq!(reply.status, 201, "{}", reply.body);
    let id = reply.body["jobId"].as_str().unwrap();
    let row = world.find("scrape_jobs", id).await.unwrap().unwrap();
    assert_eq!(row["status"], "done", "{}", row["errorMessage"]);
    let document = serde_json::from_str(row["prefillJson"].as_str().unwrap()).unwrap();
    (row, document)
}

fn pointers(revenue: &str, staff: &str, address: &str) -> Turn {
    Turn::Text(json!({"revenue": revenue, "employeeCount": staff, "address": address}).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_points_at_makes_the_rules_surer_or_leaves_a_blank() {
    let world = acme().await;
    world.opt_in("acme", false).await.unwrap();
    let (row, by_rules) = run(&world).await;
    assert_eq!(
        (&row["provider"], &row["modelUsed"]),
        (&json!("rules"), &Value::Null)
    );
    assert_eq!(by_rules["meta"]["model"], Value::Null);
    let staff = &by_rules["profile"]["employeeCount"];
    assert_eq!(staff["value"], json!({"min": 84, "max": 84}));
    assert_eq!(world.model.take().len(), 0);

    world.opt_in("acme", true).await.unwrap();
    world
        .model
        .always(pointers("we made 9 million euros", STAFF, "12"));
    let (row, document) = run(&world).await;
    assert_eq!(
        (&row["provider"], &row["modelUsed"]),
        (&json!("127.0.0.1"), &json!(MODEL))
    );
    let stamp = row["promptVersion"].as_str().unwrap();
    assert!(stamp.starts_with("pointers@1-"), "{stamp}");
    let model = &document["meta"]["model"];
    assert_eq!(
        model["verdicts"],
        json!({"revenue": "not_on_page", "employeeCount": "agreed", "address": "unusable"})
    );
    assert_eq!(
        (
            &model["proposed"],
            &model["agreed"],
            &model["stored"],
            &model["dropped"]
        ),
        (&json!(3), &json!(1), &json!(0), &json!(2))
    );
    assert_eq!(
        (&model["calls"], &model["promptTokens"]),
        (&json!(1), &json!(100))
    );
    let surer = &document["profile"]["employeeCount"];
    assert_eq!(surer["value"], staff["value"]);
    assert!(surer["confidence"].as_f64() > staff["confidence"].as_f64());
    // All else is as the rules found it.
    let mut same = document["profile"].clone();
    same["employeeCount"] = staff.clone();
    assert_eq!(same, by_rules["profile"]);

    let asked = world.model.take();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].shown().contains(STAFF));
    // The site's hidden text and structured data are no part of the question.
    assert!(!asked[0].shown().contains("ld+json"));
    check_untold(&world, &[KEY, STAFF, "84 people"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_server_does_the_job_is_done_and_says_why_nothing_was_found() {
    let world = acme().await;
    let schema =
        json!({"type": "object", "properties": {"revenue": {"type": "string"}}}).to_string();
    for (turn, code) in [
        (
            Turn::status(401, &json!({"error": {"message": "sk-… is wrong"}})),
            "key_refused",
        ),
        (
            Turn::status(404, &json!({"error": "model not found"})),
            "model_unknown",
        ),
        (Turn::Text(schema), "echoed_schema"),
        (Turn::Text("I found 84 people!".to_owned()), "nonsense"),
        (Turn::Blanks(1_000_000), "unreadable"),
        (Turn::BreakOff, "unreachable"),
        (
            Turn::Answer {
                status: 429,
                headers: vec![("retry-after", "172800".to_owned())],
                body: String::new(),
            },
            "limited",
        ),
    ] {
        world.model.always(turn);
        let (row, document) = run(&world).await;
        assert_eq!(
            (&row["provider"], &row["modelUsed"]),
            (&json!("rules"), &Value::Null)
        );
        assert_eq!(row["promptVersion"], Value::Null);
        let model = &document["meta"]["model"];
        assert_eq!(model["noAnswer"], code);
        assert!(model["reason"].as_str().unwrap().len() > 20, "{model}");
        assert_eq!(
            document["profile"]["employeeCount"]["value"],
            json!({"min": 84, "max": 84})
        );
    }
    check_untold(&world, &[KEY, "84 people", "sk-…"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_does_whatever_it_is_shown_adds_nothing() {
    let world = acme().await;
    world.opt_in("acme", false).await.unwrap();
    let (_, by_rules) = run(&world).await;
    world.opt_in("acme", true).await.unwrap();
    let visits = world.site.visits("/about-us");
    // Every passage is an order to somebody.
    let shown = {
        world.model.always(Turn::Text(NOTHING.to_owned()));
        run(&world).await;
        world.model.take()[0].body["messages"][1]["content"].clone()
    };
    let shown: Value = serde_json::from_str(shown.as_str().unwrap()).unwrap();
    let passages = shown["passages"].as_array().unwrap();
    assert!(passages.len() > 10);
    let jobs = passages.len().min(8);
    for passage in passages.iter().take(jobs) {
        world
            .model
            .always(Turn::Obey(passage.as_str().unwrap().to_owned()));
        let (_, document) = run(&world).await;
        let model = &document["meta"]["model"];
        assert_eq!(
            (&model["proposed"], &model["stored"]),
            (&json!(3), &json!(0)),
            "{model}"
        );
        for (field, value) in document["profile"].as_object().unwrap() {
            let rules = &by_rules["profile"][field];
            let is_kept = value["value"] == rules["value"] || value["blank"] == "ambiguous";
            assert!(is_kept, "{field}: {value}, by rules {rules}");
        }
    }
    // Each job has read the site once, and nothing has led anywhere else.
    assert_eq!(world.site.visits("/about-us"), visits + jobs + 1);
    assert_eq!(
        world.rows("scrape_jobs", &[]).await.unwrap().len(),
        jobs + 2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_asks_nobody_and_a_day_has_so_many_questions() {
    let world = acme().await;
    let request = json!({"organizationId": "acme", "sourceUrl": world.site.url(), "dryRun": true});
    let reply = world.call(FUNCTION, "ada", "POST", "/", &request).await;
    assert_eq!(reply.unwrap().status, 200);
    assert_eq!(world.model.take().len(), 0);

    for job in 0..MOST_JOBS_A_DAY - 1 {
        let data = json!({
            "organizationId": "acme", "requestedByUserId": "ada", "sourceUrl": "https://example.com/",
            "status": "failed",
        });
        world
            .row("scrape_jobs", &format!("job{job}"), data, &[])
            .await
            .unwrap();
    }
    world.model.always(Turn::Text(NOTHING.to_owned()));
    let (row, _) = run(&world).await;
    assert_eq!(
        (row["provider"].as_str(), world.model.take().len()),
        (Some("127.0.0.1"), 1)
    );
    let (row, document) = run(&world).await;
    assert_eq!(document["meta"]["model"]["noAnswer"], "day_is_full");
    assert_eq!(
        (row["provider"].as_str(), world.model.take().len()),
        (Some("rules"), 0)
    );
    // Yesterday's do not count.
    for job in 0..2 {
        let path = format!("/tablesdb/{DATABASE}/tables/scrape_jobs/rows/job{job}");
        let long_ago = json!({"data": {"$createdAt": "2026-01-02T03:04:05.678+00:00"}});
        let answer = world
            .api(Method::PATCH, &path, Some(long_ago))
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    run(&world).await;
    assert_eq!(world.model.take().len(), 1);
}
