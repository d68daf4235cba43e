//! The provider for the terminal's commands.

use session::config::Config;
use session::driver::{self, ProviderResult};

/// The provider that settings, environment or a local server give.
pub(crate) async fn connect(config: &Config) -> ProviderResult {
    match driver::provider_now(config, &None) {
        Some(provider) => provider,
        None => driver::find_provider(config).await,
    }
}
