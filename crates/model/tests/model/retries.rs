//! Tries after the first: only before content, at most two, never for a wait that is too long.

use expect_test::{Expect, expect};
use model::recorded::{Fault, RecordedAnswer};
use model::{Env, Protocol, Settings};

use crate::support::{deserted, serve, settings, stream, transcript};

/// Shows the stream, with waits shortened to nothing, and how many requests it took.
async fn check(answers: Vec<RecordedAnswer>, expect: Expect) {
    let mut seen = Vec::new();
    for protocol in Protocol::ALL {
        let model = serve(answers.clone()).await;
        let mut settings = settings(&model, protocol);
        settings.timeouts.retry_delay_ms = 0;
        let transcript = transcript(stream(&settings, &Env::default())).await;
        let host = model.base_url().replace("http://", "");
        seen.push(format!("{transcript}requests: {}\n", model.requests().len()).replace(&host, "HOST"));
    }
    assert_eq!(seen[0], seen[1]);
    expect.assert_eq(&seen[0]);
}

fn status(status: u16, headers: &[(&str, &str)]) -> RecordedAnswer {
    let mut answer = RecordedAnswer::status(status, "");
    answer.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    answer
}

#[tokio::test]
async fn an_overloaded_provider_is_asked_again() {
    check(
        vec![status(529, &[]), status(500, &[]), RecordedAnswer::new(&[], "at last")],
        expect![[r#"
        waiting: the provider is overloaded, 0 s
        waiting: the provider failed, 0 s
        text: at last
        end: complete; tokens in Some(6) out Some(2)
        requests: 3
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_wait_may_be_asked_for_in_the_body() {
    let asks = |delay: &str| {
        let body = format!(
            r#"{{"error":{{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{delay}"}}]}}}}"#
        );
        RecordedAnswer::status(429, body)
    };
    check(
        vec![asks("0.001s"), RecordedAnswer::new(&[], "at last")],
        expect![[r#"
        waiting: the provider's rate limit is reached, 1 s
        text: at last
        end: complete; tokens in Some(6) out Some(2)
        requests: 2
    "#]],
    )
    .await;
    check(
        vec![asks("61.5s"); 2],
        expect![[r#"
        error: rate limit reached: quota
        requests: 1
    "#]],
    )
    .await;
}

#[tokio::test]
async fn two_retries_are_all() {
    check(
        vec![status(503, &[]); 4],
        expect![[r#"
        waiting: the provider is overloaded, 0 s
        waiting: the provider is overloaded, 0 s
        error: overloaded: no message (status 503)
        requests: 3
    "#]],
    )
    .await;
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    check(
        vec![status(429, &[("retry-after-ms", "5")]), RecordedAnswer::new(&[], "ok")],
        expect![[r#"
        waiting: the provider's rate limit is reached, 1 s
        text: ok
        end: complete; tokens in Some(6) out Some(1)
        requests: 2
    "#]],
    )
    .await;
    check(
        vec![status(429, &[("retry-after", "61")]), RecordedAnswer::new(&[], "unused")],
        expect![[r#"
        error: rate limit reached: no message (status 429)
        requests: 1
    "#]],
    )
    .await;
}

#[tokio::test]
async fn the_server_says_whether_to_try_again() {
    check(
        vec![status(529, &[("x-should-retry", "false")]), RecordedAnswer::new(&[], "unused")],
        expect![[r#"
            error: overloaded: no message (status 529)
            requests: 1
        "#]],
    )
    .await;
    check(
        vec![status(409, &[("x-should-retry", "true")]), RecordedAnswer::new(&[], "ok")],
        expect![[r#"
        waiting: the provider failed, 0 s
        text: ok
        end: complete; tokens in Some(6) out Some(1)
        requests: 2
    "#]],
    )
    .await;
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    check(
        vec![status(400, &[]), RecordedAnswer::new(&[], "unused")],
        expect![[r#"
        error: request not accepted (status 400): no message (status 400)
        requests: 1
    "#]],
    )
    .await;
    check(
        vec![status(401, &[]), RecordedAnswer::new(&[], "unused")],
        expect![[r#"
        error: HOST refused the key (no key): no message (status 401)
        requests: 1
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_connection_closed_before_an_answer_is_tried_again() {
    let closed = RecordedAnswer { fault: Some(Fault::CloseBeforeHead), ..RecordedAnswer::default() };
    check(
        vec![closed, RecordedAnswer::new(&[], "ok")],
        expect![[r#"
        waiting: the provider cannot be reached, 0 s
        text: ok
        end: complete; tokens in Some(6) out Some(1)
        requests: 2
    "#]],
    )
    .await;
}

#[tokio::test]
async fn an_error_in_the_stream_is_tried_again_only_before_content() {
    let failed = |text| RecordedAnswer { error: Some("full".into()), ..RecordedAnswer::new(&[], text) };
    check(
        vec![failed(""), RecordedAnswer::new(&[], "ok")],
        expect![[r#"
        waiting: the provider failed, 0 s
        text: ok
        end: complete; tokens in Some(6) out Some(1)
        requests: 2
    "#]],
    )
    .await;
    for protocol in Protocol::ALL {
        let model = serve(vec![failed("half"), RecordedAnswer::new(&[], "unused")]).await;
        let transcript = transcript(stream(&settings(&model, protocol), &Env::default())).await;
        assert!(transcript.starts_with("text: half\nerror: "), "{transcript}");
        assert_eq!(model.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let base_url = deserted();
    let mut settings =
        Settings { base_url: Some(base_url.clone()), model: Some("m".into()), ..Settings::default() };
    settings.timeouts.retry_delay_ms = 0;
    let host = base_url.replace("http://", "");
    let seen = transcript(stream(&settings, &Env::default())).await.replace(&host, "HOST");
    let lines: Vec<&str> = seen.lines().collect();
    assert_eq!(lines.len(), 3, "{seen}");
    assert!(lines[2].starts_with("error: no connection to HOST: connection refused: "), "{seen}");
}
