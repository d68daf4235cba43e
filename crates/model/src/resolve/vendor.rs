//! Providers that are known by name: the variables other tools use for them, their addresses and a usual model.
//!
//! Order is preference: the first one whose key is found is asked.

use reqwest::Url;

use crate::protocol::Protocol;

/// A provider known by name.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) key_env: &'static str,
    pub(super) base_url_env: &'static str,
    pub(super) model_env: &'static str,
    /// Its addresses by protocol, the usual one first. One without an address has an address for every customer.
    bases: &'static [(Protocol, &'static str)],
    /// Asked when nothing names another; empty where there is no usual one.
    pub(super) model: &'static str,
    /// How names of its models begin; empty where any name may come.
    model_prefixes: &'static [&'static str],
    /// How its keys begin; empty where that tells nothing.
    key_prefix: &'static str,
}

pub(super) static VENDORS: [Vendor; 10] = [
    Vendor {
        key_env: "ANTHROPIC_API_KEY",
        base_url_env: "ANTHROPIC_BASE_URL",
        model_env: "ANTHROPIC_MODEL",
        bases: &[(Protocol::AnthropicMessages, "https://api.anthropic.com")],
        model: "claude-sonnet-5",
        model_prefixes: &["claude"],
        key_prefix: "sk-ant-",
    },
    Vendor {
        key_env: "OPENAI_API_KEY",
        base_url_env: "OPENAI_BASE_URL",
        model_env: "OPENAI_MODEL",
        bases: &[
            (Protocol::OpenaiChat, "https://api.openai.com"),
            (Protocol::OpenaiResponses, "https://api.openai.com"),
        ],
        model: "gpt-5.4",
        model_prefixes: &["gpt-", "o1", "o3", "o4"],
        key_prefix: "sk-proj-",
    },
    Vendor {
        key_env: "OPENROUTER_API_KEY",
        base_url_env: "OPENROUTER_BASE_URL",
        model_env: "OPENROUTER_MODEL",
        bases: &[
            (Protocol::OpenaiChat, "https://openrouter.ai/api/v1"),
            (Protocol::OpenaiResponses, "https://openrouter.ai/api/v1"),
            (Protocol::AnthropicMessages, "https://openrouter.ai/api/v1"),
        ],
        model: "anthropic/claude-sonnet-5",
        model_prefixes: &["anthropic/", "openai/", "google/", "meta-llama/", "qwen/"],
        key_prefix: "sk-or-",
    },
    Vendor {
        key_env: "GEMINI_API_KEY",
        base_url_env: "GEMINI_BASE_URL",
        model_env: "GEMINI_MODEL",
        bases: &[
            (Protocol::Gemini, "https://generativelanguage.googleapis.com"),
            (Protocol::OpenaiChat, "https://generativelanguage.googleapis.com/v1beta/openai"),
        ],
        model: "gemini-2.5-pro",
        model_prefixes: &["gemini"],
        key_prefix: "AIza",
    },
    Vendor {
        key_env: "MISTRAL_API_KEY",
        base_url_env: "MISTRAL_BASE_URL",
        model_env: "MISTRAL_MODEL",
        bases: &[(Protocol::OpenaiChat, "https://api.mistral.ai")],
        model: "mistral-medium-latest",
        model_prefixes: &["mistral", "codestral", "devstral", "magistral", "ministral"],
        key_prefix: "",
    },
    Vendor {
        key_env: "DEEPSEEK_API_KEY",
        base_url_env: "DEEPSEEK_BASE_URL",
        model_env: "DEEPSEEK_MODEL",
        bases: &[
            (Protocol::OpenaiChat, "https://api.deepseek.com"),
            (Protocol::AnthropicMessages, "https://api.deepseek.com/anthropic"),
        ],
        model: "deepseek-v4-flash",
        model_prefixes: &["deepseek"],
        key_prefix: "",
    },
    Vendor {
        key_env: "XAI_API_KEY",
        base_url_env: "XAI_BASE_URL",
        model_env: "XAI_MODEL",
        bases: &[(Protocol::OpenaiChat, "https://api.x.ai"), (Protocol::OpenaiResponses, "https://api.x.ai")],
        model: "grok-4.5",
        model_prefixes: &["grok"],
        key_prefix: "xai-",
    },
    Vendor {
        key_env: "GROQ_API_KEY",
        base_url_env: "GROQ_BASE_URL",
        model_env: "GROQ_MODEL",
        bases: &[
            (Protocol::OpenaiChat, "https://api.groq.com/openai/v1"),
            (Protocol::OpenaiResponses, "https://api.groq.com/openai/v1"),
        ],
        model: "openai/gpt-oss-120b",
        model_prefixes: &["llama-"],
        key_prefix: "gsk_",
    },
    Vendor {
        key_env: "AZURE_OPENAI_API_KEY",
        base_url_env: "AZURE_OPENAI_ENDPOINT",
        model_env: "AZURE_OPENAI_DEPLOYMENT",
        bases: &[(Protocol::OpenaiChat, ""), (Protocol::OpenaiResponses, "")],
        model: "",
        model_prefixes: &[],
        key_prefix: "",
    },
    Vendor {
        key_env: "OLLAMA_API_KEY",
        base_url_env: "OLLAMA_BASE_URL",
        model_env: "OLLAMA_MODEL",
        bases: &[(Protocol::Ollama, "https://ollama.com")],
        model: "",
        model_prefixes: &[],
        key_prefix: "",
    },
];

impl Vendor {
    /// Whether it speaks the protocol; any will do when none is named.
    pub(super) fn speaks(&self, protocol: Option<Protocol>) -> bool {
        self.base(protocol).is_some()
    }

    /// The protocol and the address to ask it with, and the address that a variable names in its place.
    pub(super) fn base(&self, protocol: Option<Protocol>) -> Option<(Protocol, &'static str)> {
        self.bases.iter().find(|(own, _)| protocol.is_none_or(|protocol| protocol == *own)).copied()
    }

    /// Whether every customer has an address of their own.
    pub(super) fn has_no_address(&self) -> bool {
        self.bases.iter().all(|(_, base)| base.is_empty())
    }

    pub(super) fn has_model(&self, model: &str) -> bool {
        self.model_prefixes.iter().any(|prefix| model.starts_with(prefix))
    }

    pub(super) fn has_key_like(&self, key: &str) -> bool {
        !self.key_prefix.is_empty() && key.starts_with(self.key_prefix)
    }

    /// Whether an address is this vendor's own.
    pub(super) fn is_at(&self, url: &Url) -> bool {
        let is_own = |base: &str| Url::parse(base).is_ok_and(|own| own.origin() == url.origin());
        self.bases.iter().any(|(_, base)| is_own(base)) || self.key_env.starts_with("AZURE") && is_azure(url)
    }

    /// The protocol of an address of this vendor: the one whose path it begins with, at best a path of its own.
    fn protocol_at(&self, url: &Url) -> Option<Protocol> {
        let path_of = |base: &str| {
            Url::parse(base).map_or_else(|_| String::new(), |own| own.path().trim_matches('/').to_owned())
        };
        let path = url.path().trim_matches('/');
        let begins = |own: &str| {
            path.strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || own.is_empty() || rest.starts_with('/'))
        };
        let fitting = self.bases.iter().filter(|(_, base)| begins(&path_of(base)));
        // Of those that are equally long the usual one, which comes first.
        fitting
            .rev()
            .max_by_key(|(_, base)| path_of(base).len())
            .or(self.bases.first())
            .map(|(protocol, _)| *protocol)
    }
}

/// Whether an address is one of Azure's for models.
pub(crate) fn is_azure(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"]
        .iter()
        .any(|end| host.ends_with(end))
}

/// Whose address this is, if one of the known ones.
pub(super) fn of_address(base_url: &str) -> Option<&'static Vendor> {
    let url = Url::parse(base_url.trim()).ok()?;
    VENDORS.iter().find(|vendor| vendor.is_at(&url))
}

/// The protocol that is meant by an address when settings name none.
pub(super) fn protocol_of(base_url: &str) -> Protocol {
    let Ok(url) = Url::parse(base_url.trim()) else { return Protocol::OpenaiChat };
    let path = url.path().trim_end_matches('/');
    for (end, protocol) in [
        ("/messages", Protocol::AnthropicMessages),
        ("/chat/completions", Protocol::OpenaiChat),
        ("/responses", Protocol::OpenaiResponses),
        ("/api/chat", Protocol::Ollama),
        (":streamGenerateContent", Protocol::Gemini),
        ("/publishers/google", Protocol::Gemini),
    ] {
        if path.ends_with(end) {
            return protocol;
        }
    }
    if let Some(vendor) = VENDORS.iter().find(|vendor| vendor.is_at(&url)) {
        return vendor.protocol_at(&url).unwrap_or(Protocol::OpenaiChat);
    }
    if base_url.contains("anthropic") {
        return Protocol::AnthropicMessages;
    }
    // Ollama's usual port. Its other protocol cuts prompts, so it is only spoken where it is asked for.
    if url.port() == Some(OLLAMA_PORT) && matches!(path, "" | "/api") {
        return Protocol::Ollama;
    }
    Protocol::OpenaiChat
}

/// Where Ollama listens.
pub(crate) const OLLAMA_PORT: u16 = 11_434;
