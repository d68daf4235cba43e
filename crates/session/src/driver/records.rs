//! Writes what a session keeps: receipts, review documents and undecided proposals; and reads what others have left of these.
//!
//! Owns their order: of one request there are two receipts, and the later one has to be written behind the earlier.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::job::{Outcome, ProposalRecord, Record};
use crate::kept::{TakeJob, Taken, Unreadable};

use store::Store;

use super::jobs::Reports;
use super::panic_message;

/// Where records go. Cheap to clone.
#[derive(Clone)]
pub(super) struct Records {
    pub(super) state_dir: Option<PathBuf>,
    /// Tells the requests of this session from those of others.
    session: u64,
    /// Held from the first request on.
    live: Arc<OnceLock<Option<store::LiveSession>>>,
    /// What is to be written, first come first.
    waiting: Arc<Mutex<VecDeque<(Reports, Record)>>>,
    /// Whose turn it is to write.
    turn: Arc<Mutex<()>>,
}

impl Records {
    pub(super) fn new(state_dir: Option<PathBuf>) -> Records {
        Records {
            state_dir,
            session: session_number(),
            live: Arc::default(),
            waiting: Arc::default(),
            turn: Arc::default(),
        }
    }

    /// Has a record written behind all before it, and what came of it reported.
    pub(super) fn put(&self, report: Reports, record: Record) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back((report, record));
        let records = self.clone();
        let write = move || records.write();
        // Without a thread it waits for the next one that there is.
        if catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(write))).is_err() {
            tracing::warn!("no thread can be started; a record waits for the next one");
        }
    }

    /// Writes all that waits. When it returns, nothing waits and nobody writes.
    pub(super) fn write(&self) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let next = || self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        while let Some((report, record)) = next() {
            let kept = catch_unwind(AssertUnwindSafe(|| self.keep(record)));
            report.send(kept.unwrap_or_else(|panic| Outcome::Panicked(panic_message(&*panic))));
        }
    }

    fn keep(&self, record: Record) -> Outcome {
        let Some(state_dir) = &self.state_dir else { return Outcome::Recorded(None) };
        let kept = match record {
            Record::Document { name, text } => store::write_review(state_dir, &name, &text).map(Some),
            Record::Receipt(receipt) => {
                let owner = self.begin(state_dir);
                let name = format!("{owner}-{}", receipt.name);
                let receipt = store::Receipt { name, ..*receipt };
                return match store::keep_receipt(state_dir, &receipt) {
                    Ok(()) => self.today(),
                    Err(error) => Outcome::NotRecorded(error.to_string()),
                };
            }
            Record::Proposals(record) => self.keep_proposals(state_dir, *record).map(|()| None),
            Record::NoProposals => {
                let owner = self.begin(state_dir);
                Store::open(state_dir).and_then(|store| store.remove_rows(state_dir, &owner)).map(|()| None)
            }
        };
        match kept {
            Ok(path) => Outcome::Recorded(path),
            Err(error) => Outcome::NotRecorded(error.to_string()),
        }
    }

    fn keep_proposals(&self, state_dir: &Path, record: ProposalRecord) -> Result<(), store::Error> {
        let owner = self.begin(state_dir);
        let (rows, remove) = record.rows(self.session);
        Store::open(state_dir)?.keep_rows(&owner, &rows, &remove)
    }

    /// Takes over what sessions that are gone have left of a document.
    pub(super) fn take(&self, job: &TakeJob) -> Taken {
        let Some(state_dir) = &self.state_dir else { return Taken::default() };
        self.taken(state_dir, job).unwrap_or_else(|error| {
            tracing::warn!(%error, "what was kept of proposals is not read");
            Taken::default()
        })
    }

    fn taken(&self, state_dir: &Path, job: &TakeJob) -> Result<Taken, store::Error> {
        let owner = self.owner();
        let store = Store::open(state_dir)?;
        let left = store.left_rows(state_dir, &owner, &job.path)?;
        let mut taken = Taken { n_living: left.n_living, ..Taken::default() };
        for (name, content) in left.rows {
            match job.read(&content) {
                Ok(found) => {
                    self.begin(state_dir);
                    if store.take_row(&owner, &job.path, &name)? {
                        taken.found.push((name, found));
                    }
                }
                Err(Unreadable::Newer) => taken.n_newer += 1,
                Err(Unreadable::Damaged) => taken.n_damaged += 1,
            }
        }
        Ok(taken)
    }

    /// The name of this session.
    fn owner(&self) -> String {
        format!("{:016x}", self.session)
    }

    /// With the first that is kept, says that this session lives, and which requests are lost with others that do not. The
    /// name of this session.
    fn begin(&self, state_dir: &Path) -> String {
        self.live.get_or_init(|| {
            let live = store::LiveSession::begin(state_dir, &self.owner());
            let lost = store::end_lost(state_dir);
            if let Some(error) = live.as_ref().err().or(lost.as_ref().err()) {
                tracing::warn!(%error, "requests of sessions that are gone may be said to be under way");
            }
            live.ok()
        });
        self.owner()
    }

    /// What all requests of today came to, also those of other sessions.
    pub(super) fn today(&self) -> Outcome {
        match self.state_dir.as_deref().map(store::spent_today) {
            Some(Ok(spent)) => Outcome::Spent(Some(spent)),
            Some(Err(error)) => {
                tracing::warn!(%error, "what was spent today is not known");
                Outcome::Spent(None)
            }
            None => Outcome::Spent(None),
        }
    }
}

/// A number that no other session has: by the clock and this process.
fn session_number() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    (since.as_micros() as u64).wrapping_mul(1 << 12) ^ u64::from(std::process::id())
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::driver::mailbox::channel;
    use crate::job::JobId;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_later_receipt_of_a_request_is_written_later() {
        let dir = tempfile::tempdir().expect("a folder");
        let records = Records::new(Some(dir.path().to_owned()));
        let (mailbox, mut messages) = channel();
        let report =
            |job| Reports { job: JobId(job), mailbox: mailbox.weak(), token: CancellationToken::new() };
        for number in 0..40 {
            for end in [store::UNDER_WAY, "complete"] {
                let receipt =
                    store::Receipt { name: number.to_string(), end: end.to_owned(), ..Default::default() };
                records.put(report(number), Record::Receipt(Box::new(receipt)));
            }
        }
        for _ in 0..80 {
            messages.recv().await.expect("a report");
        }
        let kept = store::Store::open(dir.path()).expect("it opens").receipts(0, 100).expect("they are read");
        let name = |kept: &store::KeptReceipt| kept.receipt.name.rsplit('-').next().map(str::to_owned);
        let names: Vec<String> = kept.iter().filter_map(name).collect();
        assert_eq!(names, (0..40).rev().map(|number| number.to_string()).collect::<Vec<_>>());
        assert!(kept.iter().all(|kept| kept.receipt.end == "complete"));
    }
}
