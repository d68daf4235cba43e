//! The jobs that a session started, run on demand: late, in any order, or never.

use std::collections::BTreeMap;

use session::{Effect, Job, JobId, Message, OnDisk, Outcome, ProviderState, Report};

/// What runs.
#[derive(Default)]
pub struct Jobs {
    running: BTreeMap<JobId, Job>,
}

/// Who answers in tests.
pub fn provider() -> ProviderState {
    provider_with(limits(100_000))
}

/// The same with a model that takes so much.
pub fn provider_with(limits: model::Limits) -> ProviderState {
    let identity = model::Identity {
        via: model::Via::Http(model::Protocol::OpenaiChat),
        model: "m-1".to_owned(),
        endpoint: "model.test".to_owned(),
        key_source: model::KeySource::None,
        max_output_tokens: None,
        context_tokens: None,
    };
    ProviderState::Ready { identity, limits }
}

/// A named model.
pub fn provider_named(name: &str) -> ProviderState {
    match provider_with(limits(100_000)) {
        ProviderState::Ready { identity, limits } => {
            ProviderState::Ready { identity: model::Identity { model: name.to_owned(), ..identity }, limits }
        }
        missing @ ProviderState::Missing(_) => missing,
    }
}

/// What a model takes that the user has said all about.
pub fn limits(context_tokens: u64) -> model::Limits {
    model::Limits {
        context_tokens,
        source: model::LimitSource::Settings,
        input_tokens: None,
        output_tokens: None,
        price: None,
    }
}

impl Jobs {
    pub fn start(&mut self, id: JobId, job: Job) {
        assert!(self.running.insert(id, job).is_none(), "job ids are unique");
    }

    /// Stops a job; whether it ran.
    pub fn stop(&mut self, id: JobId) -> bool {
        self.running.remove(&id).is_some()
    }

    pub fn ids(&self) -> Vec<JobId> {
        self.running.keys().copied().collect()
    }

    pub fn get(&self, id: JobId) -> Option<&Job> {
        self.running.get(&id)
    }

    pub fn take(&mut self, id: JobId) -> Option<Job> {
        self.running.remove(&id)
    }
}

/// Does what a job does, without a model, a disk or a clock. None for a question to the model.
pub fn run(job: Job) -> Option<Outcome> {
    Some(match job {
        Job::Parse(job) => {
            let parsed = job.run(&syntax::Stop::never()).expect("nothing stops it");
            Outcome::Parsed(Box::new(parsed))
        }
        Job::Gather(job) => {
            let gathered = job.run();
            Outcome::Gathered(Box::new(gathered))
        }
        Job::Names(job) => Outcome::Named(std::sync::Arc::new(job.run())),
        Job::Settle(job) => Outcome::Settled(Box::new(job.run(&syntax::Stop::never()))),
        Job::Check(job) => Outcome::Checked(job.run(&syntax::Stop::never())),
        Job::Recheck(job) => Outcome::Checked(job.run_again(&syntax::Stop::never())),
        Job::LookUp(_) => Outcome::LookedUp(Box::new(session::project::LookedUp::Nothing)),
        Job::Verify(_) => Outcome::Verified(Box::default()),
        Job::Warm(_) => Outcome::Warmed,
        Job::Trust(folder, word) => Outcome::TrustKept(folder, word),
        Job::Wait { .. } => Outcome::Elapsed,
        Job::Record(session::Record::Receipt(_)) | Job::Today => Outcome::Spent(None),
        Job::Record(_) => Outcome::Recorded(None),
        Job::Take(_) => Outcome::Taken(Box::default()),
        Job::Limits(_) => Outcome::Limits(None),
        Job::Compare(_, uris) => {
            Outcome::Compared(uris.into_iter().map(|uri| (uri, OnDisk::Differs)).collect())
        }
        Job::Connect { name, .. } => Outcome::Connected(provider_named(&name)),
        Job::Complete { .. } => return None,
    })
}

pub fn report(job: JobId, outcome: Outcome) -> Message {
    Message::Report(Report { job, outcome })
}

/// The answers among effects.
pub fn answers(effects: &[Effect]) -> Vec<&session::Answer> {
    let answers = effects.iter().filter_map(|effect| match effect {
        Effect::Answer(answer) => Some(answer),
        Effect::Start(..) | Effect::Stop(_) | Effect::Watch(_) | Effect::Index(_) | Effect::Edge(_) => None,
    });
    answers.collect()
}
