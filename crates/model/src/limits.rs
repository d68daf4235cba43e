//! How much a model takes and what it costs: what the user says, what the server says, what the catalogue says, in this
//! order.
//!
//! Must never fail: where nobody says anything, little is assumed and it is told so.

use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use crate::catalog::{Price, model_facts};
use crate::endpoint::{is_loopback, models_url};
use crate::event::{Dollars, Usage};
use crate::protocol::Protocol;
use crate::resolve::Chosen;

/// The context of a model of which nothing is known: what every model in use takes.
pub const ASSUMED_CONTEXT_TOKENS: u64 = 8_192;

/// A question beside the work: without an answer in time the catalogue has to do.
pub(crate) const ASK_LIMIT: Duration = Duration::from_secs(3);

/// Who says how large the context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitSource {
    /// The user's settings.
    Settings,
    /// The server.
    Server,
    /// The catalogue.
    Catalog,
    /// Nobody: it is assumed to be small.
    Assumed,
}

/// How much a model takes and what it costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Tokens of prompt and answer together.
    pub context_tokens: u64,
    /// Who says so.
    pub source: LimitSource,
    /// Tokens a prompt may have, where that is less than the context.
    pub input_tokens: Option<u64>,
    /// Most tokens of an answer, where it is known.
    pub output_tokens: Option<u64>,
    /// What it costs, where it is known. A server on this machine costs nothing that is known here.
    pub price: Option<Price>,
}

impl Limits {
    /// What the user should know of the context: `None` when somebody says how large it is.
    pub fn notice(&self, model: &str) -> Option<String> {
        (self.source == LimitSource::Assumed).then(|| {
            format!(
                "nothing is known of the context of `{model}`; {} tokens are assumed. Set `provider.context_tokens` to what it takes",
                self.context_tokens
            )
        })
    }

    /// What an answer cost: what the provider charges, else by the price.
    pub fn cost(&self, usage: &Usage) -> Option<Dollars> {
        usage.cost.or_else(|| self.price?.of(usage))
    }
}

/// What a server says of a model; `None` where it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ServerLimits {
    /// Tokens of prompt and answer together.
    pub context_tokens: Option<u64>,
    /// Most tokens of an answer.
    pub output_tokens: Option<u64>,
}

impl Chosen {
    /// The limits of the chosen model, given what the server said.
    pub fn limits(&self, server: ServerLimits) -> Limits {
        let facts = model_facts(&self.identity.model, &self.identity.endpoint).unwrap_or_default();
        let settings = &self.settings;
        let sources = [
            (settings.context_tokens, LimitSource::Settings),
            (server.context_tokens, LimitSource::Server),
            (facts.context_tokens, LimitSource::Catalog),
        ];
        let said =
            sources.into_iter().find_map(|(tokens, source)| Some((tokens.filter(|n| *n > 0)?, source)));
        let (context_tokens, source) = said.unwrap_or((ASSUMED_CONTEXT_TOKENS, LimitSource::Assumed));
        Limits {
            context_tokens,
            source,
            // Only the catalogue tells them apart, and only of the context that it names.
            input_tokens: facts.input_tokens.filter(|_| source == LimitSource::Catalog),
            // No setting makes a server give more than it says it can.
            output_tokens: match (settings.max_output_tokens.map(u64::from), server.output_tokens) {
                (Some(wanted), Some(most)) => Some(wanted.min(most)),
                (wanted, most) => wanted.or(most).or(facts.output_tokens),
            },
            price: settings.price.or_else(|| facts.price.filter(|_| !is_loopback(&self.url))),
        }
    }

    /// Where the server says what its model takes; `None` where the protocol has no such place.
    pub(crate) fn limits_url(&self) -> Option<Url> {
        match self.protocol {
            Protocol::AnthropicMessages | Protocol::OpenaiChat | Protocol::OpenaiResponses => {
                models_url(&self.base_url).ok()
            }
            Protocol::Gemini => {
                let mut url = self.url.clone();
                let path = url.path().strip_suffix(":streamGenerateContent")?.to_owned();
                url.set_path(&path);
                url.set_query(None);
                Some(url)
            }
            // It takes what it is asked to take, up to what the model was made for.
            Protocol::Ollama => {
                let mut url = self.url.clone();
                let root = url.path().strip_suffix("/api/chat")?.to_owned();
                url.set_path(&format!("{root}/api/show"));
                Some(url)
            }
        }
    }
}

/// What a list of models, or the description of one, says of `model`.
pub(crate) fn said_of(model: &str, answer: &Value) -> ServerLimits {
    let list = ["data", "models"].iter().find_map(|name| answer.get(name)?.as_array());
    let entry = match list {
        Some(list) => list.iter().find(|entry| entry.get("id").and_then(Value::as_str) == Some(model)),
        None => Some(answer),
    };
    let Some(entry) = entry else { return ServerLimits::default() };
    if let Some(info) = entry.get("model_info").and_then(Value::as_object) {
        // Ollama: `llama.context_length`, by the model's architecture.
        let mut said = info.iter().filter(|(name, _)| name.ends_with(".context_length"));
        let context_tokens = said.find_map(|(_, value)| value.as_u64()).filter(|n| *n > 0);
        return ServerLimits { context_tokens, output_tokens: None };
    }
    let first = |pointers: &[&str]| {
        pointers.iter().find_map(|pointer| entry.pointer(pointer)?.as_u64()).filter(|n| *n > 0)
    };
    ServerLimits {
        // LM Studio, vLLM, OpenRouter, Mistral, Groq, Gemini, Anthropic, llama.cpp. The context that a server was started
        // with comes before the one that the model was made for.
        context_tokens: first(&[
            "/loaded_context_length",
            "/max_model_len",
            "/context_length",
            "/max_context_length",
            "/context_window",
            "/inputTokenLimit",
            "/max_input_tokens",
            "/meta/n_ctx",
        ]),
        output_tokens: first(&[
            "/top_provider/max_completion_tokens",
            "/max_completion_tokens",
            "/outputTokenLimit",
            "/max_output_tokens",
            "/max_tokens",
        ]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(answer: Value, context_tokens: Option<u64>, output_tokens: Option<u64>) {
        assert_eq!(said_of("m", &answer), ServerLimits { context_tokens, output_tokens });
    }

    #[test]
    fn servers_say_it_in_words_of_their_own() {
        let listed = |entry: Value| json!({ "data": [{ "id": "other", "context_length": 1 }, entry] });
        check(listed(json!({ "id": "m", "max_model_len": 32_768 })), Some(32_768), None);
        check(
            listed(json!({ "id": "m", "context_length": 9, "top_provider": { "max_completion_tokens": 4 } })),
            Some(9),
            Some(4),
        );
        check(
            listed(json!({ "id": "m", "max_context_length": 100, "loaded_context_length": 50 })),
            Some(50),
            None,
        );
        check(
            listed(json!({ "id": "m", "context_window": 8, "max_completion_tokens": 2 })),
            Some(8),
            Some(2),
        );
        check(listed(json!({ "id": "n", "context_window": 8 })), None, None);
        check(json!({ "name": "models/m", "inputTokenLimit": 7, "outputTokenLimit": 3 }), Some(7), Some(3));
        check(json!({ "model_info": { "general.size": 1, "llama.context_length": 8 } }), Some(8), None);
        check(json!({ "error": "no" }), None, None);
        check(json!([1]), None, None);
    }
}
