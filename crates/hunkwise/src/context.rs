//! `hunkwise context`: what a model would be shown, without asking one.

use std::io::Read as _;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use session::{FileAsk, FileContext, Recent, Uri, config, gather_for_file, words};

use crate::args::ContextArgs;
use crate::target::Target;
use crate::{Outcome, out, target};

/// What `--recent` reads; anything else in it is somebody else's.
#[derive(Debug, Default, Deserialize)]
struct Given {
    #[serde(default)]
    recent_edits: Vec<RecentEdit>,
}

#[derive(Debug, Deserialize)]
struct RecentEdit {
    path: String,
    added: String,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    path: &'a str,
    start_line: usize,
    end_line: usize,
    text: &'a str,
    why: &'a str,
    tokens: usize,
}

pub(crate) fn run(args: &ContextArgs) -> Result<Outcome> {
    let mut ask = ask(args)?;
    ask.instruction.clone_from(&args.instruction);
    ask.budget_tokens = args.budget;
    ask.state_dir = store::state_dir();
    if args.recent {
        ask.recent = recent()?;
    }
    if args.json {
        // The list is of excerpts alone, and so is the budget.
        ask.count = four_bytes_each;
    } else {
        let root = Uri::from_path(&ask.root);
        ask.rules = config::load(root.as_slice(), &[]).0.rules.kinds();
    }
    let found = gather_for_file(&ask)?;
    anyhow::ensure!(ask.lines.start < found.n_lines, "{} has {} lines", ask.path.display(), found.n_lines);
    if args.json {
        print_json(&found)?
    } else {
        print_table(&found)
    }
    if args.timing {
        let ms = |duration: std::time::Duration| duration.as_secs_f64() * 1e3;
        let report = &found.report;
        out::note(&format!(
            "index {:.1} ms ({} files, {} read, {} from the cache); choice {:.1} ms",
            ms(found.indexing),
            report.n_indexed,
            report.n_read,
            report.n_cached,
            ms(found.choosing)
        ));
    }
    Ok(Outcome::Done)
}

fn ask(args: &ContextArgs) -> Result<FileAsk> {
    let (path, lines) = match (&args.file, &args.target) {
        (Some(file), _) => (file.clone(), args.start.unwrap_or(1)..=args.end.unwrap_or(1)),
        (None, Some(target)) => {
            let Target { path, lines } = target::parse(target)?;
            (path, lines.with_context(|| format!("{target}: say which lines, such as {target}:12"))?)
        }
        (None, None) => anyhow::bail!("say which file"),
    };
    anyhow::ensure!(*lines.start() >= 1 && lines.start() <= lines.end(), "lines count from 1, first to last");
    let absolute = |path: &PathBuf| path.canonicalize().with_context(|| format!("find {}", path.display()));
    let (root, path) = match &args.workspace {
        Some(root) => {
            let root = absolute(root)?;
            let path = absolute(&root.join(&path))?;
            (root, path)
        }
        None => {
            let path = absolute(&path)?;
            let root = workspace::checkout_root(&path);
            anyhow::ensure!(
                root.join(".git").exists(),
                "{} lies in no checkout; say with --workspace which folder's files may be shown",
                path.display()
            );
            (root, path)
        }
    };
    anyhow::ensure!(path.starts_with(&root), "{} is not in {}", path.display(), root.display());
    Ok(FileAsk::new(&root, &path, lines.start() - 1..*lines.end()))
}

fn recent() -> Result<Recent> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("read standard input")?;
    let given: Given = serde_json::from_str(&text).context("read recent edits from standard input")?;
    let mut recent = Recent::default();
    for edit in given.recent_edits {
        recent.words.extend(words(&edit.added).map(str::to_owned));
        recent.paths.push(edit.path);
    }
    Ok(recent)
}

/// Tokens as a program that knows no tokenizer counts them.
fn four_bytes_each(text: &str) -> usize {
    text.trim_end_matches('\n').len().div_ceil(4)
}

fn print_json(found: &FileContext) -> Result<()> {
    let mut excerpts: Vec<_> = found.context.excerpts.iter().collect();
    excerpts.sort_by_key(|excerpt| excerpt.rank);
    let items = excerpts.into_iter().map(|excerpt| Item {
        path: &excerpt.path,
        start_line: excerpt.lines.start + 1,
        end_line: excerpt.lines.end,
        text: excerpt.text.strip_suffix('\n').unwrap_or(&excerpt.text),
        why: &excerpt.why,
        tokens: excerpt.tokens,
    });
    out::line(&serde_json::to_string(&items.collect::<Vec<_>>())?);
    Ok(())
}

fn print_table(found: &FileContext) {
    let context = &found.context;
    let place = |path: &str, lines: &Range<usize>| {
        format!("{}:{}-{}", path.escape_debug(), lines.start + 1, lines.end)
    };
    let rules =
        context.rules.files.iter().map(|rule| {
            (place(&rule.path, &rule.lines), rule.tokens, "rules of the project, beside the budget")
        });
    let layout = context.rules.layout_paths.iter();
    let layout = layout.map(|path| (path.escape_debug().to_string(), 0, context.rules.layout.as_str()));
    let excerpts = context
        .excerpts
        .iter()
        .map(|excerpt| (place(&excerpt.path, &excerpt.lines), excerpt.tokens, excerpt.why.as_str()));
    let rows: Vec<_> = layout.chain(rules).chain(excerpts).collect();
    let width = rows.iter().map(|(place, ..)| place.chars().count()).max().unwrap_or(0);
    for (place, tokens, why) in &rows {
        out::line(&format!("{place:width$}  {tokens:>6}  {why}"));
    }
    for attachment in &context.attachments {
        out::line(&format!("{:width$}  {:>6}  {}", attachment.title, attachment.tokens, attachment.why));
    }
    let report = &found.report;
    out::line(&format!(
        "{} excerpts, {} tokens, from {} files",
        context.excerpts.len(),
        context.tokens,
        report.n_indexed
    ));
    if let Some(notice) = report.notice() {
        out::note(&notice);
    }
}
