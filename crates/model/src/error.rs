//! What can go wrong with a call, by what a caller or a person can do about it.
//!
//! Owns the one error type of this crate and the words a person reads. Text of others in it is shortened and free of keys.

mod classify;

use std::fmt;
use std::time::Duration;

pub use classify::Report;
pub(crate) use classify::{from_response, readable, shortened};

use crate::key::{KeySource, Mask};
use crate::provider::Identity;

/// Why there is no answer, or no whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nobody to ask: nothing is configured and nothing was found.
    #[error("no model is set up: {why}")]
    NotConfigured {
        /// What was looked for.
        why: String,
        /// What the user can do.
        todo: String,
    },
    /// A setting cannot be used.
    #[error("setting `{key}`: {why}")]
    BadSetting {
        /// The key inside the provider's settings, or the environment variable.
        key: String,
        /// What is wrong and what would be right.
        why: String,
    },
    /// The provider does not take the key (401, 403).
    #[error("{endpoint} refused the key ({key_source}): {message}")]
    Unauthorized {
        /// The provider's host.
        endpoint: String,
        /// Where the key came from.
        key_source: String,
        /// The provider's words.
        message: String,
    },
    /// The account has no credit left (402, or 429 with such a code).
    #[error("{endpoint}: no credit left: {message}")]
    OutOfCredit {
        /// The provider's host.
        endpoint: String,
        /// The provider's words.
        message: String,
    },
    /// The provider does not know the model, or nothing is at that address (404).
    #[error("{endpoint} does not know the model `{model}`: {message}")]
    UnknownModel {
        /// The provider's host.
        endpoint: String,
        /// The model asked for.
        model: String,
        /// The provider's words.
        message: String,
    },
    /// Too many requests or tokens for now (429).
    #[error("rate limit reached: {message}")]
    RateLimited {
        /// How long the provider wants to be left alone.
        retry_after: Option<Duration>,
        /// The provider's words.
        message: String,
    },
    /// The provider has no capacity for now (503, 529).
    #[error("overloaded: {message}")]
    Overloaded {
        /// How long the provider wants to be left alone.
        retry_after: Option<Duration>,
        /// The provider's words.
        message: String,
    },
    /// The provider failed on its own side (500 and the like).
    #[error("the server failed (status {status}): {message}")]
    ServerFailed {
        /// The status; 200 when the failure came inside a stream.
        status: u16,
        /// The provider's words.
        message: String,
    },
    /// The prompt does not fit into the model's context.
    #[error("the prompt is too long: {message}")]
    ContextTooLong {
        /// The provider's words.
        message: String,
    },
    /// The provider does not accept the request for another reason.
    #[error("request not accepted (status {status}): {message}")]
    BadRequest {
        /// The status; 200 when it came inside a stream.
        status: u16,
        /// The provider's words.
        message: String,
    },
    /// The answer ended before the protocol's end. What came of it must not be used as an answer.
    #[error("the answer was cut off: {cause}")]
    CutOff {
        /// How it ended.
        cause: String,
    },
    /// A limit of time was reached.
    #[error("no answer in time: {which} limit of {} ms", limit.as_millis())]
    Timeout {
        /// Which limit.
        which: TimeLimit,
        /// How long was waited.
        limit: Duration,
    },
    /// No connection, or it broke before an answer began.
    #[error("no connection to {endpoint}: {cause}: {message}")]
    Network {
        /// The provider's host.
        endpoint: String,
        /// What kind of failure it is.
        cause: NetworkCause,
        /// The innermost reason.
        message: String,
    },
    /// The editor did not lend its model, or that gave no answer.
    #[error("the editor's model gave no answer: {message}")]
    NotLent {
        /// The editor's words.
        message: String,
    },
    /// What came does not follow the protocol.
    #[error("the answer does not follow the protocol: {message}")]
    Protocol {
        /// What is wrong with it.
        message: String,
    },
}

/// A limit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeLimit {
    /// Until a connection stands.
    Connect,
    /// Until the first byte of an answer.
    FirstByte,
    /// Between two bytes.
    Idle,
    /// For the whole call.
    Total,
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeLimit::Connect => "connect",
            TimeLimit::FirstByte => "first byte",
            TimeLimit::Idle => "idle",
            TimeLimit::Total => "total",
        })
    }
}

impl TimeLimit {
    fn setting(self) -> &'static str {
        match self {
            TimeLimit::Connect => "connect_ms",
            TimeLimit::FirstByte => "first_byte_ms",
            TimeLimit::Idle => "idle_ms",
            TimeLimit::Total => "total_ms",
        }
    }
}

/// What kind of failure a missing connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkCause {
    /// The host's name has no address.
    Dns,
    /// Nothing listens there.
    Refused,
    /// The certificate is not trusted, or the handshake failed.
    Tls,
    /// The proxy cannot be reached or does not let the call through.
    Proxy,
    /// The other side closed the connection.
    Closed,
    /// Something else.
    Other,
}

impl NetworkCause {
    /// Whether it may be gone a little later, with nothing done about it.
    pub(crate) fn is_passing(self) -> bool {
        match self {
            NetworkCause::Dns | NetworkCause::Refused | NetworkCause::Closed | NetworkCause::Other => true,
            NetworkCause::Tls | NetworkCause::Proxy => false,
        }
    }
}

impl fmt::Display for NetworkCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NetworkCause::Dns => "host name not found",
            NetworkCause::Refused => "connection refused",
            NetworkCause::Tls => "certificate or TLS",
            NetworkCause::Proxy => "proxy",
            NetworkCause::Closed => "connection closed",
            NetworkCause::Other => "network",
        })
    }
}

/// What was kept, in every message to the user.
const KEPT: &str = "Your text is unchanged";

impl Error {
    /// The state before anything was configured.
    pub fn not_configured() -> Error {
        Error::NotConfigured {
            why: "nothing was configured yet".to_owned(),
            todo: "Run `hunkwise init`".to_owned(),
        }
    }

    /// What happened, what was kept, and what to do next, for a person.
    pub fn user_message(&self) -> String {
        let (what, next) = match self {
            Error::NotConfigured { why, todo } => (format!("no model is set up: {why}"), todo.clone()),
            Error::BadSetting { key, why } => (
                format!("the provider setting `{key}` cannot be used: {why}"),
                "Correct it, or run `hunkwise init`".into(),
            ),
            Error::Unauthorized { endpoint, key_source, message }
                if *key_source == KeySource::None.to_string() =>
            {
                (
                    format!("{endpoint} wants a key and none was sent: {message}"),
                    "Say where the key is with `hunkwise init`".into(),
                )
            }
            Error::Unauthorized { endpoint, key_source, message } => (
                format!("{endpoint} did not accept the key from {key_source}: {message}"),
                "Check that key, or run `hunkwise init`".into(),
            ),
            Error::OutOfCredit { endpoint, message } => (
                format!("the account at {endpoint} has no credit left: {message}"),
                "Add credit there, or choose another provider with `hunkwise init`".into(),
            ),
            Error::UnknownModel { endpoint, model, message } => (
                format!("{endpoint} does not know the model `{model}`: {message}"),
                "Check `provider.model` and `provider.base_url`, or run `hunkwise init`".into(),
            ),
            Error::RateLimited { retry_after, message } => {
                (format!("the provider's rate limit is reached: {message}"), again(*retry_after))
            }
            Error::Overloaded { retry_after, message } => {
                (format!("the provider is overloaded: {message}"), again(*retry_after))
            }
            Error::ServerFailed { status, message } => {
                (format!("the provider failed (status {status}): {message}"), again(None))
            }
            Error::ContextTooLong { message } => (
                format!("the request is too long for the model: {message}"),
                "Choose a smaller scope, lower `context_tokens`, or choose a model with a larger context"
                    .into(),
            ),
            Error::BadRequest { status, message } => (
                format!("the provider did not accept the request (status {status}): {message}"),
                "Check `provider` in the settings; `hunkwise doctor` tests it".into(),
            ),
            Error::CutOff { cause } => {
                (format!("the answer was cut off ({cause}), so nothing of it is offered"), "Ask again".into())
            }
            Error::Timeout { which, limit } => (
                format!("no answer in time ({which} limit of {} s)", limit.as_secs_f64()),
                format!("Ask again, or raise `provider.timeouts.{}`", which.setting()),
            ),
            Error::Network { endpoint, cause, message } => {
                let (what, next) = network(*cause);
                (format!("no connection to {endpoint}: {what} ({message})"), next.into())
            }
            Error::NotLent { message } => (
                format!("the model that the editor lends gave no answer: {message}"),
                "Look at the editor's own settings for its models, or ask again".into(),
            ),
            Error::Protocol { message } => (
                format!("the provider's answer cannot be read: {message}"),
                "Check `provider.protocol` and `provider.base_url`; `hunkwise doctor` tests them".into(),
            ),
        };
        format!("{}. {KEPT}. {next}", what.trim_end_matches('.'))
    }

    /// Why another model may be asked in the place of this one, as a clause; none where the user has to do something, or
    /// where an answer had begun.
    pub fn unavailable(&self) -> Option<&'static str> {
        match self {
            Error::RateLimited { .. } => Some("its rate limit is reached"),
            Error::Overloaded { .. } => Some("it is overloaded"),
            Error::ServerFailed { .. } => Some("it failed"),
            Error::NotLent { .. } => Some("the editor does not lend it"),
            Error::Timeout { which: TimeLimit::Connect | TimeLimit::FirstByte, .. } => {
                Some("it does not answer")
            }
            Error::Network { cause, .. } => cause.is_passing().then_some("it cannot be reached"),
            Error::Timeout { which: TimeLimit::Idle | TimeLimit::Total, .. }
            | Error::NotConfigured { .. }
            | Error::BadSetting { .. }
            | Error::Unauthorized { .. }
            | Error::OutOfCredit { .. }
            | Error::UnknownModel { .. }
            | Error::ContextTooLong { .. }
            | Error::BadRequest { .. }
            | Error::CutOff { .. }
            | Error::Protocol { .. } => None,
        }
    }

    /// The error with the names of the provider it came from.
    pub(crate) fn attributed_to(mut self, identity: &Identity) -> Error {
        match &mut self {
            Error::Unauthorized { endpoint, key_source, .. } => {
                endpoint.clone_from(&identity.endpoint);
                *key_source = identity.key_source.to_string();
            }
            Error::UnknownModel { endpoint, model, .. } => {
                endpoint.clone_from(&identity.endpoint);
                model.clone_from(&identity.model);
            }
            Error::OutOfCredit { endpoint, .. } | Error::Network { endpoint, .. } => {
                endpoint.clone_from(&identity.endpoint);
            }
            Error::NotConfigured { .. }
            | Error::BadSetting { .. }
            | Error::RateLimited { .. }
            | Error::Overloaded { .. }
            | Error::ServerFailed { .. }
            | Error::ContextTooLong { .. }
            | Error::BadRequest { .. }
            | Error::CutOff { .. }
            | Error::Timeout { .. }
            | Error::NotLent { .. }
            | Error::Protocol { .. } => {}
        }
        self
    }

    /// The error without secrets.
    pub(crate) fn masked(mut self, mask: &Mask) -> Error {
        match &mut self {
            Error::NotConfigured { why, .. } | Error::BadSetting { why, .. } => mask.clean(why),
            Error::Unauthorized { message, .. }
            | Error::OutOfCredit { message, .. }
            | Error::UnknownModel { message, .. }
            | Error::RateLimited { message, .. }
            | Error::Overloaded { message, .. }
            | Error::ServerFailed { message, .. }
            | Error::ContextTooLong { message }
            | Error::BadRequest { message, .. }
            | Error::CutOff { cause: message }
            | Error::Network { message, .. }
            | Error::NotLent { message }
            | Error::Protocol { message } => mask.clean(message),
            Error::Timeout { .. } => {}
        }
        self
    }
}

fn again(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(wait) => format!("Ask again in {} s", wait.as_secs_f64().ceil()),
        None => "Ask again in a moment".to_owned(),
    }
}

fn network(cause: NetworkCause) -> (&'static str, &'static str) {
    match cause {
        NetworkCause::Dns => ("its name was not found", "Check the network and `provider.base_url`"),
        NetworkCause::Refused => {
            ("nothing listens there", "Start the server, or check `provider.base_url` and the proxy")
        }
        NetworkCause::Tls => (
            "certificate not trusted or TLS failed",
            "If your network inspects TLS, set `provider.ca_file` to its certificate",
        ),
        NetworkCause::Proxy => ("the proxy failed", "Check `provider.proxy` or HTTPS_PROXY and NO_PROXY"),
        NetworkCause::Closed => ("the connection was closed", "Ask again"),
        NetworkCause::Other => ("the network failed", "Check the network, then ask again"),
    }
}
