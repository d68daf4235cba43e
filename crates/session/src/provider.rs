//! What the session knows of the provider: who it is and what it can take, never a key.

/// The provider to ask, or why there is none.
#[derive(Debug, Clone)]
pub enum ProviderState {
    /// Requests go here.
    Ready {
        /// Who it is.
        identity: model::Identity,
        /// What its model takes and costs, as far as it is known without asking the server.
        limits: model::Limits,
    },
    /// None is configured or reachable; the error says what to do.
    Missing(model::Error),
}
