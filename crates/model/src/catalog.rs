//! What is known of models: limits, prices, what they take. Data of models.dev, in `data/catalog.json`.
//!
//! Must never be believed over what the user or the server says.

mod price;
mod tokens;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use price::Price;
pub use tokens::{TokenFactor, token_factor};

use price::PerMillion;

/// What is known of a model; `None` where nothing is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ModelFacts {
    /// Tokens the model can take in all.
    pub context_tokens: Option<u64>,
    /// Tokens a prompt may have, where that is less.
    pub input_tokens: Option<u64>,
    /// Most tokens of an answer.
    pub output_tokens: Option<u64>,
    /// What it costs at its own provider.
    pub price: Option<Price>,
    /// Whether it reasons before it answers.
    pub reasons: Option<bool>,
    /// Whether it takes a temperature.
    pub takes_temperature: Option<bool>,
}

/// What is known of a model asked for at a host. A name that its provider knows with a date or a variant behind it is
/// found without them; behind a gateway the name alone counts. `None` when nothing is known.
pub fn model_facts(model: &str, host: &str) -> Option<ModelFacts> {
    let at_home = HOSTS.iter().find(|(end, _)| host == *end || host.ends_with(&format!(".{end}")));
    let vendors: Vec<&str> = at_home.map(|(_, vendor)| *vendor).into_iter().chain(VENDORS).collect();
    let name = model.strip_prefix("models/").unwrap_or(model).to_lowercase();
    let mut names = vec![name.as_str()];
    names.extend(without_variant(&name));
    for name in &names {
        if let Some(entry) = CATALOG.get(*name) {
            return Some(entry.facts());
        }
        let bare = name.rsplit('/').next().unwrap_or(name);
        for candidate in [*name, bare] {
            let found = vendors.iter().find_map(|vendor| CATALOG.get(&format!("{vendor}/{candidate}")));
            if let Some(entry) = found {
                return Some(entry.facts());
            }
        }
    }
    None
}

/// The vendors of the catalogue by the end of their hosts' names.
const HOSTS: [(&str, &str); 9] = [
    ("anthropic.com", "anthropic"),
    ("openai.com", "openai"),
    ("googleapis.com", "google"),
    ("mistral.ai", "mistral"),
    ("deepseek.com", "deepseek"),
    ("x.ai", "xai"),
    ("groq.com", "groq"),
    ("cohere.com", "cohere"),
    ("z.ai", "zai"),
];

/// In which order vendors are looked through for a name alone: those whose own models they are before those who host them.
const VENDORS: [&str; 9] =
    ["anthropic", "openai", "google", "mistral", "deepseek", "xai", "cohere", "zai", "groq"];

/// The name without what follows a colon or an at sign, and without a date.
fn without_variant(name: &str) -> impl Iterator<Item = &str> {
    let plain = name.split([':', '@']).next().unwrap_or(name);
    [Some(plain), undated(plain)].into_iter().flatten()
}

/// The name without a date at its end: `-20250929`, `-2025-09-29`.
fn undated(name: &str) -> Option<&str> {
    let is_number =
        |text: &str, len: usize| text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    let (rest, last) = name.rsplit_once('-')?;
    if is_number(last, 8) {
        return Some(rest);
    }
    let (rest, month) = rest.rsplit_once('-')?;
    let (rest, year) = rest.rsplit_once('-')?;
    (is_number(last, 2) && is_number(month, 2) && is_number(year, 4)).then_some(rest)
}

/// An entry as the file has it.
#[derive(Debug, Deserialize)]
struct Entry {
    context: Option<u64>,
    input: Option<u64>,
    output: Option<u64>,
    #[serde(flatten)]
    price: PerMillion,
    reasoning: Option<bool>,
    temperature: Option<bool>,
}

impl Entry {
    fn facts(&self) -> ModelFacts {
        // Zero stands for unknown in the source.
        let some = |n: Option<u64>| n.filter(|n| *n > 0);
        ModelFacts {
            context_tokens: some(self.context),
            input_tokens: some(self.input),
            output_tokens: some(self.output),
            price: self.price.price(),
            reasons: self.reasoning,
            takes_temperature: self.temperature,
        }
    }
}

#[derive(Debug, Deserialize)]
struct File {
    models: BTreeMap<String, Entry>,
}

/// Empty when the file cannot be read, which a test rules out.
static CATALOG: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let file = serde_json::from_str::<File>(include_str!("../data/catalog.json"));
    file.map(|file| file.models).unwrap_or_default()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read() {
        assert!(CATALOG.len() > 200, "{} models", CATALOG.len());
        let n_priced = CATALOG.values().filter(|entry| entry.facts().price.is_some()).count();
        assert!(n_priced > 150, "{n_priced} prices");
    }

    #[test]
    fn a_model_is_found_by_the_names_it_goes_by() {
        let context =
            |model: &str, host: &str| model_facts(model, host).and_then(|facts| facts.context_tokens);
        assert_eq!(context("claude-sonnet-4-5", "api.anthropic.com"), Some(200_000));
        assert_eq!(context("claude-sonnet-4-5-20250929", "api.anthropic.com"), Some(200_000));
        assert_eq!(context("claude-sonnet-4-5-20990101", "api.anthropic.com"), Some(200_000));
        assert_eq!(context("anthropic/claude-sonnet-4-5:beta", "openrouter.ai"), Some(200_000));
        assert_eq!(context("gpt-4o-2099-01-01", "api.openai.com"), Some(128_000));
        assert_eq!(context("gpt-4o", "gateway.test:8080"), Some(128_000));
        assert_eq!(context("models/gemini-2.5-pro", "generativelanguage.googleapis.com"), Some(1_048_576));
        assert_eq!(context("my-own-model", "localhost:8080"), None);
        assert_eq!(context("", ""), None);
    }
}
