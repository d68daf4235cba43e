//! Failures of the connection, with the cause named.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::error::{Error, NetworkCause, TimeLimit, shortened};

/// A call that failed, and what the server said about trying again.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    /// How long the server wants to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// The server's own word on whether to try again.
    pub(super) should_retry: Option<bool>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let retry_after = match &error {
            Error::RateLimited { retry_after, .. } | Error::Overloaded { retry_after, .. } => *retry_after,
            _ => None,
        };
        Failure { error, retry_after, should_retry: None }
    }
}

/// Why nothing came back.
pub(crate) fn no_response(error: reqwest::Error, connect_limit: Duration, has_proxy: bool) -> Error {
    if error.is_connect() && error.is_timeout() {
        return Error::Timeout { which: TimeLimit::Connect, limit: connect_limit };
    }
    let is_connect = error.is_connect();
    // The address could hold any of the words that are looked for.
    let error = error.without_url();
    let cause = match cause(&error) {
        // All that is ever connected to is the proxy then.
        NetworkCause::Dns | NetworkCause::Refused if has_proxy && is_connect => NetworkCause::Proxy,
        cause => cause,
    };
    Error::Network { endpoint: "the provider".to_owned(), cause, message: innermost(&error) }
}

/// Why an answer broke off.
pub(crate) fn broken(error: reqwest::Error) -> Error {
    Error::CutOff { cause: format!("the connection broke: {}", innermost(&error.without_url())) }
}

fn cause(error: &reqwest::Error) -> NetworkCause {
    let mut words = String::new();
    let mut kind = None;
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        words.push_str(&error.to_string().to_lowercase());
        words.push('\n');
        kind = error.downcast_ref::<io::Error>().map(io::Error::kind).or(kind);
        next = error.source();
    }
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if says(&["tunnel", "proxy", "socks"]) {
        NetworkCause::Proxy
    } else if says(&["dns error", "failed to lookup", "name or service not known"]) {
        NetworkCause::Dns
    } else if says(&["certificate", "tls", "handshake", "corrupt message", "unknownissuer"]) {
        NetworkCause::Tls
    } else if kind == Some(io::ErrorKind::ConnectionRefused) {
        NetworkCause::Refused
    } else if matches!(
        kind,
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe)
    ) || says(&["connection closed", "connection reset", "broken pipe"])
    {
        NetworkCause::Closed
    } else {
        NetworkCause::Other
    }
}

/// The reason at the bottom of an error, which says most.
pub(super) fn innermost(error: &dyn StdError) -> String {
    let mut message = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        message = error.to_string();
        next = error.source();
    }
    shortened(&message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_told_from_other_failures() {
        // No resolver asks the network for a label of more than 63 letters.
        let address = format!("http://{}.invalid", "x".repeat(70));
        let failed = super::super::local_client().unwrap().get(address).send().await.unwrap_err();
        let error = no_response(failed, Duration::ZERO, false);
        assert!(matches!(error, Error::Network { cause: NetworkCause::Dns, .. }), "{error:?}");
    }
}
