//! How things stand, told when it changes to an edge that has said that it listens.

use std::sync::Arc;

use crate::effect::EdgeEffect;
use crate::provider::ProviderState;
use crate::sent::Spending;
use crate::status::{Now, StatusView};
use crate::view::{ProposalState, ProposalView};

use super::Session;

/// What the edge was told.
#[derive(Debug, Default)]
pub(super) struct Told {
    is_listening: bool,
    provider: Option<Result<Arc<str>, Arc<str>>>,
    status: Option<StatusView>,
}

impl Told {
    /// The edge may be told from now on.
    pub(super) fn listens(&mut self) {
        self.is_listening = true;
    }

    /// Who is asked from now on.
    pub(super) fn provider_is(&mut self, provider: &ProviderState) {
        self.provider = Some(match provider {
            ProviderState::Ready { identity, .. } => Ok(identity.to_string().into()),
            ProviderState::Missing(error) => Err(error.user_message().into()),
        });
    }
}

impl Session {
    /// Tells the status where it differs from what was told.
    pub(super) fn tell_status(&mut self, views: &[ProposalView]) {
        if let Some(status) = self.new_status(views) {
            self.published.status.status = Some(status.clone());
            self.effects.edge(EdgeEffect::Status(status));
        }
    }

    /// The status where the edge has another one. None before it is known who is asked.
    pub(super) fn new_status(&self, views: &[ProposalView]) -> Option<StatusView> {
        let told = &self.published.status;
        let provider = told.provider.clone().filter(|_| told.is_listening)?;
        let spent = views.last().map_or_else(Spending::default, |view| view.spent);
        let status = StatusView { provider, now: now(views), spent };
        (told.status.as_ref() != Some(&status)).then_some(status)
    }
}

fn now(views: &[ProposalView]) -> Now {
    let n_open = |view: &ProposalView| view.hunks.iter().filter(|hunk| hunk.status.is_open()).count();
    let is_working = |view: &&ProposalView| {
        matches!(view.state, ProposalState::Preparing | ProposalState::Streaming | ProposalState::Checking)
    };
    if let Some(working) = views.iter().rev().find(is_working) {
        return Now::Working(working.state, n_open(working));
    }
    match views.iter().map(n_open).sum() {
        0 => Now::Idle,
        n => Now::Pending(n),
    }
}
