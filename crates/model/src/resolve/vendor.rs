//! Providers that are known by name: the variables other tools use for them, their address and a usual model.
//!
//! Order is preference: the first one whose key is found is asked.

use reqwest::Url;

use crate::protocol::Protocol;

/// A provider known by name.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) protocol: Protocol,
    pub(super) key_env: &'static str,
    pub(super) base_url_env: &'static str,
    pub(super) model_env: &'static str,
    pub(super) base_url: &'static str,
    /// Asked when nothing names another.
    pub(super) model: &'static str,
    /// How names of its models begin; empty where any name may come.
    model_prefixes: &'static [&'static str],
    /// How its keys begin; empty where that tells nothing.
    key_prefix: &'static str,
}

pub(super) static VENDORS: [Vendor; 8] = [
    Vendor {
        protocol: Protocol::AnthropicMessages,
        key_env: "ANTHROPIC_API_KEY",
        base_url_env: "ANTHROPIC_BASE_URL",
        model_env: "ANTHROPIC_MODEL",
        base_url: "https://api.anthropic.com",
        model: "claude-sonnet-5",
        model_prefixes: &["claude"],
        key_prefix: "sk-ant-",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "OPENAI_API_KEY",
        base_url_env: "OPENAI_BASE_URL",
        model_env: "OPENAI_MODEL",
        base_url: "https://api.openai.com",
        model: "gpt-5.4",
        model_prefixes: &["gpt-", "o1", "o3", "o4"],
        key_prefix: "sk-proj-",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "OPENROUTER_API_KEY",
        base_url_env: "OPENROUTER_BASE_URL",
        model_env: "OPENROUTER_MODEL",
        base_url: "https://openrouter.ai/api/v1",
        model: "anthropic/claude-sonnet-5",
        model_prefixes: &["anthropic/", "openai/", "google/", "meta-llama/", "qwen/"],
        key_prefix: "sk-or-",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "GEMINI_API_KEY",
        base_url_env: "GEMINI_BASE_URL",
        model_env: "GEMINI_MODEL",
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        model: "gemini-2.5-pro",
        model_prefixes: &["gemini"],
        key_prefix: "AIza",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "MISTRAL_API_KEY",
        base_url_env: "MISTRAL_BASE_URL",
        model_env: "MISTRAL_MODEL",
        base_url: "https://api.mistral.ai",
        model: "mistral-medium-latest",
        model_prefixes: &["mistral", "codestral", "devstral", "magistral", "ministral"],
        key_prefix: "",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "DEEPSEEK_API_KEY",
        base_url_env: "DEEPSEEK_BASE_URL",
        model_env: "DEEPSEEK_MODEL",
        base_url: "https://api.deepseek.com",
        model: "deepseek-v4-flash",
        model_prefixes: &["deepseek"],
        key_prefix: "",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "XAI_API_KEY",
        base_url_env: "XAI_BASE_URL",
        model_env: "XAI_MODEL",
        base_url: "https://api.x.ai",
        model: "grok-4.5",
        model_prefixes: &["grok"],
        key_prefix: "xai-",
    },
    Vendor {
        protocol: Protocol::OpenaiChat,
        key_env: "GROQ_API_KEY",
        base_url_env: "GROQ_BASE_URL",
        model_env: "GROQ_MODEL",
        base_url: "https://api.groq.com/openai/v1",
        model: "openai/gpt-oss-120b",
        model_prefixes: &["llama-"],
        key_prefix: "gsk_",
    },
];

impl Vendor {
    pub(super) fn has_model(&self, model: &str) -> bool {
        self.model_prefixes.iter().any(|prefix| model.starts_with(prefix))
    }

    pub(super) fn has_key_like(&self, key: &str) -> bool {
        !self.key_prefix.is_empty() && key.starts_with(self.key_prefix)
    }

    /// Whether an address is this vendor's own.
    pub(super) fn is_at(&self, url: &Url) -> bool {
        Url::parse(self.base_url).is_ok_and(|own| own.origin() == url.origin())
    }
}

/// Whose address this is, if one of the known ones.
pub(super) fn of_address(base_url: &str) -> Option<&'static Vendor> {
    let url = Url::parse(base_url.trim()).ok()?;
    VENDORS.iter().find(|vendor| vendor.is_at(&url))
}
