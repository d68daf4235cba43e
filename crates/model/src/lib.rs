//! One streaming call to a language model: who is asked, with which key, what comes back, and what went wrong.
//!
//! Owns outgoing connections, keys and the wire formats of providers. Knows messages, never files, documents or hunks;
//! whatever must not leave the machine was taken out before a [`Request`] gets here. An answer that was cut off is an
//! error, however much of it arrived.

mod body;
mod catalog;
pub mod decode;
mod endpoint;
mod env;
mod error;
mod event;
mod infill;
mod key;
mod lent;
mod limits;
mod local;
mod message;
mod mistaken;
mod page;
mod protocol;
mod provider;
pub mod recorded;
mod resolve;
mod settings;
mod transport;

pub use catalog::{ModelFacts, Price, TokenFactor, model_facts, token_factor};
pub use env::Env;
pub use error::{Error, NetworkCause, Report, TimeLimit};
pub use event::{Dollars, Event, Stop, ToolCall, Usage};
pub use infill::{InfillFormat, InfillRequest};
pub use key::{Key, KeySource};
pub use lent::{Lender, Lending, LentAsk, LentEnd, LentFailure, is_lent, lent};
pub use limits::{ASSUMED_CONTEXT_TOKENS, LimitSource, Limits, ServerLimits};
pub use local::{Candidate, LocalServer, find_local, local_candidates};
pub use message::{Message, Request, Role};
pub use mistaken::{is_variable_name, may_be_key};
pub use page::{PageError, Pages};
pub use protocol::{Protocol, Via};
pub use provider::{Identity, Provider, TEST_PROMPT_TOKENS, TestCall, test_call};
pub use resolve::{Chosen, choose, choose_named, needs_process, resolve};
pub use settings::{Effort, OutputLimitField, Settings, Timeouts};
pub use transport::{ask_limits, infill, provider};
