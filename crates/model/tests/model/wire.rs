//! All wire formats over real HTTP: what is sent, and what comes back however it is cut.

use expect_test::{Expect, expect};
use model::recorded::{RecordedAnswer, RecordedModel, RecordedStop, Recording};
use model::{Env, InfillFormat, InfillRequest, Protocol, Settings, infill, provider, resolve, test_call};

use crate::support::{items, serve, serve_bytes, settings, stream, transcript};

const TEXT: &str = "fn gruß() -> &'static str {\r\n\t\"→ 🙂 \\u{e9}\"\n}\n";

async fn check(answer: RecordedAnswer, expect: Expect) {
    let mut both = String::new();
    for protocol in Protocol::ALL {
        let model = serve(vec![answer.clone()]).await;
        let transcript = transcript(stream(&settings(&model, protocol), &Env::default())).await;
        both.push_str(&format!("{protocol}\n{transcript}"));
    }
    expect.assert_eq(&both);
}

#[tokio::test]
async fn an_answer_arrives_whole_however_it_is_cut() {
    for protocol in Protocol::ALL {
        let mut seen = Vec::new();
        for chunk_bytes in [None, Some(1), Some(2), Some(7), Some(64)] {
            for piece_chars in [1, 5, 1000] {
                let answers = vec![RecordedAnswer {
                    reasoning: "hm… 🤔".into(),
                    ..RecordedAnswer::new(&["greet"], TEXT)
                }];
                let pace_ms = u64::from(piece_chars == 5);
                let recording =
                    Recording { answers, chunk_bytes, piece_chars, pace_ms, ..Recording::default() };
                let model = RecordedModel::start(recording).await.unwrap();
                seen.push(transcript(stream(&settings(&model, protocol), &Env::default())).await);
            }
        }
        let expected =
            format!("reasoning: hm… 🤔\ntext: {TEXT}\nend: complete; tokens in Some(6) out Some(14)\n");
        assert!(seen.iter().all(|transcript| *transcript == expected), "{protocol}: {seen:#?}");
    }
}

#[tokio::test]
async fn every_stop_is_told_apart() {
    let stopped = |stop| RecordedAnswer { stop, ..RecordedAnswer::new(&[], "x") };
    check(
        stopped(RecordedStop::Complete),
        expect![[r#"
            anthropic-messages
            text: x
            end: complete; tokens in Some(6) out Some(1)
            openai-chat
            text: x
            end: complete; tokens in Some(6) out Some(1)
            openai-responses
            text: x
            end: complete; tokens in Some(6) out Some(1)
            gemini
            text: x
            end: complete; tokens in Some(6) out Some(1)
            ollama
            text: x
            end: complete; tokens in Some(6) out Some(1)
        "#]],
    )
    .await;
    check(
        stopped(RecordedStop::MaxTokens),
        expect![[r#"
            anthropic-messages
            text: x
            end: limit of output tokens; tokens in Some(6) out Some(1)
            openai-chat
            text: x
            end: limit of output tokens; tokens in Some(6) out Some(1)
            openai-responses
            text: x
            end: limit of output tokens; tokens in Some(6) out Some(1)
            gemini
            text: x
            end: limit of output tokens; tokens in Some(6) out Some(1)
            ollama
            text: x
            end: limit of output tokens; tokens in Some(6) out Some(1)
        "#]],
    )
    .await;
    check(
        stopped(RecordedStop::ContentFilter),
        expect![[r#"
            anthropic-messages
            text: x
            end: refused; tokens in Some(6) out Some(1)
            openai-chat
            text: x
            end: held back by the provider's content filter; tokens in Some(6) out Some(1)
            openai-responses
            text: x
            end: held back by the provider's content filter; tokens in Some(6) out Some(1)
            gemini
            text: x
            end: held back by the provider's content filter; tokens in Some(6) out Some(1)
            ollama
            text: x
            end: no reason given; tokens in Some(6) out Some(1)
        "#]],
    )
    .await;
    check(
        stopped(RecordedStop::Paused),
        expect![[r#"
            anthropic-messages
            text: x
            end: paused by the provider; tokens in Some(6) out Some(1)
            openai-chat
            text: x
            end: no reason given; tokens in Some(6) out Some(1)
            openai-responses
            text: x
            end: reason `paused`; tokens in Some(6) out Some(1)
            gemini
            text: x
            end: reason `OTHER`; tokens in Some(6) out Some(1)
            ollama
            text: x
            end: no reason given; tokens in Some(6) out Some(1)
        "#]],
    )
    .await;
    check(
        stopped(RecordedStop::ToolUse),
        expect![[r#"
            anthropic-messages
            text: x
            end: the model asked for a tool; tokens in Some(6) out Some(1)
            openai-chat
            text: x
            end: the model asked for a tool; tokens in Some(6) out Some(1)
            openai-responses
            text: x
            tool: tool {}
            end: the model asked for a tool; tokens in Some(6) out Some(1)
            gemini
            text: x
            tool: tool {}
            end: the model asked for a tool; tokens in Some(6) out Some(1)
            ollama
            text: x
            tool: tool {}
            end: the model asked for a tool; tokens in Some(6) out Some(1)
        "#]],
    )
    .await;
    let refusal = RecordedAnswer {
        stop: RecordedStop::Refusal,
        refusal: "not that".into(),
        ..RecordedAnswer::default()
    };
    check(
        refusal,
        expect![[r#"
            anthropic-messages
            end: refused: not that; tokens in Some(6) out Some(2)
            openai-chat
            end: refused: not that; tokens in Some(6) out Some(2)
            openai-responses
            end: refused: not that; tokens in Some(6) out Some(2)
            gemini
            end: held back by the provider's content filter; tokens in Some(6) out Some(2)
            ollama
            end: no reason given; tokens in Some(6) out Some(2)
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_answer_of_as_many_tokens_as_the_limit_is_not_whole() {
    for protocol in Protocol::ALL {
        for (n_tokens, expected) in [(99, "complete"), (100, "limit of output tokens"), (101, "complete")] {
            let model = serve(vec![RecordedAnswer::new(&[], "abcd".repeat(n_tokens))]).await;
            let seen = transcript(stream(&settings(&model, protocol), &Env::default())).await;
            assert!(seen.contains(&format!("end: {expected};")), "{protocol} {n_tokens}: {seen}");
        }
    }
}

#[tokio::test]
async fn an_error_inside_a_stream_ends_it() {
    let failed = RecordedAnswer { error: Some("gone".into()), ..RecordedAnswer::new(&[], "half of") };
    check(
        failed,
        expect![[r#"
            anthropic-messages
            text: half of
            error: the server failed (status 200): gone
            openai-chat
            text: half of
            error: the server failed (status 200): gone
            openai-responses
            text: half of
            error: the server failed (status 200): gone
            gemini
            text: half of
            error: request not accepted (status 200): gone
            ollama
            text: half of
            error: request not accepted (status 200): gone
        "#]],
    )
    .await;
}

#[tokio::test]
async fn an_empty_answer_is_an_end_without_text() {
    check(
        RecordedAnswer::default(),
        expect![[r#"
            anthropic-messages
            end: complete; tokens in Some(6) out Some(0)
            openai-chat
            end: complete; tokens in Some(6) out Some(0)
            openai-responses
            end: complete; tokens in Some(6) out Some(0)
            gemini
            end: complete; tokens in Some(6) out Some(0)
            ollama
            end: complete; tokens in Some(6) out Some(0)
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_request_carries_what_the_protocol_asks_for() {
    for (protocol, path, headers) in [
        (
            Protocol::AnthropicMessages,
            "/v1/messages",
            vec![("x-api-key", "key-123456"), ("anthropic-version", "2023-06-01"), ("authorization", "-")],
        ),
        (
            Protocol::OpenaiChat,
            "/v1/chat/completions",
            vec![("authorization", "Bearer key-123456"), ("x-api-key", "-"), ("anthropic-version", "-")],
        ),
        (Protocol::OpenaiResponses, "/v1/responses", vec![("authorization", "Bearer key-123456")]),
        (
            Protocol::Gemini,
            "/v1beta/models/recorded:streamGenerateContent?alt=sse",
            vec![("x-goog-api-key", "key-123456"), ("authorization", "-")],
        ),
        (Protocol::Ollama, "/api/chat", vec![("authorization", "Bearer key-123456")]),
    ] {
        let model = serve(vec![RecordedAnswer::default()]).await;
        let mut settings = settings(&model, protocol);
        settings.headers.insert("X-Team".into(), "blue".into());
        settings.extra_body.insert("top_p".into(), 0.5.into());
        items(stream(&settings, &Env::from([("HUNKWISE_API_KEY", "key-123456")]))).await;
        let [received] = model.requests().try_into().unwrap();
        assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", path));
        for (name, value) in headers {
            assert_eq!(received.header(name).unwrap_or("-"), value, "{name}");
        }
        assert_eq!(received.header("x-team"), Some("blue"));
        let accepted =
            if protocol == Protocol::Ollama { "application/x-ndjson" } else { "text/event-stream" };
        assert_eq!(received.header("accept"), Some(accepted));
        assert!(received.header("user-agent").unwrap().starts_with("hunkwise/"));
        assert_eq!(received.body["top_p"], 0.5);
        if protocol != Protocol::Gemini {
            assert_eq!(received.body["stream"], true);
            assert_eq!(received.body["model"], "recorded");
        }
        assert_eq!(received.prompt(), "answer\n\ngreet the world");
        assert_eq!(received.last_user_message(), "greet the world");
    }
}

#[tokio::test]
async fn a_key_goes_into_the_header_that_is_named() {
    for (name, header, value) in [
        ("api-key", "api-key", "key-123456"),
        ("Authorization", "authorization", "Bearer key-123456"),
        ("X-Custom", "x-custom", "key-123456"),
    ] {
        for protocol in Protocol::ALL {
            let model = serve(vec![RecordedAnswer::default()]).await;
            let settings = Settings { auth_header: Some(name.into()), ..settings(&model, protocol) };
            items(stream(&settings, &Env::from([("HUNKWISE_API_KEY", "key-123456")]))).await;
            let [received] = model.requests().try_into().unwrap();
            assert_eq!(received.header(header), Some(value), "{protocol}");
            let carriers = received.headers.iter().filter(|(_, value)| value.contains("key-123456"));
            assert_eq!(carriers.count(), 1, "{protocol}");
            assert!(!received.path.contains("key"), "{}", received.path);
        }
    }
}

#[tokio::test]
async fn a_middle_is_filled_in_every_format() {
    let request = InfillRequest {
        prefix: "let x = ".into(),
        suffix: ";".into(),
        max_output_tokens: 9,
        temperature: None,
        stop: Vec::new(),
    };
    for (format, body) in [
        (InfillFormat::OpenaiCompletions, include_str!("streams/completions.sse")),
        (InfillFormat::MistralFim, include_str!("streams/mistral-fim.sse")),
        (InfillFormat::LlamaInfill, include_str!("streams/llama-infill.sse")),
    ] {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let base_url = serve_bytes([head.as_bytes(), body.as_bytes()].concat()).await;
        let settings = Settings { base_url: Some(base_url), model: Some("m".into()), ..Settings::default() };
        let chosen = resolve(&settings, &Env::default()).unwrap();
        let seen = transcript(infill(chosen, format, request.clone()).unwrap()).await;
        assert_eq!(seen, "text: é→ 🙂\n\nend: complete; tokens in Some(13) out Some(12)\n", "{format}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_a_member_is_asked_without_it_and_remembered() {
    let refusal =
        r#"{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model."}}"#;
    let model = serve(vec![
        RecordedAnswer::status(400, refusal),
        RecordedAnswer::new(&[], "one"),
        RecordedAnswer::new(&[], "two"),
    ])
    .await;
    let chosen = resolve(&settings(&model, Protocol::OpenaiChat), &Env::default()).unwrap();
    let provider = provider(chosen).unwrap();
    for expected in ["one", "two"] {
        let transcript = transcript(provider.stream(crate::support::request())).await;
        assert!(transcript.starts_with(&format!("text: {expected}\nend: complete")), "{transcript}");
    }
    let sent: Vec<bool> =
        model.requests().iter().map(|received| received.body.get("temperature").is_some()).collect();
    assert_eq!(sent, [true, false, false]);
}

#[tokio::test]
async fn a_compressed_stream_is_read() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"packed\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let packed = gzip(body.as_bytes());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    );
    let base_url = serve_bytes([head.as_bytes(), &packed].concat()).await;
    let settings = Settings { base_url: Some(base_url), model: Some("m".into()), ..Settings::default() };
    expect![[r#"
        text: packed
        end: complete; tokens in None out None
    "#]]
    .assert_eq(&transcript(stream(&settings, &Env::default())).await);
}

/// The bytes in gzip's format, uncompressed.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let crc = bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    });
    let len = u16::try_from(bytes.len()).unwrap();
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    packed.extend(len.to_le_bytes());
    packed.extend((!len).to_le_bytes());
    packed.extend(bytes);
    packed.extend((!crc).to_le_bytes());
    packed.extend(u32::from(len).to_le_bytes());
    packed
}

#[tokio::test]
async fn a_test_call_asks_for_a_word() {
    for protocol in Protocol::ALL {
        let model = serve(vec![RecordedAnswer::new(&["Say OK."], "OK")]).await;
        let provider = provider(resolve(&settings(&model, protocol), &Env::default()).unwrap()).unwrap();
        assert_eq!(test_call(&*provider).await.unwrap().text, "OK");
        let error = test_call(&*provider).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "request not accepted (status 422): no recorded answer fits this prompt; there are: [\"Say OK.\"] (given)"
        );
    }
}
