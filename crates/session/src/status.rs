//! How things stand over all proposals, in the few values that a status bar has room for.

use std::sync::Arc;

use crate::sent::Spending;
use crate::view::ProposalState;

/// Who is asked and what goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusView {
    /// Who is asked, or why nobody can be and what to do.
    pub provider: Result<Arc<str>, Arc<str>>,
    /// What goes on.
    pub now: Now,
    /// What the newest proposal has come to.
    pub spent: Spending,
}

/// What goes on: work before what waits for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// Nothing.
    Idle,
    /// The newest proposal that is worked on, and how many hunks of it are there.
    Working(ProposalState, usize),
    /// Hunks wait for a decision, stale ones among them.
    Pending(usize),
}
