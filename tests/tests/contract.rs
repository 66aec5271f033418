//! What the functions rely on of Appwrite, said as cases that any server can be asked: the embedded one, like each line
//! of Appwrite in turn or like the one that `VALYOU_APPWRITE` names; or with `APPWRITE_ENDPOINT`, `APPWRITE_PROJECT_ID` and `APPWRITE_API_KEY` set that server, in a database of its own that is
//! removed in the end. What cannot be asked there is skipped and counted, by reason. Not the recordings' replay, which
//! is `gates appwrite`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;

use self::place::Place;

#[path = "contract/bulk.rs"]
mod bulk;
#[path = "contract/columns.rs"]
mod columns;
#[path = "contract/events.rs"]
mod events;
#[path = "contract/executions.rs"]
mod executions;
#[path = "contract/people.rs"]
mod people;
#[path = "contract/place.rs"]
mod place;
#[path = "contract/queries.rs"]
mod queries;
#[path = "contract/rows.rs"]
mod rows;
#[path = "contract/transactions.rs"]
mod transactions;

/// What a case needs of the server beyond its API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    Nothing,
    /// A function that tells what it got.
    Echo,
    /// Time that passes at a word.
    Time,
}

impl Needs {
    fn reason(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Echo => {
                "needs a function that tells what it got, which only the embedded server starts"
            }
            Self::Time => "takes a minute or longer where time cannot be made to pass",
        }
    }
}

type Run = fn(Arc<Place>) -> Pin<Box<dyn Future<Output = ()> + Send>>;

struct Case {
    name: &'static str,
    needs: Needs,
    run: Run,
}

/// Cases from the names of functions `async fn(Arc<Place>)`, which are sentences.
macro_rules! cases {
    ($($module:ident $needs:ident: $($name:ident),+;)+) => {
        vec![$($(Case {
            name: concat!(stringify!($module), "::", stringify!($name)),
            needs: Needs::$needs,
            run: |place| Box::pin($module::$name(place)),
        }),+),+]
    };
}

fn all() -> Vec<Case> {
    cases! {
        rows Nothing:
            of_sixteen_guarded_writers_one_wins,
            of_sixteen_creates_with_one_id_one_is_made,
            a_write_that_changes_nothing_keeps_the_time_but_minds_the_guard,
            an_empty_guard_and_a_future_one_guard_nothing,
            an_upsert_of_a_new_id_that_clashes_makes_no_row_and_on_mariadb_overwrites_one,
            an_upsert_of_a_known_id_that_clashes_is_refused,
            a_text_that_reads_as_an_operator_is_one_on_update_but_not_on_create,
            an_empty_date_is_now_and_null_is_none,
            a_unique_key_is_taken_once_and_on_mariadb_in_any_case_accent_and_blanks_behind,
            an_id_is_taken_in_any_case_and_on_mariadb_found_in_any,
            a_taken_unique_key_is_told_as_a_taken_id_and_on_line_2_as_a_clash,
            unknown_columns_and_missing_ones_are_refused,
            a_key_may_set_the_times_of_a_row,
            a_missing_row_is_json_and_a_missing_route_a_page;
        columns Nothing:
            a_text_grows_in_place_and_shrinks_to_what_is_stored,
            what_is_stored_is_not_asked_by_other_changes_but_refuses_updates,
            a_default_taken_away_lives_on_unless_the_column_was_required,
            a_default_is_given_at_the_next_update_of_a_row,
            bounds_that_are_not_sent_stay_and_bytes_never_grow,
            a_text_does_not_outgrow_its_index;
        queries Nothing:
            a_list_without_limit_has_twenty_five_rows,
            pages_by_cursor_visit_every_row_once,
            a_cursor_at_a_missing_row_is_refused,
            a_query_is_too_long_before_it_has_too_many_values,
            null_is_asked_for_by_its_own_query_and_is_not_unlike_anything,
            a_value_outside_an_enum_finds_nothing,
            select_adds_the_internal_columns,
            a_list_says_what_a_get_says;
        transactions Nothing:
            what_is_staged_is_seen_inside_only_until_the_commit,
            a_commit_does_all_or_nothing,
            a_conflict_is_a_write_after_the_staging_and_no_read_is_tracked,
            increments_do_not_conflict,
            of_two_that_create_one_id_one_commits,
            a_hundred_operations_are_the_most,
            a_staged_upsert_does_not_mind_its_row_id,
            a_staged_unique_id_stays_as_it_is,
            a_staged_create_takes_a_text_for_an_operator,
            a_finished_transaction_takes_nothing_more;
        transactions Time:
            a_transaction_whose_time_is_over_says_so_by_type;
        bulk Nothing:
            a_bulk_create_with_a_taken_id_makes_nothing,
            a_bulk_answers_the_first_hundred_rows_of_all_it_changed,
            a_bulk_create_of_more_than_a_hundred_rows_is_refused;
        events Echo:
            a_create_goes_out_under_the_legacy_name_and_an_update_under_the_new,
            a_write_that_changes_nothing_goes_out_too,
            only_a_hundred_events_of_a_bulk_go_out,
            a_commit_sends_events_of_single_operations_only,
            an_event_names_the_user_who_wrote,
            events_get_lost_doubled_and_late_as_the_seed_says;
        executions Echo:
            a_caller_gets_the_answer_and_only_keys_see_the_logs,
            a_run_that_was_just_made_is_found_at_the_second_look,
            an_asynchronous_run_keeps_no_body,
            only_who_may_execute_does,
            the_platform_wins_headers_except_the_event,
            headers_in_lower_case_are_refused_by_a_type_that_is_no_type,
            a_domain_knows_nobody,
            an_execution_key_does_what_its_scopes_say,
            a_status_of_500_fails_and_400_completes;
        executions Time:
            a_run_put_off_comes_as_the_schedule_but_with_its_user,
            the_cron_comes_as_nobody_with_nothing,
            a_caller_waits_only_so_long;
        people Nothing:
            a_membership_by_key_is_confirmed_at_once_and_once,
            of_sixteen_memberships_of_one_user_one_is_made,
            a_blocked_user_is_turned_away,
            a_wrong_key_is_nobody,
            a_user_sees_only_rows_that_are_shared_with_them;
    }
}

/// What became of a case on one server.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Holds,
    Fails,
    Skipped,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Holds => "ok",
            Self::Fails => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

async fn ask(case: &Case, place: &Arc<Place>) -> Outcome {
    if case.needs != Needs::Nothing && place.embedded.is_none() {
        return Outcome::Skipped;
    }
    // On a task of its own, so that its panic ends only itself.
    match tokio::spawn((case.run)(Arc::clone(place))).await {
        Ok(()) => Outcome::Holds,
        Err(_) => Outcome::Fails,
    }
}

fn main() -> ExitCode {
    let only: Option<String> = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let places: Vec<Arc<Place>> = Place::all().await.into_iter().map(Arc::new).collect();
        let mut cases = all();
        let count = cases.len();
        cases.retain(|case| only.as_ref().is_none_or(|only| case.name.contains(only)));
        let mut outcomes = vec![Vec::new(); places.len()];
        let heads: Vec<String> = places
            .iter()
            .map(|place| format!("{:<14}", place.name))
            .collect();
        println!("{}case", heads.concat());
        for case in &cases {
            let mut line = String::new();
            for (place, outcomes) in places.iter().zip(&mut outcomes) {
                let outcome = ask(case, place).await;
                line += &format!("{:<14}", outcome.word());
                outcomes.push(outcome);
            }
            println!("{line}{}", case.name);
        }
        println!();
        for (place, outcomes) in places.iter().zip(&outcomes) {
            place.clear().await;
            let many = |which| outcomes.iter().filter(|one| **one == which).count();
            println!(
                "contract with {} at {}: {} of {count} cases hold, {} fail, {} skipped",
                place.name,
                place.endpoint,
                many(Outcome::Holds),
                many(Outcome::Fails),
                many(Outcome::Skipped)
            );
        }
        let mut skipped: BTreeMap<Needs, usize> = BTreeMap::new();
        for (case, _) in (cases.iter())
            .zip(outcomes.iter().flatten())
            .filter(|(_, outcome)| **outcome == Outcome::Skipped)
        {
            *skipped.entry(case.needs).or_default() += 1;
        }
        for (needs, count) in skipped {
            println!("skipped {count}: {}", needs.reason());
        }
        if outcomes.iter().flatten().any(|one| *one == Outcome::Fails) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    })
}
