//! Users, teams and who sees what.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{json, Value};

use crate::place::{equal, As, Place};

pub(crate) async fn a_membership_by_key_is_confirmed_at_once_and_once(place: Arc<Place>) {
    let (team, user) = (place.team().await, place.user("ada").await);
    let path = format!("/teams/{team}/memberships");
    let body = json!({"userId": user, "roles": ["member"]});
    let made = place.key("POST", &path, body.clone()).await.ok();
    assert_eq!((made.status, &made.body["confirm"]), (201, &json!(true)));
    let again = place.key("POST", &path, body).await;
    again.refused(409, "membership_already_confirmed");
    let unknown = json!({"userId": "nobody-at-all", "roles": ["member"]});
    let unknown = place.key("POST", &path, unknown).await;
    unknown.refused(404, "user_not_found");
}

pub(crate) async fn of_sixteen_memberships_of_one_user_one_is_made(place: Arc<Place>) {
    let (team, user) = (place.team().await, place.user("ada").await);
    let path = format!("/teams/{team}/memberships");
    let body = json!({"userId": user, "roles": ["member"]});
    let answers = join_all((0..16).map(|_| place.key("POST", &path, body.clone()))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    // The rest is told that it is there, or by the real server now and then nothing of use.
    assert!(answers
        .iter()
        .all(|answer| [201, 409, 500].contains(&answer.status)));
    let list = place.key("GET", &path, Value::Null).await.ok();
    assert_eq!(list.body["total"], 1);
    let team = place
        .key("GET", &format!("/teams/{team}"), Value::Null)
        .await;
    assert_eq!(team.ok().body["total"], 1);
}

pub(crate) async fn a_blocked_user_is_turned_away(place: Arc<Place>) {
    let user = place.user("ada").await;
    let token = place.token(&user).await;
    place
        .ask(As::User(&token), "GET", "/account", Value::Null)
        .await
        .ok();
    let path = format!("/users/{user}/status");
    place
        .key("PATCH", &path, json!({"status": false}))
        .await
        .ok();
    let account = place
        .ask(As::User(&token), "GET", "/account", Value::Null)
        .await;
    account.refused(403, "user_blocked");
}

pub(crate) async fn a_wrong_key_is_nobody(place: Arc<Place>) {
    let wrong = As::OtherKey("standard_wrong");
    let answer = place.ask(wrong, "GET", "/users", Value::Null).await;
    answer.refused(401, "user_unauthorized");
    let guest = place.ask(As::Guest, "GET", "/account", Value::Null).await;
    guest.refused(401, "general_unauthorized_scope");
}

pub(crate) async fn a_user_sees_only_rows_that_are_shared_with_them(place: Arc<Place>) {
    let (ada, bob) = (place.user("ada").await, place.user("bob").await);
    let (adas, bobs) = (place.token(&ada).await, place.token(&bob).await);
    let (case, id) = (place.id("case"), place.id("shared"));
    let permissions = [format!("read(\"user:{ada}\")")];
    let body = json!({"rowId": id, "data": {"case": case}, "permissions": permissions});
    place.key("POST", &place.rows(), body).await.ok();
    place
        .create(&place.id("unshared"), json!({"case": case}))
        .await
        .ok();
    for (token, count) in [(&adas, 1), (&bobs, 0)] {
        let list = place
            .list_as(As::User(token), &[equal("case", &[&case])])
            .await
            .ok();
        assert_eq!(list.rows().len(), count);
    }
    place
        .ask(As::User(&adas), "GET", &place.row(&id), Value::Null)
        .await
        .ok();
    let hidden = place
        .ask(As::User(&bobs), "GET", &place.row(&id), Value::Null)
        .await;
    hidden.refused(404, "row_not_found");
    let write = json!({"data": {"title": "x"}});
    let write = place
        .ask(As::User(&adas), "PATCH", &place.row(&id), write)
        .await;
    write.refused(401, "user_unauthorized");
}
