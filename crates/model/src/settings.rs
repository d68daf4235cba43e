//! Settings of the provider as the user's file holds them.
//!
//! Only the user's own configuration may hold these: they say where code is sent and which command prints a key.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::catalog::Price;
use crate::key::without_credentials;
use crate::mistaken::{is_variable_name, may_be_key, shown_path, shown_program};
use crate::protocol::Protocol;

/// Connecting takes one or two round trips and a handshake; more means a firewall that drops packets.
const CONNECT_TIMEOUT_MS: u64 = 10_000;

/// A local server may load a model of many gigabytes, and a reasoning model may think, before the first byte.
const FIRST_BYTE_TIMEOUT_MS: u64 = 300_000;

/// Providers send keep-alives or tokens far more often; reasoning behind chat completions may be silent for minutes.
const IDLE_TIMEOUT_MS: u64 = 180_000;

/// No edit is worth waiting for longer than this, retries included.
const TOTAL_TIMEOUT_MS: u64 = 1_800_000;

/// First pause before a retry when the server names none; doubled each time, shortened at random by up to half.
const RETRY_DELAY_MS: u64 = 1_000;

/// Who is asked and how. Everything may be left out: then the provider is found from the environment.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The wire format: `anthropic-messages`, `openai-chat`, `openai-responses`, `gemini` or `ollama`. Guessed from
    /// `base_url` and `model` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// The address of the API, with or without `/v1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Whether the model is the one that the editor lends, as VS Code does; then no address, key or proxy counts.
    #[serde(skip_serializing_if = "is_false")]
    pub editor: bool,
    /// The model, in the provider's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Name of the environment variable that holds the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_env: Option<String>,
    /// Program and arguments that print the key within 10 seconds; run without a shell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_command: Option<Vec<String>>,
    /// File that holds the key; on Unix only its owner may read it (mode 0600).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_file: Option<PathBuf>,
    /// Name of the entry in the operating system's keyring that holds the key, of the service `hunkwise`; only in a build with
    /// the feature `keyring`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key_keyring: Option<String>,
    /// Header that carries the key: `authorization` puts `Bearer` before it, any other carries the key alone. Chosen by
    /// protocol and address when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_header: Option<String>,
    /// Headers sent besides or in place of the usual ones.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Members added to the request's body, or put in place of the usual ones; objects are joined.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra_body: Map<String, Value>,
    /// Proxy for all calls (`http`, `https`, `socks5`, `socks5h`); the system's settings apply when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// PEM file of certificate authorities trusted besides the operating system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// How long to wait for what.
    #[serde(skip_serializing_if = "Timeouts::is_default")]
    pub timeouts: Timeouts,
    /// Most tokens of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Tokens the model can take in all, when the provider is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u64>,
    /// Where chat completions put the limit of output tokens. Chosen by model and address when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_limit_field: Option<OutputLimitField>,
    /// Whether a temperature is sent. Chosen by model when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_temperature: Option<bool>,
    /// How much the model reasons before it answers; left to the provider when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// What the model costs, when the provider does not say and the catalogue does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Names under `models` that are asked in its place, in this order, while it is overloaded or cannot be reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fallback: Vec<String>,
}

impl Settings {
    /// The settings of a named model, given those of the usual one. One that names no address and no protocol is asked where
    /// the usual one is, with the same key; one that does shares the way into the network alone.
    pub fn beside(&self, usual: &Settings) -> Settings {
        let mut own = self.clone();
        if self.is_at_usual() {
            own.editor = usual.editor;
            own.protocol = usual.protocol;
            own.base_url.clone_from(&usual.base_url);
            own.auth_header = own.auth_header.or_else(|| usual.auth_header.clone());
            let headers = usual.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
            own.headers = headers.chain(own.headers).collect();
            if !own.has_key_setting() {
                own.api_key_env.clone_from(&usual.api_key_env);
                own.api_key_command.clone_from(&usual.api_key_command);
                own.api_key_file.clone_from(&usual.api_key_file);
                own.api_key_keyring.clone_from(&usual.api_key_keyring);
            }
        }
        own.proxy = own.proxy.or_else(|| usual.proxy.clone());
        own.ca_file = own.ca_file.or_else(|| usual.ca_file.clone());
        if own.timeouts.is_default() {
            own.timeouts = usual.timeouts;
        }
        own
    }

    /// Whether a named model is asked where the usual one is.
    pub(crate) fn is_at_usual(&self) -> bool {
        self.protocol.is_none() && self.base_url.is_none() && !self.editor
    }

    pub(crate) fn has_key_setting(&self) -> bool {
        self.api_key_env.is_some()
            || self.api_key_command.is_some()
            || self.api_key_file.is_some()
            || self.api_key_keyring.is_some()
    }
}

fn is_false(is: &bool) -> bool {
    !is
}

/// How much a model reasons before it answers. A provider that has fewer steps gets the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// As little as the model can.
    Minimal,
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
    /// As much as the model can.
    Max,
}

impl Effort {
    /// The word in settings and in OpenAI's formats.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Effort::Minimal => "minimal",
            Effort::Low => "low",
            Effort::Medium => "medium",
            Effort::High => "high",
            Effort::Max => "max",
        }
    }
}

/// The member of a chat completion's body that limits the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputLimitField {
    /// What most servers take.
    MaxTokens,
    /// What the current API of OpenAI takes; its reasoning models take nothing else.
    MaxCompletionTokens,
}

/// How long to wait for what, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect_ms: u64,
    /// From sending until the first byte of the answer.
    pub first_byte_ms: u64,
    /// Between two bytes of the answer.
    pub idle_ms: u64,
    /// For the whole call, retries included.
    pub total_ms: u64,
    /// First pause before a retry when the server names none.
    pub retry_delay_ms: u64,
}

impl Timeouts {
    fn is_default(&self) -> bool {
        *self == Timeouts::default()
    }

    pub(crate) fn connect(&self) -> Duration {
        Duration::from_millis(self.connect_ms)
    }

    pub(crate) fn first_byte(&self) -> Duration {
        Duration::from_millis(self.first_byte_ms)
    }

    pub(crate) fn idle(&self) -> Duration {
        Duration::from_millis(self.idle_ms)
    }

    pub(crate) fn total(&self) -> Duration {
        Duration::from_millis(self.total_ms)
    }

    pub(crate) fn retry_delay(&self) -> Duration {
        Duration::from_millis(self.retry_delay_ms)
    }
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect_ms: CONNECT_TIMEOUT_MS,
            first_byte_ms: FIRST_BYTE_TIMEOUT_MS,
            idle_ms: IDLE_TIMEOUT_MS,
            total_ms: TOTAL_TIMEOUT_MS,
            retry_delay_ms: RETRY_DELAY_MS,
        }
    }
}

/// Values of headers, credentials in addresses, and whatever else may be a key are left out.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("protocol", &self.protocol)
            .field("base_url", &self.base_url.as_deref().map(without_credentials))
            .field("editor", &self.editor)
            .field("model", &self.model)
            .field("api_key_env", &self.api_key_env.as_deref().filter(|name| is_variable_name(name)))
            .field(
                "api_key_command",
                &self
                    .api_key_command
                    .as_ref()
                    .and_then(|argv| argv.first())
                    .map(|program| shown_program(program)),
            )
            .field("api_key_file", &self.api_key_file.as_deref().map(shown_path))
            .field("api_key_keyring", &self.api_key_keyring.as_deref().filter(|name| !may_be_key(name)))
            .field("auth_header", &self.auth_header.as_deref().filter(|name| !may_be_key(name)))
            .field("headers", &self.headers.keys().filter(|name| !may_be_key(name)).collect::<Vec<_>>())
            .field("extra_body", &self.extra_body.keys())
            .field("proxy", &self.proxy.as_deref().map(without_credentials))
            .field("ca_file", &self.ca_file.as_deref().map(shown_path))
            .field("timeouts", &self.timeouts)
            .field("max_output_tokens", &self.max_output_tokens)
            .field("context_tokens", &self.context_tokens)
            .field("output_limit_field", &self.output_limit_field)
            .field("send_temperature", &self.send_temperature)
            .field("effort", &self.effort)
            .field("price", &self.price)
            .field("fallback", &self.fallback)
            .finish()
    }
}
