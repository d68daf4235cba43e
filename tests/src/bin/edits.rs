//! `edits IN.jsonl OUT.jsonl`: runs the edit engine on exported cases, one JSON object a line, and writes what came of each.
//!
//! In: `id`, `path`, `format` (`scope_rewrite` or `search_replace`), `original` (the whole file), `scope_rows` (zero-based, end
//! exclusive), `model_output`, `edits` (`[{search, replace}]`, used where there is no `model_output`), `finish_reason`.
//! Out: `id`, `peer`, `result` (the whole file), `errors` (why nothing was changed), `ms`. An answer is applied whole or not at all.

// Printing is what a command does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use edit::{Block, Ending, Format, Refusal, Site};
use serde_json::{Value, json};
use syntax::{Stop, Tree};
use text::{ChangeSet, Edit, Text};

fn main() -> ExitCode {
    match run() {
        Ok((n_applied, n_refused)) => {
            println!("{} cases: {n_applied} applied, {n_refused} refused", n_applied + n_refused);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(usize, usize)> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else { bail!("usage: edits IN.jsonl OUT.jsonl") };
    let cases = fs::read_to_string(input).with_context(|| format!("read {input}"))?;
    let mut out = BufWriter::new(File::create(output).with_context(|| format!("create {output}"))?);
    let (mut n_applied, mut n_refused) = (0, 0);
    for (idx, line) in cases.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let case: Value =
            serde_json::from_str(line).with_context(|| format!("read case on line {}", idx + 1))?;
        let case = Case::new(&case).with_context(|| format!("read case on line {}", idx + 1))?;
        let started = Instant::now();
        let edits = case.edits();
        let ms = started.elapsed().as_secs_f64() * 1e3;
        let (result, errors) = match edits {
            Ok(edits) => (case.applied(edits)?, Vec::new()),
            Err(refusals) => (case.original.to_owned(), refusals.iter().map(ToString::to_string).collect()),
        };
        if errors.is_empty() {
            n_applied += 1;
        } else {
            n_refused += 1;
        }
        let row = json!({"id": case.id, "peer": "hunkwise", "result": result, "errors": errors, "ms": ms});
        writeln!(out, "{row}").context("write a result")?;
    }
    out.flush().context("write the results")?;
    Ok((n_applied, n_refused))
}

struct Case<'a> {
    id: &'a Value,
    original: &'a str,
    answer: &'a str,
    blocks: Vec<Block>,
    format: Format,
    ending: Ending,
    site: Site,
}

impl<'a> Case<'a> {
    fn new(case: &'a Value) -> Result<Case<'a>> {
        let text_of = |key: &str| case.get(key).and_then(Value::as_str);
        let original = text_of("original").context("no `original`")?;
        let rows = case.get("scope_rows").and_then(Value::as_array).context("no `scope_rows`")?;
        let row = |idx: usize| rows.get(idx).and_then(Value::as_u64).context("`scope_rows` are two numbers");
        let scope = offset_of(original, row(0)?)..offset_of(original, row(1)?);
        let edits = case.get("edits").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let blocks = edits.iter().map(|edit| {
            let text_of = |key: &str| edit.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
            Block::Literal { search: text_of("search"), replace: text_of("replace") }
        });
        let text = Text::from(original);
        let language = syntax::language_for("", text_of("path").unwrap_or(""));
        let tree = language.and_then(|language| Tree::parse(language, &text, &Stop::never()).ok());
        Ok(Case {
            id: case.get("id").context("no `id`")?,
            original,
            answer: text_of("model_output").unwrap_or(""),
            blocks: blocks.collect(),
            format: match text_of("format") {
                Some("scope_rewrite") => Format::Rewrite,
                Some("search_replace") => Format::SearchReplace,
                other => bail!("no such `format`: {other:?}"),
            },
            ending: match text_of("finish_reason") {
                Some("length" | "max_tokens") => Ending::Cut,
                Some(_) | None => Ending::Complete,
            },
            site: Site::new(&text, &scope, tree),
        })
    }

    fn edits(&self) -> Result<Vec<Edit>, Vec<Refusal>> {
        if !self.answer.is_empty() {
            return edit::resolve(self.answer, self.format, self.ending, &self.site)
                .map(|settled| settled.with_imports());
        }
        let settled = edit::settle(&self.site, &self.blocks, Vec::new());
        let refusals = settled.reasons_against();
        if refusals.is_empty() { Ok(settled.with_imports()) } else { Err(refusals) }
    }

    fn applied(&self, edits: Vec<Edit>) -> Result<String> {
        let text = self.site.text();
        Ok(text.apply(&ChangeSet::new(text.len(), edits)?)?.to_string())
    }
}

/// The byte at which a row begins; rows end at `\n`.
fn offset_of(text: &str, row: u64) -> usize {
    let rows = text.split_inclusive('\n').take(usize::try_from(row).unwrap_or(usize::MAX));
    rows.map(str::len).sum()
}
