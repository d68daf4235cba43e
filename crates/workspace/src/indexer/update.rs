//! One update: what was touched is walked, compared with what is known, read where it may have changed, and put into the
//! index; then the cache is told.
//!
//! Owns the order of these steps. An update that is stopped leaves the index right for every file that it got to.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use syntax::Stop;

use super::cache::{Cache, Kept, Row};
use super::folder_watch::FolderWatch;
use super::jobs::{self, Done, Job, Looked};
use super::kind::{indexed_language, kind_of};
use super::listing::{Listing, State};
use super::notes::{Noted, Places};
use super::read::{Content, NoSource};
use super::report::Report;
use super::{Indexer, SharedIndex};
use crate::ignored::dir_of_rules;
use crate::{FileKind, lately};

/// Files that are written to the cache together.
const BATCH: usize = 256;

/// Batches that wait to be written; when a slow disk has more, they are dropped, and these files are read again at the next
/// start.
const QUEUE: usize = 64;

/// What an indexer remembers between two updates.
#[derive(Debug, Default)]
pub(crate) struct Work {
    listing: Listing,
    /// What the cache says of files that were not looked into yet; none before it was asked.
    rows: Option<HashMap<String, Row>>,
    is_pruned: bool,
    watch: Option<FolderWatch>,
    /// The commit up to which the index knows what was written lately.
    head: Option<String>,
}

impl Work {
    pub(crate) fn update(&mut self, indexer: &Indexer, stop: &Stop) -> Report {
        let noted = indexer.notes.take();
        match self.try_update(indexer, &noted, stop) {
            Some(report) if report.is_complete => {
                self.look_back(indexer);
                Report { is_watched: self.look_on(indexer, &noted), ..report }
            }
            stopped => {
                indexer.notes.put_back(noted);
                stopped.unwrap_or_else(|| self.report(&indexer.index))
            }
        }
    }

    pub(crate) fn set_watch(&mut self, watch: FolderWatch) {
        self.watch = Some(watch);
    }

    /// Watches the directories that there are now. What was not watched may have changed since it was walked, and is to be
    /// looked at once more.
    fn look_on(&mut self, indexer: &Indexer, noted: &Noted) -> bool {
        let touched = self.places(&noted.touched);
        let Some(watch) = &mut self.watch else { return false };
        indexer.notes.unwatched(watch.watch(&self.listing.dirs, &touched));
        watch.is_whole()
    }

    /// Tells the index what the last commits wrote, if there are others than before.
    fn look_back(&mut self, indexer: &Indexer) {
        let head = lately::head(indexer.root());
        if self.head == head {
            return;
        }
        let mut connection = indexer.cache.as_ref().map(Cache::connect);
        let kept = head.as_ref().and_then(|head| connection.as_mut()?.commits(head));
        let commits = kept.or_else(|| {
            let head = head.as_ref()?;
            let may_use = |path: &str| indexed_language(path).is_some() && indexer.is_seen(path);
            let mut commits = lately::commits(indexer.root(), head, may_use)?;
            // What is kept is what the index has of the files anyway: no other word of a line.
            let index = indexer.index.read();
            commits.retain(|word| index.name(word).is_some());
            drop(index);
            if let Some(connection) = &mut connection {
                connection.put_commits(head, &commits);
            }
            Some(commits)
        });
        indexer.index.set_commits(&commits.unwrap_or_default());
        self.head = head;
    }

    /// None if it ended before anything was read.
    fn try_update(&mut self, indexer: &Indexer, noted: &Noted, stop: &Stop) -> Option<Report> {
        let pool =
            jobs::pool().inspect_err(|error| tracing::warn!(%error, "no threads for the index")).ok()?;
        let places = [self.places(&noted.touched), self.places(&noted.unwatched)].concat();
        let places = outermost(places.into_iter());
        let walked = indexer.folder.walk(&places, &pool, stop).ok()?;
        let gone = self.listing.take(&places, walked);
        for path in &gone {
            indexer.index.remove(path);
        }
        for path in &noted.closed {
            if let Some(known) = self.listing.files.get_mut(path) {
                known.state = State::Unread;
            }
        }
        for path in self.listing.limit(&indexer.limits) {
            indexer.index.remove(&path);
        }
        indexer.index.see_open(|path| indexer.is_seen(path));
        let jobs = self.jobs(indexer);
        let mut report = Report { n_removed: gone.len(), ..Report::default() };
        // Every file that the cache knew has its job by now, or is gone too.
        let rows = self.rows.take().unwrap_or_default();
        let lost = rows.keys().filter(|path| !self.listing.files.contains_key(*path)).cloned();
        let forgotten = lost.chain(gone).collect();
        report.is_complete = self.run(&jobs, forgotten, indexer, &pool, stop, &mut report);
        self.rows = Some(if report.is_complete { HashMap::new() } else { rows });
        let Report { n_indexed, left_out, .. } = self.report(&indexer.index);
        Some(Report { n_indexed, left_out, ..report })
    }

    /// Where to look: no place lies below another.
    fn places(&self, noted: &Places) -> Vec<PathBuf> {
        if noted.is_all {
            return vec![PathBuf::new()];
        }
        outermost(noted.paths.iter().map(|path| {
            // Rules count for all below.
            self.listing.place_of(dir_of_rules(path).unwrap_or(path))
        }))
    }

    /// The files to look into, those near open documents first.
    fn jobs(&mut self, indexer: &Indexer) -> Vec<Job> {
        let rows = self.rows.get_or_insert_with(|| {
            indexer.cache.as_ref().map(|cache| cache.connect().rows()).unwrap_or_default()
        });
        let open: BTreeSet<String> = indexer.index.open_paths().into_iter().collect();
        let unsettled = self.listing.unsettled().filter(|(path, _)| !open.contains(*path));
        let mut jobs: Vec<(usize, Job)> = unsettled
            .map(|(path, known)| {
                let row = rows.get(path).filter(|row| row.size == known.size);
                let is_indexed = known.state == State::Indexed;
                let job = Job {
                    path: path.clone(),
                    indexed: known.hash.filter(|_| is_indexed),
                    kept: row.filter(|row| row.stamp == Some(known.found)).copied(),
                };
                (distance(path, &open), job)
            })
            .collect();
        jobs.sort_by_key(|(distance, _)| *distance);
        jobs.into_iter().map(|(_, job)| job).collect()
    }

    /// Runs the jobs, puts what they find into the index, and writes the cache beside.
    fn run(
        &mut self,
        jobs: &[Job],
        gone: Vec<String>,
        indexer: &Indexer,
        pool: &rayon::ThreadPool,
        stop: &Stop,
        report: &mut Report,
    ) -> bool {
        let cache = indexer.cache.as_ref();
        let limits = &indexer.limits;
        let (tx, rx) = sync_channel(QUEUE);
        std::thread::scope(|scope| {
            let is_pruned = std::mem::replace(&mut self.is_pruned, true);
            if let Some(cache) = cache {
                let is_idle = jobs.is_empty() && gone.is_empty() && is_pruned;
                scope.spawn(move || {
                    if !is_idle {
                        write(cache, &rx, &gone, !is_pruned)
                    }
                });
            }
            let mut kept = Batch { kept: Vec::new(), tx };
            let is_complete = jobs::run(jobs, indexer.root(), cache, limits, pool, stop, |done| {
                let new = self.take(done, &indexer.index, report);
                kept.extend(new.filter(|_| cache.is_some()));
            });
            kept.flush();
            if is_complete {
                // What is left is to keep it. Complete means all files: until an update ends, everything is noted.
                indexer.index.set_complete();
            }
            is_complete
        })
    }

    /// Takes what a file turned out to be, and gives what is to be kept of it.
    fn take(&mut self, done: Done, index: &SharedIndex, report: &mut Report) -> Option<Kept> {
        let Done { path, found, was_read } = done;
        report.n_read += usize::from(was_read);
        let known = self.listing.files.get_mut(&path)?;
        let Looked { row, facts } = match found {
            Ok(looked) => looked,
            Err(NoSource::Gone) => {
                self.listing.files.remove(&path);
                index.remove(&path);
                report.n_removed += 1;
                return None;
            }
            Err(NoSource::LeftOut(reason, stamp)) => {
                (known.stamp, known.hash, known.state) = (stamp, None, State::LeftOut(reason));
                index.remove(&path);
                return None;
            }
        };
        (known.size, known.stamp, known.hash) = (row.size, row.stamp, Some(row.hash));
        let (content, language, facts) = match facts {
            jobs::Known::Same => return row.stamp.is_some().then_some(Kept { path, row, facts: None }),
            jobs::Known::Kept(content, language) => {
                report.n_cached += 1;
                (content, language, None)
            }
            jobs::Known::New(content, language, facts) => {
                report.n_parsed += 1;
                (content, language, facts)
            }
        };
        let Content { is_generated, facts: new } = content;
        let kind = if is_generated { FileKind::Generated } else { kind_of(&path) };
        let is_taken = index.insert(&path, language, kind, &new);
        known.state = if is_taken { State::Indexed } else { State::Unread };
        was_read.then_some(Kept { path, row, facts })
    }

    /// What the index holds, with nothing done.
    fn report(&self, index: &SharedIndex) -> Report {
        let open = index.open_paths().into_iter().collect();
        Report {
            n_indexed: index.read().n_files(),
            left_out: self.listing.left_out(&open),
            ..Report::default()
        }
    }
}

/// The paths that lie below no other of them.
fn outermost(paths: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let paths: BTreeSet<PathBuf> = paths.collect();
    let is_inner = |path: &PathBuf| path.ancestors().skip(1).any(|above| paths.contains(above));
    paths.iter().filter(|path| !is_inner(path)).cloned().collect()
}

/// What is kept, in batches for the one who writes it. Never waits.
struct Batch {
    kept: Vec<Kept>,
    tx: SyncSender<Vec<Kept>>,
}

impl Batch {
    fn extend(&mut self, kept: Option<Kept>) {
        self.kept.extend(kept);
        if self.kept.len() >= BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        match self.tx.try_send(std::mem::take(&mut self.kept)) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(batch)) => {
                tracing::warn!(n_files = batch.len(), "the disk is too slow to keep the index");
            }
        }
    }
}

/// Writes the cache until there is nothing more to come.
fn write(cache: &Cache, rx: &Receiver<Vec<Kept>>, gone: &[String], prune: bool) {
    jobs::step_back();
    let mut connection = cache.connect();
    if !gone.is_empty() {
        connection.forget(gone);
    }
    for batch in rx {
        connection.put(batch);
    }
    if prune {
        connection.prune();
    }
}

/// How far a file is from the nearest open document: how many directories apart from the way that they share.
fn distance(path: &str, open: &BTreeSet<String>) -> usize {
    let n_shared = |other: &str| path.split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count();
    let depth = path.split('/').count();
    open.iter().map(|other| depth + other.split('/').count() - 2 * n_shared(other)).min().unwrap_or(0)
}
