//! `hunkwise log`: what was sent to whom, what it came to, and what each day came to.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use store::{KeptReceipt, Receipt, Spent, Store};

use crate::args::LogArgs;
use crate::date::{Date, date_of};
use crate::{Outcome, out};

const DAY_S: i64 = 24 * 3600;

pub(crate) fn run(args: &LogArgs) -> Result<Outcome> {
    let state_dir = store::state_dir().context("no state directory; set HUNKWISE_STATE_DIR")?;
    let since = args.since.as_deref().map_or(Ok(0), |since| since_time(since, now()))?;
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
        print_days(&store.receipts(first, usize::MAX)?);
    }
    Ok(Outcome::Done)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}

/// The time that `2026-11-25`, `7d` or `12h` means, in seconds since 1970.
fn since_time(text: &str, now: i64) -> Result<i64> {
    let ago = |digits: &str, unit: i64| Some(now - digits.parse::<i64>().ok()?.checked_mul(unit)?);
    let time = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => ago(days, DAY_S),
        (None, Some(hours)) => ago(hours, 3600),
        (None, None) => text.parse().ok().map(|date: Date| date.days() * DAY_S),
    };
    match time {
        Some(time) => Ok(time),
        None => {
            bail!("--since {text}: expected a date such as 2026-11-25, days such as 7d, or hours such as 12h")
        }
    }
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

fn print_days(kept: &[KeptReceipt]) {
    let mut days: BTreeMap<i64, Spent> = BTreeMap::new();
    for KeptReceipt { time, receipt } in kept {
        let day = days.entry(time.div_euclid(DAY_S)).or_default();
        day.n_requests += 1;
        day.input_tokens += receipt.input_tokens.unwrap_or(0);
        day.output_tokens += receipt.output_tokens.unwrap_or(0);
        match receipt.cost {
            Some(cost) => day.cost += cost,
            None => day.n_unpriced += 1,
        }
    }
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
            date_of(day),
            spent.n_requests,
            spent.input_tokens,
            spent.output_tokens
        ));
    }
}

fn clock(time: i64) -> String {
    let seconds = time.rem_euclid(DAY_S);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{} {hours:02}:{minutes:02}:{seconds:02}", date_of(time.div_euclid(DAY_S)))
}

fn json_of(kept: &KeptReceipt) -> Value {
    let KeptReceipt { time, receipt } = kept;
    let shown = receipt.shown.iter().map(|shown| {
        let is_file = !shown.lines.is_empty();
        json!({
            "path": shown.path,
            "start_line": is_file.then_some(shown.lines.start + 1),
            "end_line": is_file.then_some(shown.lines.end),
            "why": shown.why,
        })
    });
    json!({
        "time": clock(*time).replacen(' ', "T", 1) + "Z",
        "revision": receipt.revision,
        "endpoint": receipt.endpoint,
        "protocol": receipt.protocol,
        "model": receipt.model,
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
        assert_eq!(shown("1d"), Ok("2025-11-23 16:00:00".to_owned()));
        assert_eq!(shown("2h"), Ok("2025-11-24 14:00:00".to_owned()));
        for wrong in ["", "d", "yesterday", "2025-13-01", "2025-02-30", "99999999999999999d"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
