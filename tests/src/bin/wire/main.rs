//! `wire DIR OUT.jsonl`: decodes the recorded answers of a folder in every way that a network may deliver them, and writes
//! a line for each.
//!
//! In: `DIR/index.json`, a list of `{id, file, protocol, vendor, status, headers}`, and the files it names.
//! Out: `id`, `mode`, `text`, `reasoning`, `refusal`, `tool_calls`, `finish`, `usage`, `error`, `complete`.
//! Every delivery is sent by a server on this machine to the provider that a user would ask; where the body ends as it
//! should, the decoder alone reads the same pieces, and has to come to the same. It is a failure when it does not.

// Printing is what a command does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod asked;
mod delivery;
mod row;
mod server;

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use delivery::{MODES, Mode};

/// Deliveries at the same time: most of them wait.
const AT_ONCE: usize = 24;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One recorded answer.
pub(crate) struct Recording {
    pub(crate) id: String,
    pub(crate) protocol: String,
    pub(crate) vendor: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) extension: String,
    pub(crate) body: Vec<u8>,
}

fn run() -> Result<bool> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, output] = arguments.as_slice() else { bail!("usage: wire DIR OUT.jsonl") };
    let recordings = recordings(Path::new(folder))?;
    let n_recordings = recordings.len();
    let rows = Runtime::new().context("start a runtime")?.block_on(all(recordings))?;
    let mut out = BufWriter::new(File::create(output).with_context(|| format!("create {output}"))?);
    let (mut n_broken, mut n_behind, mut n_unlike) = (0, 0, 0);
    for row in &rows {
        writeln!(out, "{}", row.line).context("write a line")?;
        n_broken += usize::from(row.mode.breaks_off());
        n_behind += usize::from(row.mode.breaks_off() && row.is_complete);
        if let Some(difference) = &row.difference {
            n_unlike += 1;
            println!("{} {}: {difference}", row.id, row.mode);
        }
    }
    out.flush().context("write the lines")?;
    println!(
        "{n_recordings} recordings, {} modes, {} lines; {n_broken} broken off, {n_behind} of them behind the last word; {n_unlike} read differently by the decoder alone",
        MODES.len(),
        rows.len()
    );
    Ok(n_unlike == 0)
}

fn recordings(folder: &Path) -> Result<Vec<Recording>> {
    let index = folder.join("index.json");
    let index = fs::read_to_string(&index).with_context(|| format!("read {}", index.display()))?;
    let index: Vec<Value> = serde_json::from_str(&index).context("read index.json")?;
    index.iter().map(|entry| recording(folder, entry)).collect()
}

fn recording(folder: &Path, entry: &Value) -> Result<Recording> {
    let text_of = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = folder.join(text_of("file"));
    let body = fs::read(&file).with_context(|| format!("read {}", file.display()))?;
    let headers = entry.get("headers").and_then(Value::as_object).into_iter().flatten();
    let header = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (name.to_ascii_lowercase(), value)
    };
    let status = entry.get("status").and_then(Value::as_u64).unwrap_or(200);
    Ok(Recording {
        id: text_of("id"),
        protocol: text_of("protocol"),
        vendor: text_of("vendor"),
        status: u16::try_from(status).context("`status` is no status")?,
        headers: headers.map(header).collect(),
        extension: file.extension().and_then(|end| end.to_str()).unwrap_or_default().to_owned(),
        body,
    })
}

/// All recordings in all modes, in order.
async fn all(recordings: Vec<Recording>) -> Result<Vec<row::Row>> {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (idx, recording) in recordings.into_iter().map(Arc::new).enumerate() {
        for (mode_idx, mode) in MODES.into_iter().enumerate() {
            let (slots, recording) = (Arc::clone(&slots), Arc::clone(&recording));
            running.spawn(async move {
                let _slot = slots.acquire().await?;
                Ok::<_, anyhow::Error>(((idx, mode_idx), one(&recording, mode).await?))
            });
        }
    }
    let mut rows = Vec::new();
    while let Some(joined) = running.join_next().await {
        rows.push(joined.context("a delivery panicked")??);
    }
    rows.sort_by_key(|(place, _)| *place);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

async fn one(recording: &Recording, mode: Mode) -> Result<row::Row> {
    let context = || format!("deliver {} as {mode}", recording.id);
    let delivery = delivery::of(recording, mode);
    let base_url = server::serve(recording, &delivery).await.with_context(context)?;
    let over_http = asked::over_http(recording, &delivery, base_url).await.with_context(context)?;
    let alone = asked::decoder_alone(recording, &delivery);
    Ok(row::of(recording, mode, &over_http, &alone))
}
