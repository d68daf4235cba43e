//! Servers on this machine that speak chat completions, found by asking the usual ports for their models.
//!
//! Must never ask another machine.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use reqwest::Url;
use serde_json::Value;

use crate::endpoint::{is_loopback, models_url};
use crate::error::Error;
use crate::protocol::Protocol;
use crate::resolve::{Chosen, OLLAMA_PORT};
use crate::settings::Settings;
use crate::transport::local_client;

/// A server on this machine answers a list at once, or it is not there.
const PROBE_LIMIT: Duration = Duration::from_millis(500);

/// A list of models is short; whatever else listens on such a port may send anything.
const MAX_LIST_BYTES: usize = 4 << 20;

/// A place to look for a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What usually listens there.
    pub name: String,
    /// Its address.
    pub base_url: String,
}

/// A server that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// What usually listens there.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// The models it offers for chat; never empty.
    pub models: Vec<String>,
}

/// The usual places: Ollama, LM Studio, llama.cpp, vLLM.
pub fn local_candidates() -> Vec<Candidate> {
    [("Ollama", OLLAMA_PORT), ("LM Studio", 1_234), ("llama.cpp", 8_080), ("vLLM", 8_000)]
        .map(|(name, port)| Candidate { name: name.to_owned(), base_url: format!("http://127.0.0.1:{port}") })
        .into()
}

/// The servers among `candidates` that answer with at least one model, in the order given, within half a second.
/// A candidate that is not on this machine is not asked.
pub async fn find_local(candidates: &[Candidate]) -> Vec<LocalServer> {
    join_all(candidates.iter().map(probe)).await.into_iter().flatten().collect()
}

impl LocalServer {
    /// The server with the model of `settings`, or else its first one. Headers of the settings were not meant for it and
    /// stay behind.
    pub fn chosen(&self, settings: &Settings) -> Result<Chosen, Error> {
        let first = self.models.first().map(String::as_str).unwrap_or_default();
        let model = settings.model.as_deref().unwrap_or(first);
        let settings = Settings { headers: BTreeMap::new(), ..settings.clone() };
        let protocol = settings.protocol.unwrap_or_else(|| self.protocol());
        Chosen::without_key(&self.base_url, protocol, model, settings)
    }
}

impl LocalServer {
    /// Ollama is asked in its own protocol: behind the other it cuts a long prompt and says nothing.
    fn protocol(&self) -> Protocol {
        match Url::parse(&self.base_url).ok().and_then(|url| url.port()) == Some(OLLAMA_PORT) {
            true => Protocol::Ollama,
            false => Protocol::OpenaiChat,
        }
    }
}

async fn probe(candidate: &Candidate) -> Option<LocalServer> {
    let url = models_url(&candidate.base_url).ok().filter(is_loopback)?;
    let models = tokio::time::timeout(PROBE_LIMIT, models(url)).await.ok()??;
    if models.is_empty() {
        return None;
    }
    Some(LocalServer { name: candidate.name.clone(), base_url: candidate.base_url.clone(), models })
}

async fn models(url: Url) -> Option<Vec<String>> {
    let mut response = local_client().ok()?.get(url).send().await.ok()?.error_for_status().ok()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_LIST_BYTES {
            return None;
        }
    }
    let list: Value = serde_json::from_slice(&bytes).ok()?;
    let ids = list.get("data")?.as_array()?.iter().filter_map(|model| model.get("id")?.as_str());
    Some(ids.filter(|id| !id.contains("embed")).map(str::to_owned).collect())
}
