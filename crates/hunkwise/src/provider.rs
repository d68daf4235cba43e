//! The provider for the terminal's commands.

use std::time::{SystemTime, UNIX_EPOCH};

use model::{Provider, TestCall};
use session::config::Config;
use session::driver::{self, ProviderResult};

use crate::out;

/// Asks for one word, and leaves a receipt of that. Fails as any call fails.
pub(crate) async fn test(provider: &dyn Provider) -> Result<TestCall, model::Error> {
    let outcome = model::test_call(provider).await;
    if let Some(state_dir) = store::state_dir()
        && let Err(error) = store::keep_receipt(&state_dir, &receipt(provider, &outcome))
    {
        out::note(&format!("the receipt of the test call was not kept: {error}"));
    }
    outcome
}

fn receipt(provider: &dyn Provider, outcome: &Result<TestCall, model::Error>) -> store::Receipt {
    let identity = provider.identity();
    let usage = outcome.as_ref().map(|call| call.usage).unwrap_or_default();
    let end = match outcome {
        Ok(_) => "complete",
        Err(model::Error::CutOff { .. }) => "cut",
        Err(error) if error.unavailable().is_some() => "unavailable",
        Err(_) => "error",
    };
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    store::Receipt {
        name: format!("test-{}-{}", since.as_micros(), std::process::id()),
        revision: "test".to_owned(),
        endpoint: identity.endpoint.clone(),
        protocol: identity.via.name().to_owned(),
        model: identity.model.clone(),
        n_hidden: Some(0),
        estimated_tokens: model::TEST_PROMPT_TOKENS,
        input_tokens: usage.input_tokens,
        cached_tokens: usage.cached_input_tokens,
        output_tokens: usage.output_tokens,
        cost: provider.limits(model::ServerLimits::default()).cost(&usage).map(model::Dollars::amount),
        end: end.to_owned(),
        ..store::Receipt::default()
    }
}

/// The provider that settings, environment or a local server give.
pub(crate) async fn connect(config: &Config) -> ProviderResult {
    match driver::provider_now(config, &None) {
        Some(provider) => provider,
        None => driver::find_provider(config).await,
    }
}
