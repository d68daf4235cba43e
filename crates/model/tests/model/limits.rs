//! Limits of time, with limits so small that nothing has to sleep.

use expect_test::expect;
use model::recorded::{Fault, RecordedAnswer};
use model::{Env, Protocol, Timeouts};
use tokio::net::TcpListener;

use crate::support::{serve, settings, stream, transcript};

async fn check(fault: Fault, limits: fn(&mut Timeouts), expect: &str) {
    for protocol in Protocol::ALL {
        let model =
            serve(vec![RecordedAnswer { fault: Some(fault), ..RecordedAnswer::new(&[], "some text") }]).await;
        let mut settings = settings(&model, protocol);
        limits(&mut settings.timeouts);
        let seen = transcript(stream(&settings, &Env::default())).await;
        let errors: String = seen.lines().filter(|line| line.starts_with("error")).collect();
        assert_eq!(errors, expect, "{protocol}");
        model.wait_closed().await;
    }
}

#[tokio::test]
async fn no_status_in_time() {
    check(
        Fault::StallBeforeHead,
        |limits| limits.first_byte_ms = 50,
        "error: no answer in time: first byte limit of 50 ms",
    )
    .await;
}

#[tokio::test]
async fn a_status_but_no_byte_in_time() {
    check(
        Fault::StallAfter(0),
        |limits| limits.first_byte_ms = 50,
        "error: no answer in time: first byte limit of 50 ms",
    )
    .await;
}

#[tokio::test]
async fn silence_in_the_middle() {
    check(
        Fault::StallAfter(80),
        |limits| limits.idle_ms = 50,
        "error: no answer in time: idle limit of 50 ms",
    )
    .await;
}

#[tokio::test]
async fn too_long_in_all() {
    check(
        Fault::StallAfter(80),
        |limits| limits.total_ms = 100,
        "error: no answer in time: total limit of 100 ms",
    )
    .await;
    check(
        Fault::StallBeforeHead,
        |limits| limits.total_ms = 100,
        "error: no answer in time: total limit of 100 ms",
    )
    .await;
}

#[tokio::test]
async fn no_connection_in_time() {
    // Accepts and never shakes hands.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = model::Settings {
        base_url: Some(format!("https://{}", listener.local_addr().unwrap())),
        model: Some("m".into()),
        ..model::Settings::default()
    };
    settings.timeouts.connect_ms = 50;
    settings.timeouts.retry_delay_ms = 0;
    let accepting = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    expect![[r#"
        waiting: the provider cannot be reached, 0 s
        waiting: the provider cannot be reached, 0 s
        error: no answer in time: connect limit of 50 ms
    "#]]
    .assert_eq(&transcript(stream(&settings, &Env::default())).await);
    accepting.abort();
}

#[tokio::test]
async fn a_body_that_does_not_end_after_the_last_word_costs_nothing() {
    for fault in
        [Fault::StallAfter(usize::MAX), Fault::CloseAfter(usize::MAX), Fault::GarbageAfter(usize::MAX)]
    {
        for protocol in Protocol::ALL {
            let answer = RecordedAnswer { fault: Some(fault), ..RecordedAnswer::new(&[], "done") };
            let model = serve(vec![answer]).await;
            let mut settings = settings(&model, protocol);
            settings.timeouts.idle_ms = 2_000;
            let seen = transcript(stream(&settings, &Env::default())).await;
            // Gemini has no last word: another chunk may follow the one with a reason.
            let expected = if protocol == Protocol::Gemini { "error: " } else { "end: complete" };
            assert!(seen.starts_with(&format!("text: done\n{expected}")), "{protocol} {fault:?}: {seen}");
            model.wait_closed().await;
        }
    }
}
