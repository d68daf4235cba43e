//! From settings to a provider: at once where that needs no process and no network, else in the background.

use std::sync::Arc;

use model::Lender;

use crate::config::Config;

use super::ProviderResult;

/// Whoever lends the editor's model, if the editor does.
pub type LenderOption = Option<Arc<dyn Lender>>;

/// The provider that settings and environment name, if it can be told at once; none if a key command must run or local
/// servers have to be looked for.
pub fn provider_now(config: &Config, lender: &LenderOption) -> Option<ProviderResult> {
    let env = model::Env::from_process();
    if model::is_lent(&config.provider, &env) {
        return Some(lent(&config.provider, lender));
    }
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
pub(super) async fn find_named(
    own: &model::Settings,
    usual: &model::Settings,
    lender: &LenderOption,
) -> ProviderResult {
    let env = model::Env::from_process();
    let settings = own.beside(usual);
    // An address in a variable is that of the usual one.
    let is_lent = if own.editor { settings.editor } else { model::is_lent(&settings, &env) };
    if is_lent {
        return lent(&settings, lender);
    }
    model::choose_named(own, usual, &env, &model::local_candidates()).await.and_then(model::provider)
}

fn lent(settings: &model::Settings, lender: &LenderOption) -> ProviderResult {
    match lender {
        Some(lender) => Ok(model::lent(settings, Arc::clone(lender))),
        None => Err(model::Error::NotConfigured {
            why: "`editor` is set, and nothing here lends a model: a terminal has none, and an editor has to say that it does".to_owned(),
            todo: "Set an address or a key in its place, or run `hunkwise init`".to_owned(),
        }),
    }
}
