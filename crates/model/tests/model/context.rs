//! How much a model takes and what it costs, by who says so.

use model::{Dollars, Env, LimitSource, ServerLimits, Settings, Usage, ask_limits, resolve};

use crate::support::{deserted, serve_bytes};

const NOTHING: ServerLimits = ServerLimits { context_tokens: None, output_tokens: None };

#[track_caller]
fn check(settings: &str, server: ServerLimits, expect: &str) {
    let settings: Settings = toml::from_str(settings).unwrap();
    let limits = resolve(&settings, &Env::from([("OPENAI_API_KEY", "a")])).unwrap().limits(server);
    let usage = Usage { input_tokens: Some(1_000), output_tokens: Some(100), ..Usage::default() };
    let cost = limits.cost(&usage).map_or_else(|| "unknown".to_owned(), |cost| cost.to_string());
    let shown = format!(
        "{} by {:?}, out {:?}, costs {cost}",
        limits.context_tokens, limits.source, limits.output_tokens
    );
    assert_eq!(shown, expect);
    assert_eq!(limits.notice("m").is_some(), limits.source == LimitSource::Assumed);
}

#[test]
fn the_user_comes_before_the_server_and_the_server_before_the_catalogue() {
    let says = ServerLimits { context_tokens: Some(50_000), output_tokens: Some(5_000) };
    check("model = 'gpt-4o'", NOTHING, "128000 by Catalog, out Some(16384), costs $0.0035");
    check("model = 'gpt-4o'", says, "50000 by Server, out Some(5000), costs $0.0035");
    check(
        "model = 'gpt-4o'\ncontext_tokens = 9000\nmax_output_tokens = 7\nprice = { input = 100, output = 200 }",
        says,
        "9000 by Settings, out Some(7), costs $0.12",
    );
    let own = "base_url = 'http://127.0.0.1:9'\nmodel = 'mine'";
    check(own, NOTHING, "8192 by Assumed, out None, costs unknown");
    check(own, says, "50000 by Server, out Some(5000), costs unknown");
    // The same model on this machine costs nothing.
    check(
        "base_url = 'http://127.0.0.1:9'\nmodel = 'gpt-4o'",
        NOTHING,
        "128000 by Catalog, out Some(16384), costs unknown",
    );
}

#[test]
fn what_the_provider_charges_is_the_cost() {
    let settings: Settings = toml::from_str("model = 'gpt-4o'").unwrap();
    let limits = resolve(&settings, &Env::from([("OPENAI_API_KEY", "a")])).unwrap().limits(NOTHING);
    let usage = Usage { input_tokens: Some(1_000), cost: Dollars::new(0.5), ..Usage::default() };
    assert_eq!(limits.cost(&usage), Dollars::new(0.5));
    assert_eq!(limits.cost(&Usage::default()), None);
}

#[tokio::test]
async fn a_server_is_asked_and_may_be_silent() {
    let ask = async |base_url: String| {
        let settings = Settings { base_url: Some(base_url), model: Some("m".into()), ..Settings::default() };
        ask_limits(&resolve(&settings, &Env::default()).unwrap()).await
    };
    let answer = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    };
    let list = r#"{"data":[{"id":"m","max_model_len":4096}]}"#;
    let said = ask(serve_bytes(answer("200 OK", list)).await).await;
    assert_eq!(said, ServerLimits { context_tokens: Some(4_096), output_tokens: None });
    assert_eq!(ask(serve_bytes(answer("200 OK", "<html>")).await).await, NOTHING);
    assert_eq!(ask(serve_bytes(answer("401 No", list)).await).await, NOTHING);
    assert_eq!(ask(deserted()).await, NOTHING);
}
