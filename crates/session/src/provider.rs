//! What the session knows of the provider: who it is and what it can take, never a key.

/// The provider to ask, or why there is none.
#[derive(Debug, Clone)]
pub enum ProviderState {
    /// Requests go here.
    Ready(model::Identity),
    /// None is configured or reachable; the error says what to do.
    Missing(model::Error),
}
