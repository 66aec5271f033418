//! What is read is asked again where the next answer may be a better one, and not without end.

use project::{schema, Target};
use serde_json::json;
use tests::Between;

use crate::changes::{before, read, with_note, Live};
use crate::tool;
use crate::wire::{Deed, Stop, When, Wire};

#[tokio::test(flavor = "multi_thread")]
async fn reading_is_asked_again_after_an_answer_that_passes() {
    let live = Live::new().await;
    let file = live.file(&with_note());
    for status in [429, 500, 502, 503, 504] {
        let between = Between::unsteady(&live.appwrite, status, json!("<html>")).await;
        let (code, told) = tool(&live.appwrite, &between.endpoint, "plan", &file).await;
        assert_eq!(
            told,
            "change the column d.people.note: optional → required\n"
        );
        assert_eq!(code, Some(0), "{status}");
        assert_eq!(between.written(), Vec::<String>::new());
    }
    // A connection that ends without an answer, at each request in turn.
    let mut lost = 0;
    loop {
        let stop = Stop {
            begins: &["GET /v1/"],
            nth: lost + 1,
            when: When::After,
            deed: Deed::Lose,
        };
        let wire = Wire::to(&live.appwrite, [stop]).await;
        let description = read(&with_note());
        let plan = schema::plan(&wire.target(&live.appwrite), &description).await;
        assert_eq!(
            plan.unwrap().to_string(),
            "change the column d.people.note: optional → required\n"
        );
        if wire.read() < lost + 1 {
            break;
        }
        lost += 1;
    }
    assert!(lost > 4, "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_pass_is_told_after_a_few_tries() {
    let live = Live::new().await;
    for (status, kind, asked) in [
        (502, "", 5),
        (500, "general_unknown", 2),
        (400, "general_argument_invalid", 1),
    ] {
        let body = match kind {
            "" => json!("<html>"),
            kind => {
                json!({"message": "Server Error", "code": status, "type": kind, "version": "1.9.6"})
            }
        };
        let between = Between::to(&live.appwrite, &[("GET /v1/tablesdb", status, body)]).await;
        let target = Target::new(
            &between.endpoint,
            live.appwrite.project(),
            live.appwrite.key(),
        );
        let told = schema::plan(&target.unwrap(), &read(&before()))
            .await
            .unwrap_err()
            .to_string();
        assert_eq!(between.asked(), asked, "{status}");
        assert!(told.contains(&status.to_string()), "{told}");
    }
}
