//! Every class of error, by status and body, over real HTTP; and what a person is told.

use expect_test::{Expect, expect};
use model::recorded::RecordedAnswer;
use model::{Env, Protocol};

use crate::support::{items, serve, settings, stream};

/// Answers every try with this status and body, and shows the error and what a person is told of it.
async fn check(status: u16, body: &str, expect: Expect) {
    let mut seen = Vec::new();
    for protocol in Protocol::ALL {
        let model = serve(vec![RecordedAnswer::status(status, body); 3]).await;
        let mut settings = settings(&model, protocol);
        settings.model = Some("big".into());
        let key = Env::from([("HUNKWISE_API_KEY", "key-123456")]);
        let error = items(stream(&settings, &key)).await.pop().unwrap().unwrap_err();
        let host = model.base_url().replace("http://", "");
        seen.push(format!("{error}\n{}\n", error.user_message()).replace(&host, "HOST"));
    }
    assert_eq!(seen[0], seen[1]);
    expect.assert_eq(&seen[0]);
}

#[tokio::test]
async fn a_refused_key_names_where_it_came_from() {
    let body = r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#;
    check(401, body, expect![[r#"
        HOST refused the key (the environment variable HUNKWISE_API_KEY): invalid x-api-key
        HOST did not accept the key from the environment variable HUNKWISE_API_KEY: invalid x-api-key. Your text is unchanged. Check that key, or run `hunkwise init`
    "#]]).await;
    check(403, r#"{"error":{"message":"no access to this model"}}"#, expect![[r#"
        HOST refused the key (the environment variable HUNKWISE_API_KEY): no access to this model
        HOST did not accept the key from the environment variable HUNKWISE_API_KEY: no access to this model. Your text is unchanged. Check that key, or run `hunkwise init`
    "#]]).await;
    check(
        400,
        r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}]"#,
        expect![[r#"
            HOST refused the key (the environment variable HUNKWISE_API_KEY): API key not valid. Please pass a valid API key.
            HOST did not accept the key from the environment variable HUNKWISE_API_KEY: API key not valid. Please pass a valid API key. Your text is unchanged. Check that key, or run `hunkwise init`
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_unknown_model_is_told_from_other_requests() {
    check(
        404,
        r#"{"error":{"message":"The model `big` does not exist","code":"model_not_found"}}"#,
        expect![[r#"
            HOST does not know the model `big`: The model `big` does not exist
            HOST does not know the model `big`: The model `big` does not exist. Your text is unchanged. Check `provider.model` and `provider.base_url`, or run `hunkwise init`
        "#]],
    )
    .await;
    check(404, "404 page not found\n", expect![[r#"
        HOST does not know the model `big`: 404 page not found
        HOST does not know the model `big`: 404 page not found. Your text is unchanged. Check `provider.model` and `provider.base_url`, or run `hunkwise init`
    "#]]).await;
    check(400, r#"{"code":"invalid-argument","error":"Model not found: big"}"#, expect![[r#"
        HOST does not know the model `big`: Model not found: big
        HOST does not know the model `big`: Model not found: big. Your text is unchanged. Check `provider.model` and `provider.base_url`, or run `hunkwise init`
    "#]]).await;
}

#[tokio::test]
async fn limits_and_overload_are_passing() {
    check(
        429,
        r#"{"error":{"message":"slow down","type":"rate_limit_error"}}"#,
        expect![[r#"
        rate limit reached: slow down
        the provider's rate limit is reached: slow down. Your text is unchanged. Ask again in a moment
    "#]],
    )
    .await;
    check(
        529,
        r#"{"error":{"message":"Overloaded","type":"overloaded_error"}}"#,
        expect![[r#"
        overloaded: Overloaded
        the provider is overloaded: Overloaded. Your text is unchanged. Ask again in a moment
    "#]],
    )
    .await;
    check(
        503,
        "",
        expect![[r#"
        overloaded: no message (status 503)
        the provider is overloaded: no message (status 503). Your text is unchanged. Ask again in a moment
    "#]],
    )
    .await;
    check(
        500,
        r#"{"error":{"message":"Internal server error","type":"api_error"}}"#,
        expect![[r#"
        the server failed (status 500): Internal server error
        the provider failed (status 500): Internal server error. Your text is unchanged. Ask again in a moment
    "#]],
    )
    .await;
    let page = "<html><head><title>502 Bad\n Gateway</title></head><body>nginx</body></html>";
    check(502, page, expect![[r#"
        the server failed (status 502): a web page: 502 Bad Gateway
        the provider failed (status 502): a web page: 502 Bad Gateway. Your text is unchanged. Ask again in a moment
    "#]]).await;
}

#[tokio::test]
async fn an_empty_account_is_no_rate_limit() {
    let body = r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota"}}"#;
    check(429, body, expect![[r#"
        HOST: no credit left: You exceeded your current quota
        the account at HOST has no credit left: You exceeded your current quota. Your text is unchanged. Add credit there, or choose another provider with `hunkwise init`
    "#]]).await;
    check(402, r#"{"error":{"message":"Insufficient Balance"}}"#, expect![[r#"
        HOST: no credit left: Insufficient Balance
        the account at HOST has no credit left: Insufficient Balance. Your text is unchanged. Add credit there, or choose another provider with `hunkwise init`
    "#]]).await;
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_its_own_error() {
    let body = r#"{"error":{"message":"This model's maximum context length is 8192 tokens.","code":"context_length_exceeded"}}"#;
    check(400, body, expect![[r#"
        the prompt is too long: This model's maximum context length is 8192 tokens.
        the request is too long for the model: This model's maximum context length is 8192 tokens. Your text is unchanged. Choose a smaller scope, lower `context_tokens`, or choose a model with a larger context
    "#]]).await;
    check(400, r#"{"error":{"type":"invalid_request_error","message":"prompt is too long: 300000 tokens > 200000 maximum"}}"#, expect![[r#"
        the prompt is too long: prompt is too long: 300000 tokens > 200000 maximum
        the request is too long for the model: prompt is too long: 300000 tokens > 200000 maximum. Your text is unchanged. Choose a smaller scope, lower `context_tokens`, or choose a model with a larger context
    "#]]).await;
    check(
        413,
        r#"{"error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#,
        expect![[r#"
            the prompt is too long: Request exceeds the maximum size
            the request is too long for the model: Request exceeds the maximum size. Your text is unchanged. Choose a smaller scope, lower `context_tokens`, or choose a model with a larger context
        "#]],
    )
    .await;
}

#[tokio::test]
async fn bodies_of_any_shape_are_read() {
    check(400, r#"{"error":{"message":"temperature: range: 0..1"}}"#, expect![[r#"
        request not accepted (status 400): temperature: range: 0..1
        the provider did not accept the request (status 400): temperature: range: 0..1. Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
    check(422, r#"{"detail":[{"loc":["body","top_p"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#, expect![[r#"
        request not accepted (status 422): top_p: Extra inputs are not permitted
        the provider did not accept the request (status 422): top_p: Extra inputs are not permitted. Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
    check(400, r#"{"message":"plain"}"#, expect![[r#"
        request not accepted (status 400): plain
        the provider did not accept the request (status 400): plain. Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
    check(400, r#"{"code":40001}"#, expect![[r#"
        request not accepted (status 400): {"code":40001}
        the provider did not accept the request (status 400): {"code":40001}. Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
    check(400, "just text\nin lines", expect![[r#"
        request not accepted (status 400): just text in lines
        the provider did not accept the request (status 400): just text in lines. Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
    check(418, "", expect![[r#"
        request not accepted (status 418): no message (status 418)
        the provider did not accept the request (status 418): no message (status 418). Your text is unchanged. Check `provider` in the settings; `hunkwise doctor` tests it
    "#]]).await;
}

#[tokio::test]
async fn a_good_status_without_a_stream_is_an_error() {
    check(
        200,
        r#"{"error":{"message":"overloaded","type":"overloaded_error"}}"#,
        expect![[r#"
        overloaded: overloaded
        the provider is overloaded: overloaded. Your text is unchanged. Ask again in a moment
    "#]],
    )
    .await;
    check(200, r#"{"choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}"#, expect![[r#"
        the answer does not follow the protocol: JSON came in place of an event stream
        the provider's answer cannot be read: JSON came in place of an event stream. Your text is unchanged. Check `provider.protocol` and `provider.base_url`; `hunkwise doctor` tests them
    "#]])
        .await;
    check(200, "<!doctype html><title>Sign in</title>", expect![[r#"
        the answer does not follow the protocol: no event stream came but a web page: Sign in
        the provider's answer cannot be read: no event stream came but a web page: Sign in. Your text is unchanged. Check `provider.protocol` and `provider.base_url`; `hunkwise doctor` tests them
    "#]]).await;
    check(200, "nothing of the kind", expect![[r#"
        the answer was cut off: the stream ended before the answer did
        the answer was cut off (the stream ended before the answer did), so nothing of it is offered. Your text is unchanged. Ask again
    "#]]).await;
    check(200, "", expect![[r#"
        the answer was cut off: the stream ended before the answer did
        the answer was cut off (the stream ended before the answer did), so nothing of it is offered. Your text is unchanged. Ask again
    "#]]).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = serve(vec![RecordedAnswer::new(&[], "stolen")]).await;
    let mut redirect = RecordedAnswer::status(307, "");
    redirect.headers.insert("location".into(), format!("{}/v1/chat/completions", elsewhere.base_url()));
    let model = serve(vec![redirect]).await;
    let key = Env::from([("HUNKWISE_API_KEY", "key-123456")]);
    let error =
        items(stream(&settings(&model, Protocol::OpenaiChat), &key)).await.pop().unwrap().unwrap_err();
    expect![[r#"the answer does not follow the protocol: the address redirects (status 307); redirects are not followed"#]].assert_eq(&error.to_string());
    assert!(elsewhere.requests().is_empty());
}
