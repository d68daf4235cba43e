//! Files looked into side by side: out of the cache, from disk, or not at all.
//!
//! Owns how the facts of one file are got, and the threads that get them. Must never touch the index: what they find is given
//! to one taker.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use rayon::{ThreadPool, ThreadPoolBuilder};
use syntax::{Language, Stop};

use super::cache::{Cache, Connection, Row, encode, form};
use super::kind::indexed_language;
use super::read::{Content, Hash, NoSource, content, read};
use super::report::Limits;

/// Results that wait for the taker: enough that no thread waits for it, few enough to be small.
const QUEUE: usize = 64;

/// Files that are given on together: waking the taker for each takes longer than putting it into the index.
const BATCH: usize = 32;

/// Bytes of sources that are given on together once any of them had to be parsed: some milliseconds of work.
const BATCH_BYTES: u64 = 64 << 10;

/// Bytes of a thread's stack: more than most, because grammars recurse into what is nested.
const STACK_BYTES: usize = 16 << 20;

/// A file to look into.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) path: String,
    /// What the index holds of it.
    pub(crate) indexed: Option<Hash>,
    /// What the cache says it holds; only if it has not changed since.
    pub(crate) kept: Option<Row>,
}

/// What a file turned out to be.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) path: String,
    pub(crate) found: Result<Looked, NoSource>,
    pub(crate) was_read: bool,
}

/// A source that was looked into.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) row: Row,
    pub(crate) facts: Known,
}

/// Where the facts of a source come from.
#[derive(Debug)]
pub(crate) enum Known {
    /// The index has them.
    Same,
    /// The cache had them.
    Kept(Content, Language),
    /// They are new, and this is to be kept of them.
    New(Content, Language, Option<(String, Vec<u8>)>),
}

/// As many threads as the machine runs at once, behind all other work where the system allows it.
pub(crate) fn pool() -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .stack_size(STACK_BYTES)
        .thread_name(|idx| format!("index-{idx}"))
        .start_handler(|_| step_back())
        .build()
}

/// Lets all other work go first. On Linux a priority is one thread's own; elsewhere it is the whole process's, and stays.
pub(crate) fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::debug!(%error, "the index is made at the usual priority");
    }
}

/// Runs jobs in their order, as far as several threads have one, and gives each result to `take`. Says whether all were done.
pub(crate) fn run(
    jobs: &[Job],
    root: &Path,
    cache: Option<&Cache>,
    limits: &Limits,
    pool: &ThreadPool,
    stop: &Stop,
    mut take: impl FnMut(Done),
) -> bool {
    let next = AtomicUsize::new(0);
    let (tx, rx) = sync_channel(QUEUE);
    let work = |tx: &SyncSender<Vec<Done>>| {
        let mut connection = cache.map(Cache::connect);
        let mut batch = Vec::new();
        let mut n_parsed = 0;
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let done = look(job, root, connection.as_mut(), limits, stop);
            let Some(done) = done.filter(|_| !stop.is_due()) else { break };
            if let Ok(Looked { row, facts: Known::New(..) }) = &done.found {
                n_parsed += row.size;
            }
            batch.push(done);
            if n_parsed >= BATCH_BYTES || batch.len() >= BATCH {
                n_parsed = 0;
                if tx.send(std::mem::take(&mut batch)).is_err() {
                    return;
                }
            }
        }
        let _ = tx.send(batch);
    };
    let mut n_done = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Moved in, so that the channel ends with the last thread.
            let tx = tx;
            pool.broadcast(|_| work(&tx));
        });
        for done in rx.iter().flatten() {
            n_done += 1;
            take(done);
        }
    });
    n_done == jobs.len()
}

/// Looks into one file; none if the work was stopped.
fn look(
    job: &Job,
    root: &Path,
    mut cache: Option<&mut Connection>,
    limits: &Limits,
    stop: &Stop,
) -> Option<Done> {
    let Some(language) = indexed_language(&job.path) else {
        return Some(Done { path: job.path.clone(), found: Err(NoSource::Gone), was_read: false });
    };
    let form = form(language);
    let done = |found, was_read| Some(Done { path: job.path.clone(), found, was_read });
    let mut kept_facts = |hash: &Hash| cache.as_mut().and_then(|cache| cache.content(hash, &form));
    if let Some(row) = job.kept
        && let Some(content) = kept_facts(&row.hash)
    {
        return done(Ok(Looked { row, facts: Known::Kept(content, language) }), false);
    }
    let source = match read(&root.join(&job.path), limits) {
        Ok(source) => source,
        Err(no_source) => return done(Err(no_source), true),
    };
    let row = Row { size: source.size, stamp: source.stamp, hash: source.hash };
    if job.indexed == Some(source.hash) {
        return done(Ok(Looked { row, facts: Known::Same }), true);
    }
    if let Some(content) = kept_facts(&source.hash) {
        return done(Ok(Looked { row, facts: Known::Kept(content, language) }), true);
    }
    match content(language, &source.text, stop)? {
        Ok(content) => {
            let kept = cache.is_some().then(|| encode(&content, &source.hash, &form)).flatten();
            let kept = kept.map(|bytes| (form, bytes));
            done(Ok(Looked { row, facts: Known::New(content, language, kept) }), true)
        }
        Err(reason) => done(Err(NoSource::LeftOut(reason, source.stamp)), true),
    }
}
