//! `hunkwise log`: what was sent to whom, what it came to, and what each day came to.

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use store::{KeptReceipt, Receipt, Spent, Store};

use crate::args::LogArgs;
use crate::shown::json_lines;
use crate::{Outcome, out};

const DAY_S: i64 = 24 * 3600;

pub(crate) fn run(args: &LogArgs) -> Result<Outcome> {
    let state_dir = store::state_dir().context("no state directory; set HUNKWISE_STATE_DIR")?;
    let since =
        args.since.as_deref().map_or(Ok(0), |since| since_time(since, Timestamp::now().as_second()))?;
    store::end_lost(&state_dir)?;
    let store = Store::open(&state_dir)?;
    let mut kept = store.receipts(since, args.limit)?;
    kept.reverse();
    if args.json {
        out::line(&serde_json::to_string_pretty(&kept.iter().map(json_of).collect::<Vec<_>>())?);
    } else if kept.is_empty() {
        out::note("nothing was sent");
    } else {
        kept.iter().for_each(print);
        // A day that the limit cuts is summed whole.
        let first =
            kept.first().map_or(since, |first| (first.time - first.time.rem_euclid(DAY_S)).max(since));
        print_days(&store.spent_by_day(first)?);
    }
    Ok(Outcome::Done)
}

/// The time that `2026-11-25`, `7d` or `12h` means, in seconds since 1970.
fn since_time(text: &str, now: i64) -> Result<i64> {
    let ago = |digits: &str, unit: i64| Some(now - digits.parse::<i64>().ok()?.checked_mul(unit)?);
    let time = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => ago(days, DAY_S),
        (None, Some(hours)) => ago(hours, 3600),
        (None, None) => midnight(text),
    };
    match time {
        Some(time) => Ok(time),
        None => {
            bail!("--since {text}: expected a date such as 2026-11-25, days such as 7d, or hours such as 12h")
        }
    }
}

/// When a day begins, UTC. Years have four digits.
fn midnight(text: &str) -> Option<i64> {
    let date = Date::strptime("%Y-%m-%d", text).ok().filter(|date| date.year() >= 1000)?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn print(kept: &KeptReceipt) {
    let KeptReceipt { time, receipt } = kept;
    let hidden = match receipt.n_hidden {
        Some(0) | None => String::new(),
        Some(1) => ", 1 secret hidden".to_owned(),
        Some(n) => format!(", {n} secrets hidden"),
    };
    out::line(&format!(
        "{} UTC  {:<8} {:<11} {}  {} at {} ({}){hidden}",
        clock(*time),
        receipt.revision,
        receipt.end,
        tokens(receipt),
        receipt.model,
        receipt.endpoint,
        receipt.protocol,
    ));
    if let Some(whom) = &receipt.instead_of {
        out::line(&format!("    in place of {whom}"));
    }
    for shown in &receipt.shown {
        let lines = match shown.lines.len() {
            0 => String::new(),
            _ => format!(":{}-{}", shown.lines.start + 1, shown.lines.end),
        };
        out::line(&format!("    {}{lines}  {}", shown.path.escape_debug(), shown.why));
    }
}

fn tokens(receipt: &Receipt) -> String {
    let input = match (receipt.input_tokens, receipt.cached_tokens) {
        (Some(n), None | Some(0)) => format!("{n} in"),
        (Some(n), Some(cached)) => format!("{n} in ({cached} cached)"),
        (None, _) => format!("about {} in", receipt.estimated_tokens),
    };
    let output = receipt.output_tokens.map_or_else(String::new, |n| format!(", {n} out"));
    let cost =
        receipt.cost.and_then(model::Dollars::new).map_or_else(String::new, |cost| format!(", {cost}"));
    format!("{input}{output}{cost}")
}

fn print_days(days: &[(i64, Spent)]) {
    out::heading("Days (UTC)");
    for (day, spent) in days {
        let cost = match (model::Dollars::new(spent.cost), spent.n_unpriced) {
            (Some(cost), 0) => format!(", {cost}"),
            (Some(cost), n) if n < spent.n_requests => format!(", {cost} and {n} without a known price"),
            (Some(_) | None, _) => String::new(),
        };
        let requests = if spent.n_requests == 1 { "request" } else { "requests" };
        out::line(&format!(
            "{}  {} {requests}, {} tokens in, {} out{cost}",
            when(*day, "%Y-%m-%d"),
            spent.n_requests,
            spent.input_tokens,
            spent.output_tokens
        ));
    }
}

fn clock(time: i64) -> String {
    when(time, "%Y-%m-%d %H:%M:%S")
}

/// A time in seconds since 1970, UTC; one that no calendar has is the last that it has.
fn when(time: i64, format: &str) -> String {
    Timestamp::from_second(time).unwrap_or(Timestamp::MAX).strftime(format).to_string()
}

fn json_of(kept: &KeptReceipt) -> Value {
    let KeptReceipt { time, receipt } = kept;
    let shown = receipt.shown.iter().map(|shown| json_lines(&shown.path, &shown.lines, &shown.why));
    json!({
        "time": when(*time, "%Y-%m-%dT%H:%M:%SZ"),
        "revision": receipt.revision,
        "endpoint": receipt.endpoint,
        "protocol": receipt.protocol,
        "model": receipt.model,
        "instead_of": receipt.instead_of,
        "shown": shown.collect::<Vec<_>>(),
        "hidden_secrets": receipt.n_hidden,
        "estimated_tokens": receipt.estimated_tokens,
        "input_tokens": receipt.input_tokens,
        "cached_tokens": receipt.cached_tokens,
        "output_tokens": receipt.output_tokens,
        "cost": receipt.cost,
        "end": receipt.end,
        "content": receipt.content.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::{clock, since_time};

    #[test]
    fn a_time_is_a_date_or_so_long_ago() {
        let now = 1_764_000_000;
        let shown = |text| since_time(text, now).map(clock).map_err(|error| error.to_string());
        assert_eq!(shown("2025-11-24"), Ok("2025-11-24 00:00:00".to_owned()));
        assert_eq!(shown("2024-2-29"), Ok("2024-02-29 00:00:00".to_owned()));
        assert_eq!(shown("1d"), Ok("2025-11-23 16:00:00".to_owned()));
        assert_eq!(shown("2h"), Ok("2025-11-24 14:00:00".to_owned()));
        for wrong in ["", "d", "yesterday", "2025-13-01", "2025-02-30", "99999999999999999d"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
