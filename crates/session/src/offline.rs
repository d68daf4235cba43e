//! Gathers context for a file on disk, with no editor and no session: what the terminal shows.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use context::Context;
use context::rank::Recent;
use syntax::Stop;
use text::{Encoding, estimate_tokens};
use workspace::{FileError, Indexer, IndexerOptions, Report, Uri, Workspace, read_file};

use crate::job::GatherJob;

/// A file, a place in it, and what is wanted there.
#[derive(Debug, Clone)]
pub struct FileAsk {
    /// The folder.
    pub root: PathBuf,
    /// The file, below it.
    pub path: PathBuf,
    /// Lines, from 0.
    pub lines: Range<usize>,
    /// What the user wants.
    pub instruction: String,
    /// What the user wrote before.
    pub recent: Recent,
    /// Kinds of rules files to be read, beside the excerpts.
    pub rules: Vec<workspace::RulesKind>,
    /// Tokens to spend.
    pub budget_tokens: usize,
    /// How tokens are counted.
    pub count: fn(&str) -> usize,
    /// Where the index is kept between two runs.
    pub state_dir: Option<PathBuf>,
}

impl FileAsk {
    /// An ask for nothing yet, with the usual count of tokens.
    pub fn new(root: &Path, path: &Path, lines: Range<usize>) -> FileAsk {
        FileAsk {
            root: root.to_owned(),
            path: path.to_owned(),
            lines,
            instruction: String::new(),
            recent: Recent::default(),
            rules: Vec::new(),
            budget_tokens: 0,
            count: estimate_tokens,
            state_dir: None,
        }
    }
}

/// What was gathered.
#[derive(Debug, Clone)]
pub struct FileContext {
    /// What the model would be shown.
    pub context: Context,
    /// Lines of the file.
    pub n_lines: usize,
    /// What was indexed.
    pub report: Report,
    /// What reading the index took.
    pub indexing: Duration,
    /// What choosing took, once the index was there.
    pub choosing: Duration,
}

/// Indexes the folder of a file and chooses what a model would be shown for some lines of it.
///
/// Fails when the file cannot be read.
pub fn gather_for_file(ask: &FileAsk) -> Result<FileContext, FileError> {
    let path = ask.root.join(&ask.path);
    let text = read_file(&path)?.text;
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.set_roots(vec![uri_of(&ask.root)?]);
    let uri = uri_of(&path)?;
    workspace.open(uri.clone(), "", 1, &text);
    if let Some(parsed) = workspace.parse_job(&uri).and_then(|job| job.run(&Stop::never()).ok()) {
        workspace.parsed(parsed);
    }
    let started = Instant::now();
    let options = IndexerOptions { state_dir: ask.state_dir.clone(), ..IndexerOptions::default() };
    let indexer = Arc::new(Indexer::new(&ask.root, options));
    let report = indexer.update(&Stop::never());
    let indexing = started.elapsed();
    let started = Instant::now();
    let snapshot = workspace.snapshot();
    let text = snapshot.document(&uri).map(|document| document.text.clone()).unwrap_or_default();
    let n_lines = text.n_lines();
    let job = GatherJob {
        scope: text.line_start(ask.lines.start.min(n_lines))..text.line_start(ask.lines.end.min(n_lines)),
        snapshot,
        uri,
        pending: Vec::new(),
        sent: Vec::new(),
        indexer: Some(indexer),
        is_as_on_disk: true,
        instruction: ask.instruction.clone(),
        recent: ask.recent.clone(),
        mentions: context::Mentions::of(&ask.instruction, &[]),
        secrets: None,
        rules: ask.rules.clone(),
        budget_tokens: ask.budget_tokens,
        count: ask.count,
    };
    let context = job.run();
    Ok(FileContext { context, n_lines, report, indexing, choosing: started.elapsed() })
}

fn uri_of(path: &Path) -> Result<Uri, FileError> {
    Uri::from_path(path).ok_or_else(|| FileError::Outside { path: path.to_owned() })
}
