//! Calls over HTTP: connections, limits of time, retries, and errors with the cause named.
//!
//! Owns all outgoing connections. Must never log a body, a header's value or a key.

mod call;
mod client;
mod failure;
mod retry;

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, BoxStream, StreamExt};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use serde_json::{Value, json};

pub(crate) use client::{local_client, page_client};
pub(crate) use failure::{broken, no_response};

use crate::body::{Dialect, Shape, body, infill_body};
use crate::decode::Decoder;
use crate::endpoint::{host_label, infill_url};
use crate::error::Error;
use crate::event::Event;
use crate::infill::{InfillFormat, InfillRequest};
use crate::key::{Key, Mask};
use crate::limits::{ASK_LIMIT, Limits, ServerLimits, said_of};
use crate::message::Request;
use crate::mistaken::may_be_key;
use crate::protocol::Protocol;
use crate::provider::{Identity, Provider};
use crate::resolve::{Chosen, is_azure};
use crate::settings::Settings;
use call::Call;

/// The version of the API whose events the decoder knows.
const ANTHROPIC_VERSION: &str = "2023-06-01";

/// A provider that is asked over HTTP. Connects only when asked.
///
/// Fails when the proxy, the CA file or a header of the settings cannot be used.
pub fn provider(chosen: Chosen) -> Result<Arc<dyn Provider>, Error> {
    Ok(Arc::new(HttpProvider { http: Arc::new(http(chosen.clone())?), chosen }))
}

/// Fills in the middle of a text. The stream is that of [`Provider::stream`]; nothing is sent before it is polled.
///
/// Fails when the address, the proxy, the CA file or a header of the settings cannot be used.
pub fn infill(
    chosen: Chosen,
    format: InfillFormat,
    request: InfillRequest,
) -> Result<BoxStream<'static, Result<Event, Error>>, Error> {
    let url = infill_url(&chosen.base_url, format)?;
    let http = Http { url, ..http(chosen)? };
    Ok(stream_of(Call::new(Arc::new(http), Ask::Infill(format, request))))
}

/// What the server says of the chosen model; nothing where it does not answer within three seconds. Sends the key, to the
/// host it is for.
pub async fn ask_limits(chosen: &Chosen) -> ServerLimits {
    let asked = async {
        let url = chosen.limits_url()?;
        let headers = headers(chosen.protocol, &url, chosen.key.as_ref(), &chosen.settings).ok()?;
        let client = client::client(&url, &chosen.settings).ok()?;
        let request = match chosen.protocol {
            Protocol::Ollama => client.post(url).body(json!({ "model": chosen.identity.model }).to_string()),
            Protocol::AnthropicMessages
            | Protocol::OpenaiChat
            | Protocol::OpenaiResponses
            | Protocol::Gemini => client.get(url),
        }
        .headers(headers);
        let mut response = request.send().await.ok()?.error_for_status().ok()?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_LIST_BYTES {
                return None;
            }
        }
        Some(said_of(&chosen.identity.model, &serde_json::from_slice(&bytes).ok()?))
    };
    tokio::time::timeout(ASK_LIMIT, asked).await.ok().flatten().unwrap_or_default()
}

/// The longest list of models, that of OpenRouter, has a few hundred KiB.
const MAX_LIST_BYTES: usize = 8 << 20;

fn http(chosen: Chosen) -> Result<Http, Error> {
    let Chosen { identity, protocol, url, base_url: _, key, settings } = chosen;
    let mut mask = Mask::default();
    if let Some(key) = &key {
        mask.add(key.expose());
    }
    for value in settings.headers.values() {
        mask.add(value);
        mask.add(value.rsplit(' ').next().unwrap_or_default());
    }
    // Some servers take a key in the address; a server or proxy may echo what it was called with.
    let proxy = settings.proxy.as_deref().and_then(|proxy| Url::parse(proxy).ok());
    url.query_pairs().filter(|(_, value)| may_be_key(value)).for_each(|(_, value)| mask.add(&value));
    proxy.as_ref().and_then(Url::password).into_iter().for_each(|password| mask.add(password));
    Ok(Http {
        client: client::client(&url, &settings)?,
        headers: headers(protocol, &url, key.as_ref(), &settings)?,
        dialect: Mutex::new(Dialect::guess(&identity.model, &identity.endpoint, &settings)),
        settings,
        identity,
        protocol,
        url,
        mask,
    })
}

struct HttpProvider {
    http: Arc<Http>,
    chosen: Chosen,
}

/// What all calls to one provider share.
struct Http {
    client: Client,
    identity: Identity,
    protocol: Protocol,
    url: Url,
    headers: HeaderMap,
    settings: Settings,
    mask: Mask,
    /// What was learned about the server; a wrong guess costs one refused request, not one per call.
    dialect: Mutex<Dialect>,
}

impl Provider for HttpProvider {
    fn identity(&self) -> &Identity {
        &self.http.identity
    }

    fn limits(&self, server: ServerLimits) -> Limits {
        self.chosen.limits(server)
    }

    fn ask_limits(&self) -> BoxFuture<'static, ServerLimits> {
        let chosen = self.chosen.clone();
        async move { ask_limits(&chosen).await }.boxed()
    }

    fn anonymous(&self, text: &str) -> String {
        let http = &self.http;
        let mut text = text.to_owned();
        http.mask.clean(&mut text);
        let proxy = http.settings.proxy.as_deref().and_then(|proxy| Url::parse(proxy).ok());
        for url in [Some(&http.url), proxy.as_ref()].into_iter().flatten() {
            for host in [host_label(url), url.host_str().unwrap_or_default().to_owned()] {
                if !host.is_empty() {
                    text = text.replace(&host, "host.invalid");
                }
            }
        }
        text
    }

    fn stream(&self, request: Request) -> BoxStream<'static, Result<Event, Error>> {
        stream_of(Call::new(Arc::clone(&self.http), Ask::Chat(request)))
    }
}

fn stream_of(call: Call) -> BoxStream<'static, Result<Event, Error>> {
    stream::unfold(call, |mut call| async move { Some((call.next().await?, call)) }).boxed()
}

/// What is asked.
enum Ask {
    Chat(Request),
    Infill(InfillFormat, InfillRequest),
}

impl Ask {
    fn body(&self, http: &Http, dialect: Dialect) -> Value {
        let (model, settings) = (http.identity.model.as_str(), &http.settings);
        match self {
            Ask::Chat(request) => body(Shape { protocol: http.protocol, model, dialect, settings }, request),
            Ask::Infill(format, request) => {
                infill_body(*format, model, request, dialect, &settings.extra_body)
            }
        }
    }

    fn decoder(&self, protocol: Protocol) -> Decoder {
        match self {
            Ask::Chat(_) => Decoder::new(protocol),
            Ask::Infill(format, _) => Decoder::infill(*format),
        }
    }

    fn max_output_tokens(&self) -> u32 {
        match self {
            Ask::Chat(request) => request.max_output_tokens,
            Ask::Infill(_, request) => request.max_output_tokens,
        }
    }

    /// Whether an answer is one JSON value a line, so that it may begin with a brace.
    fn is_in_lines(&self, protocol: Protocol) -> bool {
        matches!(self, Ask::Chat(_)) && protocol == Protocol::Ollama
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

fn headers(
    protocol: Protocol,
    url: &Url,
    key: Option<&Key>,
    settings: &Settings,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let accept = if protocol == Protocol::Ollama { "application/x-ndjson" } else { "text/event-stream" };
    headers.insert("accept", HeaderValue::from_static(accept));
    let bad = |why: String| Error::BadSetting { key: "headers".to_owned(), why };
    let mut set = |name: &str, value: &str| -> Result<(), Error> {
        // What is no name may be a whole header, with its key.
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| bad("a header has a name that cannot be sent".to_owned()))?;
        let cannot = |_| bad(format!("the header `{name}` has a value that cannot be sent"));
        let mut value = HeaderValue::from_str(value).map_err(cannot)?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Ok(())
    };
    if protocol == Protocol::AnthropicMessages {
        set("anthropic-version", ANTHROPIC_VERSION)?;
    }
    if let Some(key) = key {
        let name = settings.auth_header.as_deref().unwrap_or_else(|| auth_header(protocol, url));
        match name.eq_ignore_ascii_case(BEARER) {
            true => set(BEARER, &format!("Bearer {}", key.expose()))?,
            false => set(name, key.expose())?,
        }
    }
    for (name, value) in &settings.headers {
        set(name, value)?;
    }
    Ok(headers)
}

/// The header whose key has a word before it.
const BEARER: &str = "authorization";

/// The header that carries the key when settings name none.
fn auth_header(protocol: Protocol, url: &Url) -> &'static str {
    match protocol {
        Protocol::AnthropicMessages => "x-api-key",
        // In the address it would be logged on the way.
        Protocol::Gemini if !url.path().contains("/publishers/") => "x-goog-api-key",
        Protocol::OpenaiChat | Protocol::OpenaiResponses if is_azure(url) => "api-key",
        Protocol::Gemini | Protocol::OpenaiChat | Protocol::OpenaiResponses | Protocol::Ollama => BEARER,
    }
}
