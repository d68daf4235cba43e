//! From settings to a provider: at once where that needs no process and no network, else in the background.

use crate::config::Config;

use super::ProviderResult;

/// The provider that settings and environment name, if it can be told at once; none if a key command must run or local
/// servers have to be looked for.
pub fn provider_now(config: &Config) -> Option<ProviderResult> {
    let env = model::Env::from_process();
    if model::needs_process(&config.provider, &env) {
        return None;
    }
    match model::resolve(&config.provider, &env) {
        Ok(chosen) => Some(model::provider(chosen)),
        Err(model::Error::NotConfigured { .. }) => None,
        Err(error) => Some(Err(error)),
    }
}

/// The provider that settings and environment name, or a local server; takes up to the key command's limit.
pub async fn find_provider(config: &Config) -> ProviderResult {
    let env = model::Env::from_process();
    model::choose(&config.provider, &env, &model::local_candidates()).await.and_then(model::provider)
}

/// A named model, given the settings of the usual one; takes up to the key command's limit.
pub(super) async fn find_named(own: &model::Settings, usual: &model::Settings) -> ProviderResult {
    let env = model::Env::from_process();
    model::choose_named(own, usual, &env, &model::local_candidates()).await.and_then(model::provider)
}
