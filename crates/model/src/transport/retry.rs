//! Whether a call is tried again, and after how long.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::HeaderMap;

use super::failure::Failure;
use crate::error::{Error, TimeLimit};

/// Tries after the first. More would hide a problem rather than bridge it.
pub(super) const MAX_RETRIES: u32 = 2;

/// A longer wait is shown instead of waited: the user may want to do something else.
pub(super) const MAX_WAIT: Duration = Duration::from_secs(60);

/// How long to wait before trying again; `None` when the failure is final. `n_retries` counts the tries behind us.
pub(super) fn wait_before_retry(
    failure: &Failure,
    n_retries: u32,
    first_delay: Duration,
) -> Option<Duration> {
    if n_retries >= MAX_RETRIES || !failure.should_retry.unwrap_or_else(|| is_passing(&failure.error)) {
        return None;
    }
    let backoff = first_delay.saturating_mul(1 << n_retries).mul_f64(jitter());
    Some(failure.retry_after.unwrap_or(backoff)).filter(|wait| *wait <= MAX_WAIT)
}

/// Whether the same call may succeed a little later.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::RateLimited { .. } | Error::Overloaded { .. } | Error::ServerFailed { .. } => true,
        Error::Timeout { which, .. } => *which == TimeLimit::Connect,
        Error::Network { cause, .. } => cause.is_passing(),
        Error::NotConfigured { .. }
        | Error::BadSetting { .. }
        | Error::Unauthorized { .. }
        | Error::OutOfCredit { .. }
        | Error::UnknownModel { .. }
        | Error::ContextTooLong { .. }
        | Error::BadRequest { .. }
        | Error::CutOff { .. }
        | Error::NotLent { .. }
        | Error::Protocol { .. } => false,
    }
}

/// Why a call waits, as a clause for the user.
pub(super) fn reason(error: &Error) -> &'static str {
    match error {
        Error::RateLimited { .. } => "the provider's rate limit is reached",
        Error::Overloaded { .. } => "the provider is overloaded",
        Error::Network { .. } | Error::Timeout { .. } => "the provider cannot be reached",
        _ => "the provider failed",
    }
}

/// A factor between a half and one, so that many clients do not come back at the same moment.
fn jitter() -> f64 {
    let random = RandomState::new().hash_one(0_u8) >> 11;
    0.5 + random as f64 / (1_u64 << 53) as f64 / 2.0
}

/// How long the headers ask to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds = |text: &str| text.parse::<f64>().ok().and_then(|n| Duration::try_from_secs_f64(n).ok());
    if let Some(wait) = text("retry-after-ms").and_then(seconds) {
        return Some(wait / 1000);
    }
    let value = text("retry-after")?;
    seconds(value).or_else(|| Some(http_date(value)?.duration_since(now).unwrap_or(Duration::ZERO)))
}

/// The time of an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.split_once(", ")?;
    let mut parts = date.strip_suffix(" GMT")?.split([' ', ':']);
    let number = |parts: &mut dyn Iterator<Item = &str>| parts.next()?.parse::<u64>().ok();
    let day = number(&mut parts)?;
    let month = parts.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year = number(&mut parts)?;
    let (hour, minute, second) = (number(&mut parts)?, number(&mut parts)?, number(&mut parts)?);
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days since 1970 by the civil calendar whose year begins in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(UNIX_EPOCH + Duration::from_secs(((days * 24 + hour) * 60 + minute) * 60 + second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expect_ms: Option<u128>) {
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        assert_eq!(retry_after(&headers, now).map(|wait| wait.as_millis()), expect_ms);
    }

    #[test]
    fn retry_after_is_seconds_milliseconds_or_a_date() {
        check(&[("retry-after", "7")], Some(7_000));
        check(&[("retry-after", "0.25")], Some(250));
        check(&[("retry-after-ms", "1500"), ("retry-after", "7")], Some(1_500));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")], Some(30_000));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")], Some(0));
        check(&[("retry-after", "Thu, 29 Feb 1996 00:00:00 GMT")], Some(41_440_223_000));
        for nonsense in
            ["", "-1", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 08:49:37 GMT", "inf", "NaN"]
        {
            check(&[("retry-after", nonsense)], None);
        }
        check(&[], None);
    }

    #[test]
    fn a_wait_is_bounded_and_follows_the_server() {
        let overloaded = || Failure::from(Error::Overloaded { retry_after: None, message: String::new() });
        let first = Duration::from_secs(1);
        for _ in 0..100 {
            let waits = [0, 1].map(|n| wait_before_retry(&overloaded(), n, first).unwrap());
            assert!((first / 2..=first).contains(&waits[0]), "{waits:?}");
            assert!((first..=first * 2).contains(&waits[1]), "{waits:?}");
        }
        assert_eq!(wait_before_retry(&overloaded(), MAX_RETRIES, first), None);
        let asks = |seconds| Failure { retry_after: Some(Duration::from_secs(seconds)), ..overloaded() };
        assert_eq!(wait_before_retry(&asks(60), 0, first), Some(MAX_WAIT));
        assert_eq!(wait_before_retry(&asks(61), 0, first), None);
        assert_eq!(wait_before_retry(&Failure { should_retry: Some(false), ..overloaded() }, 0, first), None);
        let refused = Failure::from(Error::BadRequest { status: 400, message: String::new() });
        assert_eq!(wait_before_retry(&refused, 0, first), None);
    }
}
