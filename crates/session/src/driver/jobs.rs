//! Runs jobs next to the session and puts their reports into its mailbox. A stopped job reports nothing more.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::job::{GatherJob, Job, JobId, Outcome, Report};
use crate::message::Message;
use crate::project::{LookedUp, Verified, VerifyJob};

use super::ProviderResult;
use super::checks::{Checks, keep_trust};
use super::connect::{LenderOption, find_named};
use super::index::Indexes;
use super::mailbox::WeakMailbox;
use super::panic_message;
use super::records::Records;
use super::warm::Warming;

/// How long a parse may take before the document goes on without a tree for this version.
const PARSE_LIMIT: Duration = Duration::from_secs(5);

/// The running jobs.
pub(super) struct Jobs {
    mailbox: WeakMailbox,
    provider: ProviderResult,
    /// Models by their names in the settings, as far as they were wanted.
    named: HashMap<String, ProviderResult>,
    /// Reads the pages that instructions mention.
    pages: Arc<model::Pages>,
    records: Records,
    indexes: Indexes,
    checks: Checks,
    warming: Warming,
    pub(super) waits_for_index: bool,
    pub(super) lender: LenderOption,
    running: HashMap<JobId, Running>,
}

/// What stops a job.
struct Running {
    token: CancellationToken,
    stop: Arc<AtomicBool>,
    is_parse: bool,
}

impl Jobs {
    pub(super) fn new(
        mailbox: WeakMailbox,
        state_dir: Option<PathBuf>,
        indexes: Indexes,
        checks: Checks,
    ) -> Jobs {
        let provider = Err(model::Error::not_configured());
        Jobs {
            mailbox,
            provider,
            named: HashMap::new(),
            pages: Arc::new(model::Pages::new(&model::Settings::default())),
            records: Records::new(state_dir),
            indexes,
            checks,
            warming: Warming::default(),
            waits_for_index: false,
            lender: None,
            running: HashMap::new(),
        }
    }

    /// Takes the usual provider, and its settings.
    pub(super) fn use_provider(&mut self, provider: ProviderResult, settings: &model::Settings) {
        self.provider = provider;
        self.named.clear();
        self.pages = Arc::new(model::Pages::new(settings));
    }

    /// A named model is ready, or cannot be asked. Whether somebody still waits for it.
    pub(super) fn connected(&mut self, job: JobId, name: String, provider: ProviderResult) -> bool {
        let is_wanted = self.running.remove(&job).is_some();
        if is_wanted {
            self.named.insert(name, provider);
        }
        is_wanted
    }

    /// A model by its name in the settings, or the usual one.
    fn provider(&self, name: Option<&str>) -> ProviderResult {
        match name {
            None => self.provider.clone(),
            Some(name) => {
                self.named.get(name).cloned().unwrap_or_else(|| Err(model::Error::not_configured()))
            }
        }
    }

    pub(super) fn start(&mut self, id: JobId, job: Job) {
        let token = CancellationToken::new();
        let stop = Arc::new(AtomicBool::new(false));
        let report = Reports { job: id, mailbox: self.mailbox.clone(), token: token.clone() };
        self.running
            .insert(id, Running { token, stop: stop.clone(), is_parse: matches!(job, Job::Parse(_)) });
        match job {
            Job::Parse(job) => blocking(report, job, move |job| {
                match job.run(&syntax::Stop::new(Some(PARSE_LIMIT), Some(stop))) {
                    Ok(parsed) => Outcome::Parsed(Box::new(parsed)),
                    Err(_) => Outcome::ParseStopped(job.uri.clone()),
                }
            }),
            Job::Gather(mut job) => {
                job.indexer = self.indexes.of(&job.uri);
                let waits = self.waits_for_index;
                let gather = move |job: &GatherJob| {
                    if let Some(indexer) = job.indexer.as_ref().filter(|_| waits) {
                        indexer.update(&syntax::Stop::new(None, Some(stop)));
                    }
                    Outcome::Gathered(Box::new(job.run()))
                };
                let addresses = job.addresses();
                if addresses.is_empty() {
                    return blocking(report, *job, gather);
                }
                let pages = Arc::clone(&self.pages);
                tokio::spawn(async move {
                    tokio::select! {
                        () = report.token.cancelled() => {}
                        read = read_pages(&pages, addresses) => {
                            job.mentions.pages = Some(read);
                            blocking(report, *job, gather);
                        }
                    }
                });
            }
            Job::Names(mut job) => {
                job.indexer = self.indexes.of(&job.uri);
                blocking(report, job, |job| Outcome::Named(Arc::new(job.run())));
            }
            Job::Settle(job) => blocking(report, job, move |job| {
                let stop = syntax::Stop::new(Some(PARSE_LIMIT), Some(stop));
                Outcome::Settled(Box::new(job.run(&stop)))
            }),
            Job::Check(mut job) => {
                job.indexer = self.indexes.of(&job.uri);
                blocking(report, job, move |job| {
                    Outcome::Checked(job.run(&syntax::Stop::new(Some(PARSE_LIMIT), Some(stop))))
                });
            }
            Job::Recheck(mut job) => {
                job.indexer = self.indexes.of(&job.uri);
                blocking(report, job, move |job| {
                    Outcome::Checked(job.run_again(&syntax::Stop::new(Some(PARSE_LIMIT), Some(stop))))
                });
            }
            Job::Compare(snapshot, uris) => blocking(report, (snapshot, uris), |(snapshot, uris)| {
                Outcome::Compared(uris.iter().map(|uri| (uri.clone(), snapshot.on_disk(uri))).collect())
            }),
            Job::Record(record) => self.records.put(report, record),
            Job::Take(job) => {
                let records = self.records.clone();
                blocking(report, job, move |job| Outcome::Taken(Box::new(records.take(job))));
            }
            Job::LookUp(job) => match self.checks.finder() {
                Some(finder) => {
                    blocking(report, job, move |job| Outcome::LookedUp(Box::new(finder.look_up(job))))
                }
                None => report.send(Outcome::LookedUp(Box::new(LookedUp::Nothing))),
            },
            Job::Verify(job) => self.verify(report, *job, stop),
            Job::Warm(job) => self.warm(report, *job, stop),
            Job::Trust(folder, word) => {
                let state_dir = self.records.state_dir.clone();
                blocking(report, (folder, word), move |(folder, word)| {
                    keep_trust(state_dir.as_deref(), folder, word)
                });
            }
            Job::Wait { after_ms } => {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(after_ms)).await;
                    report.send(Outcome::Elapsed);
                });
            }
            Job::Complete { model, request } => {
                complete(report, self.provider(model.as_deref()), *request);
            }
            Job::Connect { name, own, usual } => {
                let lender = self.lender.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        () = report.token.cancelled() => {}
                        provider = find_named(&own, &usual, &lender) => report.mailbox.connected(report.job, name, provider),
                    }
                });
            }
            Job::Limits(model) => ask_limits(report, self.provider(model.as_deref())),
            Job::Today => blocking(report, self.records.clone(), Records::today),
        }
    }

    /// Writes what is still to be written, where it may take time; the handle says when it is.
    pub(super) fn write_records(&self) -> Option<tokio::task::JoinHandle<()>> {
        let records = self.records.clone();
        catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(move || records.write()))).ok()
    }

    /// Stops a job. A stream is dropped, which ends the request on the wire.
    pub(super) fn stop(&mut self, id: JobId) {
        if let Some(running) = self.running.remove(&id) {
            running.stop.store(true, Ordering::Relaxed);
            running.token.cancel();
        }
    }

    /// How many documents are being parsed.
    pub(super) fn n_parsing(&self) -> usize {
        self.running.values().filter(|running| running.is_parse).count()
    }

    /// A job sent its last report.
    pub(super) fn ended(&mut self, id: JobId) {
        self.running.remove(&id);
    }

    pub(super) fn stop_all(&mut self) {
        let ids: Vec<JobId> = self.running.keys().copied().collect();
        ids.into_iter().for_each(|id| self.stop(id));
    }

    fn verify(&mut self, report: Reports, job: VerifyJob, stop: Arc<AtomicBool>) {
        let queue = match self.checks.queue(&job.trusted) {
            Ok(queue) => queue,
            Err(why) => {
                let verified = Verified { checks: Vec::new(), not_run: vec![why] };
                return report.send(Outcome::Verified(Box::new(verified)));
            }
        };
        let progress = report.clone();
        let warm = self.warming.before(&job);
        blocking(report, job, move |job| {
            warm.iter().for_each(|warm| warm.yield_to(job));
            let stop = syntax::Stop::new(None, Some(stop));
            let begin = |name, number, of| progress.send(Outcome::Verifying(name, number, of));
            Outcome::Verified(Box::new(job.run(&queue, &stop, begin)))
        });
    }

    fn warm(&mut self, report: Reports, job: VerifyJob, stop: Arc<AtomicBool>) {
        let Ok(queue) = self.checks.queue(&job.trusted) else { return report.send(Outcome::Warmed) };
        match self.warming.begin(job, stop) {
            Some(warm) => blocking(report, warm, move |warm| {
                warm.run(&queue);
                Outcome::Warmed
            }),
            None => report.send(Outcome::Warmed),
        }
    }
}

/// The pages at some addresses, read side by side.
async fn read_pages(
    pages: &model::Pages,
    addresses: Vec<String>,
) -> BTreeMap<String, Result<String, String>> {
    let read = addresses.into_iter().map(|address| async move {
        let text = pages.text(&address).await.map_err(|error| error.to_string());
        (address, text)
    });
    futures::future::join_all(read).await.into_iter().collect()
}

fn ask_limits(report: Reports, provider: ProviderResult) {
    let Ok(provider) = provider else { return report.send(Outcome::Limits(None)) };
    tokio::spawn(async move {
        tokio::select! {
            () = report.token.cancelled() => {}
            said = provider.ask_limits() => report.send(Outcome::Limits(Some(provider.limits(said)))),
        }
    });
}

fn complete(report: Reports, provider: ProviderResult, request: model::Request) {
    let provider = match provider {
        Ok(provider) => provider,
        Err(error) => return report.send(Outcome::StreamFailed(error)),
    };
    tokio::spawn(async move {
        let mut events = provider.stream(request);
        loop {
            let event = tokio::select! {
                () = report.token.cancelled() => return,
                event = events.next() => event,
            };
            match event {
                Some(Ok(event)) => {
                    let is_last = matches!(event, model::Event::End { .. });
                    report.send(Outcome::Streamed(event));
                    if is_last {
                        return;
                    }
                }
                Some(Err(error)) => return report.send(Outcome::StreamFailed(error)),
                None => {
                    let cause = "the stream ended without an end".to_owned();
                    return report.send(Outcome::StreamFailed(model::Error::CutOff { cause }));
                }
            }
        }
    });
}

/// Sends what one job reports.
#[derive(Clone)]
pub(super) struct Reports {
    pub(super) job: JobId,
    pub(super) mailbox: WeakMailbox,
    pub(super) token: CancellationToken,
}

impl Reports {
    pub(super) fn send(&self, outcome: Outcome) {
        if !self.token.is_cancelled() {
            self.mailbox.tell(Message::Report(Report { job: self.job, outcome }));
        }
    }
}

/// Runs `work` where it may take time. A panic in it is a report, not the end.
///
/// What it worked on is freed behind the report: a tree can take longer than a turn of the mailbox may.
fn blocking<T: Send + 'static>(report: Reports, on: T, work: impl FnOnce(&T) -> Outcome + Send + 'static) {
    let without_thread = report.clone();
    let run = move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&on)));
        report.send(outcome.unwrap_or_else(|panic| Outcome::Panicked(panic_message(&*panic))));
    };
    // It panics when the system has no thread left, and this is the session's own task.
    if catch_unwind(AssertUnwindSafe(|| tokio::task::spawn_blocking(run))).is_err() {
        without_thread.send(Outcome::Panicked("no thread can be started".to_owned()));
    }
}
