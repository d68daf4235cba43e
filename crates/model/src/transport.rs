//! Calls over HTTP: connections, limits of time, retries, and errors with the cause named.
//!
//! Owns all outgoing connections. Must never log a body, a header's value or a key.

mod call;
mod client;
mod failure;
mod retry;

use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{self, BoxStream, StreamExt};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use serde_json::{Map, Value};

pub(crate) use client::local_client;

use crate::body::Dialect;
use crate::error::Error;
use crate::event::Event;
use crate::key::{Key, Mask};
use crate::message::Request;
use crate::protocol::Protocol;
use crate::provider::{Identity, Provider};
use crate::resolve::Chosen;
use crate::settings::{Settings, Timeouts};
use call::Call;

/// The version of the API whose events the decoder knows.
const ANTHROPIC_VERSION: &str = "2023-06-01";

/// A provider that is asked over HTTP. Connects only when asked.
///
/// Fails when the proxy, the CA file or a header of the settings cannot be used.
pub fn provider(chosen: Chosen) -> Result<Arc<dyn Provider>, Error> {
    let Chosen { identity, url, key, settings } = chosen;
    let mut mask = Mask::default();
    if let Some(key) = &key {
        mask.add(key.expose());
    }
    for value in settings.headers.values() {
        mask.add(value);
        mask.add(value.rsplit(' ').next().unwrap_or_default());
    }
    let http = Http {
        client: client::client(&url, &settings)?,
        headers: headers(identity.protocol, key.as_ref(), &settings)?,
        dialect: Mutex::new(Dialect::guess(&identity.model, &identity.endpoint, &settings)),
        has_proxy: settings.proxy.is_some(),
        extra_body: settings.extra_body,
        timeouts: settings.timeouts,
        identity,
        url,
        mask,
    };
    Ok(Arc::new(HttpProvider(Arc::new(http))))
}

struct HttpProvider(Arc<Http>);

/// What all calls to one provider share.
struct Http {
    client: Client,
    identity: Identity,
    url: Url,
    headers: HeaderMap,
    /// Whether settings name a proxy.
    has_proxy: bool,
    extra_body: Map<String, Value>,
    timeouts: Timeouts,
    mask: Mask,
    /// What was learned about the server; a wrong guess costs one refused request, not one per call.
    dialect: Mutex<Dialect>,
}

impl Provider for HttpProvider {
    fn identity(&self) -> &Identity {
        &self.0.identity
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Result<Event, Error>> {
        let call = Call::new(Arc::clone(&self.0), request);
        stream::unfold(call, |mut call| async move { Some((call.next().await?, call)) }).boxed()
    }
}

impl Http {
    fn dialect(&self) -> Dialect {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self, dialect: Dialect) {
        *self.dialect.lock().unwrap_or_else(PoisonError::into_inner) = dialect;
    }

    /// The error as a person may see it: with the provider's names and without secrets.
    fn presentable(&self, error: Error) -> Error {
        error.attributed_to(&self.identity).masked(&self.mask)
    }
}

fn headers(protocol: Protocol, key: Option<&Key>, settings: &Settings) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("accept", HeaderValue::from_static("text/event-stream"));
    let bad = |name: &str| {
        let why = format!("the header `{name}` has a name or a value that cannot be sent");
        Error::BadSetting { key: "headers".to_owned(), why }
    };
    let mut set = |name: &str, value: &str| -> Result<(), Error> {
        let mut value = HeaderValue::from_str(value).map_err(|_| bad(name))?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad(name))?, value);
        Ok(())
    };
    match protocol {
        Protocol::AnthropicMessages => {
            set("anthropic-version", ANTHROPIC_VERSION)?;
            if let Some(key) = key {
                set("x-api-key", key.expose())?;
            }
        }
        Protocol::OpenaiChat => {
            if let Some(key) = key {
                set("authorization", &format!("Bearer {}", key.expose()))?;
            }
        }
    }
    for (name, value) in &settings.headers {
        set(name, value)?;
    }
    Ok(headers)
}
