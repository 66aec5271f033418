//! Each target for a moment, or all of them for as long as asked: `FUZZ_MINUTES=30 cargo test --profile fuzz -p fuzz
//! --test targets -- --nocapture`, with `FUZZ_CORPUS` naming a folder of saved pages.

use std::path::Path;

use fuzz::run;
use fuzz::targets::{target, TARGETS};

macro_rules! targets {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                run::cases(target(stringify!($name)));
            }
        )+

        #[test]
        fn every_target_is_a_test() {
            let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
        }
    };
}

targets! {
    page pointers links money robots media_type coding address document apply sentence door email time ids rows
}

#[test]
fn all_of_them_for_as_long_as_asked() {
    run::for_minutes(Path::new(env!("CARGO_TARGET_TMPDIR")));
}
