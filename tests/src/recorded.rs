//! The recorded model for tests: real HTTP on this machine, on a runtime of its own.

use model::Protocol;
use model::recorded::{Received, RecordedAnswer, RecordedModel, Recording};
use tokio::runtime::Runtime;

/// A model that gives recorded answers.
pub struct Model {
    runtime: Runtime,
    model: RecordedModel,
    protocol: Protocol,
}

/// An answer for a request that contains all of `contains`.
pub fn answer(contains: &[&str], text: &str) -> RecordedAnswer {
    RecordedAnswer::new(contains, text)
}

impl Model {
    /// A model over Anthropic's wire format.
    pub fn new(answers: Vec<RecordedAnswer>) -> Model {
        Model::over(Protocol::AnthropicMessages, answers)
    }

    /// A model over a wire format.
    pub fn over(protocol: Protocol, answers: Vec<RecordedAnswer>) -> Model {
        let runtime = Runtime::new().expect("a runtime");
        let recording = Recording { answers, ..Recording::default() };
        let model = runtime.block_on(RecordedModel::start(recording)).expect("a port of this machine");
        Model { runtime, model, protocol }
    }

    /// The wire format, as the settings name it.
    pub fn protocol(&self) -> &'static str {
        self.protocol.name()
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        self.model.base_url()
    }

    /// Another answer, behind those there are.
    pub fn add(&self, answer: RecordedAnswer) {
        self.model.add(answer);
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Received> {
        self.model.requests()
    }

    /// Waits until `n` answers are held.
    pub fn wait_held(&self, n: usize) {
        self.runtime.block_on(self.model.wait_held(n));
    }

    /// Lets held answers go on.
    pub fn release(&self) {
        self.model.release();
    }

    /// Waits until every connection is closed.
    pub fn wait_closed(&self) {
        self.runtime.block_on(self.model.wait_closed());
    }
}
