//! What a function takes from the machine that it runs on: the clock, and chance.

use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use domain::time::Timestamp;

/// This host's clock; handlers use [`Cx::now`].
pub(crate) fn host_time() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    Timestamp::new(chrono::Utc::now())
}

/// The pause with its second half made random, so that many clients do not try again at once.
pub(crate) fn jitter(pause: Duration) -> Duration {
    let random = std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish();
    pause / 2 + (pause / 2).mul_f64(random as f64 / u64::MAX as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_between_half_and_whole() {
        for _ in 0..100 {
            let pause = jitter(Duration::from_millis(100));
            assert!(pause >= Duration::from_millis(50) && pause <= Duration::from_millis(100));
        }
    }
}
