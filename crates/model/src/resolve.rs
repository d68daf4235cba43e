//! The choice of a provider out of settings and environment.
//!
//! Owns the order of precedence: `HUNKWISE_*` variables, then settings, then the variables that other tools use, then a
//! local server. A key is never sent to another host than the one it was given for.

mod read_key;
mod vendor;

use reqwest::Url;

use crate::body::{Dialect, Shape, body};
use crate::endpoint::{BASE_URL, base_url, call_url, host_label, is_loopback};
use crate::env::Env;
use crate::error::Error;
use crate::key::{Key, KeySource};
use crate::local::{Candidate, find_local};
use crate::message::Request;
use crate::mistaken::may_be_key;
use crate::protocol::{Protocol, Via};
use crate::provider::Identity;
use crate::settings::Settings;
use read_key::read_key;
use vendor::{VENDORS, Vendor};

pub(crate) use vendor::{OLLAMA_PORT, is_azure};

/// A provider that was chosen: all that a call needs. `Debug` shows no secrets.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Who it is.
    pub identity: Identity,
    pub(crate) protocol: Protocol,
    pub(crate) url: Url,
    pub(crate) base_url: String,
    pub(crate) key: Option<Key>,
    /// The settings of the connection and of the body.
    pub(crate) settings: Settings,
}

impl Chosen {
    /// The body that a request is sent with, before the server has said what it does not take.
    pub fn body(&self, request: &Request) -> serde_json::Value {
        let identity = &self.identity;
        body(
            Shape {
                protocol: self.protocol,
                model: &identity.model,
                dialect: Dialect::guess(&identity.model, &identity.endpoint, &self.settings),
                settings: &self.settings,
            },
            request,
        )
    }

    /// A provider at `base_url` that is asked without a key.
    pub(crate) fn without_key(
        base_url: &str,
        protocol: Protocol,
        model: &str,
        settings: Settings,
    ) -> Result<Chosen, Error> {
        chosen(protocol, base_url, model.to_owned(), None, settings)
    }
}

/// Chooses as [`resolve`] does; when nothing is configured or found in the environment, looks for one of the local servers.
///
/// Fails with [`Error::NotConfigured`] when there is none of all these, and with [`Error::BadSetting`] when what is
/// configured cannot be used.
pub async fn choose(settings: &Settings, env: &Env, candidates: &[Candidate]) -> Result<Chosen, Error> {
    let (owned_settings, owned_env) = (settings.clone(), env.clone());
    let resolved = tokio::task::spawn_blocking(move || resolve(&owned_settings, &owned_env)).await;
    let not_configured = match resolved {
        Ok(Err(error @ Error::NotConfigured { .. })) => error,
        Ok(other) => return other,
        Err(error) => {
            return Err(Error::BadSetting {
                key: "provider".to_owned(),
                why: format!("reading it failed ({error})"),
            });
        }
    };
    if let Some(server) = find_local(candidates).await.first() {
        return server.chosen(settings);
    }
    match not_configured {
        Error::NotConfigured { why, todo } => {
            let names: Vec<&str> = candidates.iter().map(|candidate| candidate.name.as_str()).collect();
            let why = format!("{why}, and no local server answers ({})", names.join(", "));
            Err(Error::NotConfigured { why, todo })
        }
        other => Err(other),
    }
}

/// Chooses the provider of a model that has a name of its own in the settings, given those of the usual one.
///
/// The `HUNKWISE_*` variables, but for the model, say where the usual one is, so they count for a model that is asked there
/// and for no other. Where the usual one is a local server that was found, so is this one. Fails as [`choose`] does.
pub async fn choose_named(
    own: &Settings,
    usual: &Settings,
    env: &Env,
    candidates: &[Candidate],
) -> Result<Chosen, Error> {
    let settings = own.beside(usual);
    let env = if own.is_at_usual() { env.without(&["HUNKWISE_MODEL"]) } else { env.without(&OVERRIDES) };
    let usual = Settings { model: None, ..usual.clone() };
    let is_found = own.is_at_usual() && matches!(resolve(&usual, &env), Err(Error::NotConfigured { .. }));
    if is_found && let Some(server) = find_local(candidates).await.first() {
        return server.chosen(&settings);
    }
    choose(&settings, &env, &[]).await
}

/// Chooses a provider. May run the user's key command and wait up to 10 seconds for it, so call it where blocking is fine.
///
/// `HUNKWISE_PROTOCOL`, `HUNKWISE_BASE_URL`, `HUNKWISE_MODEL` and `HUNKWISE_API_KEY` override settings; where they lead to
/// another host, the key and the headers of the settings stay behind. Fails with [`Error::NotConfigured`] when neither
/// settings nor environment say whom to ask.
pub fn resolve(settings: &Settings, env: &Env) -> Result<Chosen, Error> {
    let (settings, override_key) = overridden(settings, env)?;
    let has_own_key = override_key.is_some() || settings.has_key_setting();
    let Some(target) = target(&settings, env, override_key.as_ref(), has_own_key) else {
        return Err(nothing_found(&settings));
    };
    let url = base_url(&target.base_url).map_err(|error| match error {
        Error::BadSetting { why, .. } => Error::BadSetting { key: target.named_by.clone(), why },
        other => other,
    })?;
    let key = match override_key {
        Some(key) => Some((key, KeySource::Env(OVERRIDE_KEY.to_owned()))),
        None => read_key(&settings, env)?,
    };
    let vendor_key = || {
        let vendor = target.vendor?;
        let key = Key::new(env.get(vendor.key_env)?)?;
        Some((key, KeySource::Env(vendor.key_env.to_owned())))
    };
    let key = key.or_else(vendor_key);
    if key.is_none()
        && !has_key_header(&settings)
        && !is_loopback(&url)
        && let Some(vendor) = target.vendor
    {
        let why = format!(
            "there is no key for {}; set {} or name where the key is",
            host_label(&url),
            vendor.key_env
        );
        return Err(Error::BadSetting { key: "api_key_env".to_owned(), why });
    }
    let model = model(&settings, env, &target, &url)?;
    chosen(target.protocol, &target.base_url, model, key, settings)
}

/// Whether [`resolve`] would run the user's key command or ask the keyring, so that it may take long.
pub fn needs_process(settings: &Settings, env: &Env) -> bool {
    let asks = |settings: &Settings| settings.api_key_command.is_some() || settings.api_key_keyring.is_some();
    overridden(settings, env).is_ok_and(|(settings, key)| key.is_none() && asks(&settings))
}

/// The variables that win over settings.
const OVERRIDES: [&str; 4] = ["HUNKWISE_PROTOCOL", OVERRIDE_BASE_URL, "HUNKWISE_MODEL", OVERRIDE_KEY];

/// The variable whose key wins over all others.
const OVERRIDE_KEY: &str = "HUNKWISE_API_KEY";

/// The variable whose address wins over all others.
pub(crate) const OVERRIDE_BASE_URL: &str = "HUNKWISE_BASE_URL";

/// Where a call goes.
struct Target {
    protocol: Protocol,
    base_url: String,
    /// The setting or variable that holds the address.
    named_by: String,
    /// Whose address it is, or whose variables led to it.
    vendor: Option<&'static Vendor>,
}

fn chosen(
    protocol: Protocol,
    base_url: &str,
    model: String,
    key: Option<(Key, KeySource)>,
    settings: Settings,
) -> Result<Chosen, Error> {
    let url = call_url(base_url, protocol, &model)?;
    let (key, key_source) = key.map_or((None, KeySource::None), |(key, source)| (Some(key), source));
    let identity = Identity {
        via: Via::Http(protocol),
        model,
        endpoint: host_label(&url),
        key_source,
        max_output_tokens: settings.max_output_tokens,
        context_tokens: settings.context_tokens,
    };
    Ok(Chosen { identity, protocol, url, base_url: base_url.to_owned(), key, settings })
}

/// The settings with the `HUNKWISE_*` variables put in, and the key among these.
fn overridden(settings: &Settings, env: &Env) -> Result<(Settings, Option<Key>), Error> {
    let mut merged = settings.clone();
    if let Some(name) = env.get("HUNKWISE_PROTOCOL") {
        let names = Protocol::ALL.map(Protocol::name).join(", ");
        let shown = if may_be_key(name) { "it".to_owned() } else { format!("`{name}`") };
        let why = format!("{shown} is no protocol; there are {names}");
        let bad = Error::BadSetting { key: "HUNKWISE_PROTOCOL".to_owned(), why };
        merged.protocol = Some(Protocol::from_name(name).ok_or(bad)?);
    }
    if let Some(base_url) = env.get(OVERRIDE_BASE_URL) {
        merged.base_url = Some(base_url.to_owned());
    }
    if let Some(model) = env.get("HUNKWISE_MODEL") {
        merged.model = Some(model.to_owned());
    }
    let key = match env.get(OVERRIDE_KEY) {
        None => None,
        Some(text) => {
            let why =
                "it is no key: it holds white space or characters that a header cannot carry".to_owned();
            Some(Key::new(text).ok_or(Error::BadSetting { key: OVERRIDE_KEY.to_owned(), why })?)
        }
    };
    let host = |settings: &Settings| {
        let target = target(settings, env, None, settings.has_key_setting())?;
        Some(host_label(&base_url(&target.base_url).ok()?))
    };
    if host(&merged) != host(settings) {
        merged.api_key_env = None;
        merged.api_key_command = None;
        merged.api_key_file = None;
        merged.api_key_keyring = None;
        merged.auth_header = None;
        merged.headers.clear();
    }
    Ok((merged, key))
}

fn target(settings: &Settings, env: &Env, key: Option<&Key>, has_own_key: bool) -> Option<Target> {
    if let Some(base_url) = &settings.base_url {
        let vendor = vendor::of_address(base_url);
        let protocol = settings.protocol.unwrap_or_else(|| vendor::protocol_of(base_url));
        let is_override = env.get(OVERRIDE_BASE_URL) == Some(base_url);
        let named_by = if is_override { OVERRIDE_BASE_URL } else { BASE_URL }.to_owned();
        return Some(Target { protocol, base_url: base_url.clone(), named_by, vendor });
    }
    let suits = |vendor: &&Vendor| {
        let has_address = !vendor.has_no_address() || env.get(vendor.base_url_env).is_some();
        vendor.speaks(settings.protocol) && has_address
    };
    let has_model = |vendor: &&Vendor| settings.model.as_deref().is_some_and(|model| vendor.has_model(model));
    let candidates = || VENDORS.iter().filter(suits);
    let vendor = if has_own_key {
        key.and_then(|key| candidates().find(|vendor| vendor.has_key_like(key.expose())))
            .or_else(|| candidates().find(has_model))
            .or_else(|| candidates().next())
    } else {
        let found = || {
            candidates().filter(|vendor| env.get(vendor.key_env).or(env.get(vendor.base_url_env)).is_some())
        };
        found().find(has_model).or_else(|| found().next())
    }?;
    let (protocol, usual) = vendor.base(settings.protocol)?;
    let base_url = env.get(vendor.base_url_env).unwrap_or(usual).to_owned();
    let named_by = vendor.base_url_env.to_owned();
    Some(Target { protocol, base_url, named_by, vendor: Some(vendor) })
}

fn model(settings: &Settings, env: &Env, target: &Target, url: &Url) -> Result<String, Error> {
    if let Some(model) = &settings.model {
        return Ok(model.clone());
    }
    let from_vendor = target.vendor.and_then(|vendor| {
        let has_usual = vendor.is_at(url) || target.protocol == Protocol::AnthropicMessages;
        env.get(vendor.model_env).or((has_usual && !vendor.model.is_empty()).then_some(vendor.model))
    });
    from_vendor.map(str::to_owned).ok_or_else(|| {
        let why = format!("no model is named for {}; set `model` or HUNKWISE_MODEL", host_label(url));
        Error::BadSetting { key: "model".to_owned(), why }
    })
}

/// Headers that providers read a key from.
const KEY_HEADERS: [&str; 4] = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

fn has_key_header(settings: &Settings) -> bool {
    let carries_key = |name: &String| KEY_HEADERS.contains(&name.to_lowercase().as_str());
    settings.headers.keys().any(carries_key)
}

fn nothing_found(settings: &Settings) -> Error {
    let suits = |vendor: &&Vendor| vendor.speaks(settings.protocol);
    let variables: Vec<&str> = VENDORS.iter().filter(suits).map(|vendor| vendor.key_env).collect();
    let variables = variables.join(", ");
    if settings.protocol.is_some() || settings.model.is_some() {
        let why = format!("no key was found in the environment ({variables}), and no `base_url` is set");
        return Error::BadSetting { key: "api_key_env".to_owned(), why };
    }
    Error::NotConfigured {
        why: format!("there is no provider in the settings and no key in the environment ({variables})"),
        todo: "Run `hunkwise init`, set one of these variables, or start a local server".to_owned(),
    }
}
