//! Runs a [`Session`]: one mailbox, its jobs, and nothing else. The only asynchronous part between the edges and the model.
//!
//! Owns the mailbox, the provider and the running jobs. It never looks into a proposal and never waits for a job.

mod checks;
mod connect;
mod index;
mod jobs;
mod mailbox;
mod records;
mod warm;
mod watch;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use model::recorded::Recorder;
use text::Encoding;
use tokio::sync::mpsc;

pub use checks::CheckSetup;
pub use connect::{LenderOption, find_provider, provider_now};
pub use index::{FolderStatus, IndexContents, IndexStatus};
pub use mailbox::Mailbox;

use crate::effect::{Answer, EdgeEffect, Effect};
use crate::job::{Outcome, Report};
use crate::message::Message;
use crate::notice::Notice;
use crate::provider::ProviderState;
use crate::state::Session;
use index::Indexing;
use jobs::Jobs;
use mailbox::Mail;
use watch::Files;

/// Proposals of one run: more than anybody asks for between two starts.
const NUMBERS: u32 = 1_000;

/// A provider that is ready, or why there is none.
pub type ProviderResult = Result<Arc<dyn model::Provider>, model::Error>;

/// What a driver starts with.
pub struct Options {
    /// How the edge counts characters.
    pub encoding: Encoding,
    /// The state directory; none keeps nothing on disk.
    pub state_dir: Option<PathBuf>,
    /// Whether files with pending hunks are watched on disk.
    pub watches_files: bool,
    /// Whether undecided proposals are kept for a later run, as the settings say at the start; none where they never are.
    pub keeps_proposals: Option<bool>,
    /// Whether a request waits until its folder has been read, instead of going by what is known at once; then only folders
    /// that are checkouts are read.
    pub waits_for_index: bool,
    /// Keeps what models answer; none keeps nothing.
    pub recorder: Option<Arc<Recorder>>,
    /// Whoever lends the editor's model.
    pub lender: LenderOption,
    /// How the project's own checks run; none runs without.
    pub checks: Option<CheckSetup>,
}

/// Starts a session on the current runtime. It ends when [`Mailbox::stop`] is called or the last mailbox is dropped.
///
/// Acts of the edge come out of the receiver, in order; whoever reads it must not wait for the session in between.
pub fn start(options: Options) -> (Mailbox, mpsc::UnboundedReceiver<EdgeEffect>) {
    let (mailbox, mut mail) = mailbox::channel();
    let (edge, edge_effects) = mpsc::unbounded_channel();
    let mut session = Session::new(options.encoding);
    if let Some(is_on) = options.keeps_proposals {
        session.number_proposals_from(first_number(options.state_dir.as_deref()));
        if options.state_dir.is_some() {
            session.keep_proposals(is_on);
        }
    }
    let mut indexing = Indexing::new(options.state_dir.clone(), mailbox.weak());
    let checks = checks::Checks::new(options.checks, options.state_dir.clone());
    let mut jobs = Jobs::new(mailbox.weak(), options.state_dir, indexing.indexes.clone(), checks);
    jobs.lender = options.lender;
    jobs.waits_for_index = options.waits_for_index;
    indexing.only_checkouts = options.waits_for_index;
    let recorder = options.recorder;
    let recorded = move |provider: ProviderResult| match &recorder {
        Some(recorder) => provider.map(|provider| recorder.around(provider)),
        None => provider,
    };
    let mut files = Files { mailbox: mailbox.weak(), is_on: options.watches_files, watching: None };
    tokio::spawn(async move {
        while let Some(next) = mail.recv().await {
            match next {
                Mail::Stop(done) => {
                    let last = session.keep_at_end();
                    run(last, None, &mut jobs, &mut files, &mut indexing, &edge);
                    if let Some(written) = jobs.write_records() {
                        let _ = written.await;
                    }
                    let _ = done.send(());
                    break;
                }
                Mail::IndexStatus(asked) => indexing.status(jobs.n_parsing(), asked),
                Mail::Configure(config, provider) => {
                    let state = state_of(&provider);
                    jobs.use_provider(recorded(provider), &config.provider);
                    let message = Message::Configured { config, provider: state };
                    run(handle(&mut session, message), None, &mut jobs, &mut files, &mut indexing, &edge);
                }
                Mail::Connected { job, name, provider } => {
                    let outcome = Outcome::Connected(state_of(&provider));
                    // One that was stopped belongs to settings that are gone.
                    if jobs.connected(job, name, recorded(provider)) {
                        let message = Message::Report(Report { job, outcome });
                        run(handle(&mut session, message), None, &mut jobs, &mut files, &mut indexing, &edge);
                    }
                }
                Mail::Message(message, reply) => {
                    if let Message::Report(report) = &message
                        && report.outcome.is_last()
                    {
                        jobs.ended(report.job);
                    }
                    let is_asked = matches!(message, Message::Quiet(_));
                    run(handle(&mut session, message), reply, &mut jobs, &mut files, &mut indexing, &edge);
                    if is_asked {
                        indexing.answered();
                    }
                }
            }
        }
        jobs.stop_all();
    });
    (mailbox, edge_effects)
}

/// The number of the first proposal. No run on this state directory has numbers of another, so that an id that an editor
/// still has from an earlier run names nothing else.
fn first_number(state_dir: Option<&Path>) -> u32 {
    let taken = state_dir.map(|state_dir| store::take_numbers(state_dir, NUMBERS));
    match taken {
        Some(Ok(first)) => first,
        Some(Err(error)) => {
            tracing::warn!(%error, "proposals are numbered by the clock");
            by_clock()
        }
        None => by_clock(),
    }
}

/// A number that is not likely to be of a run of late.
fn by_clock() -> u32 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let blocks = since.as_secs() % u64::from(u32::MAX / NUMBERS);
    u32::try_from(blocks).unwrap_or_default() * NUMBERS + 1
}

/// What a session is told of a provider.
fn state_of(provider: &ProviderResult) -> ProviderState {
    match provider {
        Ok(provider) => ProviderState::Ready {
            identity: provider.identity().clone(),
            limits: provider.limits(model::ServerLimits::default()),
        },
        Err(error) => ProviderState::Missing(error.clone()),
    }
}

/// Handles a message; a panic in it is logged, told, and does not end the session.
fn handle(session: &mut Session, message: Message) -> Vec<Effect> {
    // Text sync comes first in every handler, so what a panic leaves undone is at most a view.
    catch_unwind(AssertUnwindSafe(|| session.handle(message))).unwrap_or_else(|panic| {
        tracing::error!(what = panic_message(&*panic), "a message could not be handled");
        let notice = Notice::error(
            "an internal error was contained; your text is unchanged. Try again; the log file says more",
        );
        vec![Effect::Answer(Answer::Refused(notice.clone())), Effect::Edge(EdgeEffect::Tell(notice))]
    })
}

/// What a panic said.
fn panic_message(panic: &(dyn Any + Send)) -> String {
    let owned = panic.downcast_ref::<String>().cloned();
    owned.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default()
}

/// Performs effects in order, the answer last: who waits for it finds all else done or sent.
fn run(
    effects: Vec<Effect>,
    reply: Option<mailbox::Reply>,
    jobs: &mut Jobs,
    files: &mut Files,
    indexing: &mut Indexing,
    edge: &mpsc::UnboundedSender<EdgeEffect>,
) {
    let mut answered = None;
    for effect in effects {
        match effect {
            Effect::Answer(answer) => answered = answered.or(Some(answer)),
            Effect::Start(id, job) => jobs.start(id, job),
            Effect::Stop(id) => jobs.stop(id),
            Effect::Watch(uris) => files.watch(uris),
            Effect::Index(order) => indexing.order(order),
            Effect::Edge(effect) => {
                let _ = edge.send(effect);
            }
        }
    }
    if let (Some(answer), Some(reply)) = (answered, reply) {
        // The asker may have gone; then nobody waits for the answer.
        let _ = reply.send(answer);
    }
}
