//! Decoders on streams cut, shortened and broken anywhere: never a panic, never half an answer for a whole one.

use fastrand::Rng;
use model::decode::Decoder;
use model::{Error, Event, Protocol, Stop};

use crate::support::soak;

const ANTHROPIC: &str = "\
event: message_start\r
data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"cache_read_input_tokens\":4,\"output_tokens\":1}}}\r
\r
: keep-alive
event: content_block_start
data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}

event: content_block_delta
data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm… 🤔\"}}

event: content_block_delta
data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}}

event: ping
data: {\"type\": \"ping\"}

event: content_block_start
data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"é\"}}

event: content_block_delta
data: {\"type\":\"content_block_delta\",\"index\":1,
data: \"delta\":{\"type\":\"text_delta\",\"text\":\"→ 🙂\\n\"}}

event: invented_later
data: not even JSON

event: content_block_delta
data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"invented_delta\",\"text\":\"no\"}}

event: content_block_stop
data: {\"type\":\"content_block_stop\",\"index\":1}

event: message_delta
data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":12}}

event: message_stop
data: {\"type\":\"message_stop\"}

";

const CHAT: &str = "\
: OPENROUTER PROCESSING

data: {\"choices\":[],\"prompt_filter_results\":[]}\r
\r
data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}

data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hm… \",\"reasoning\":\"hm… \"}}]}

data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"🤔\"}]}]}}]}

data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"another choice\"}},{\"index\":0,\"delta\":{\"content\":\"é\"}}]}

event: ping
data: still there

data: {\"choices\":[{\"index\":0,
data:\"delta\":{\"content\":\"→ 🙂\\n\"}}]}

data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}

data: {\"choices\":[],\"usage\":{\"prompt_tokens\":13,\"completion_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":4}}}

data: [DONE]

";

const SAMPLES: [(Protocol, &str); 2] =
    [(Protocol::AnthropicMessages, ANTHROPIC), (Protocol::OpenaiChat, CHAT)];

/// Reasoning, text and end of a stream in pieces.
fn decode<'a>(
    protocol: Protocol,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (String, String, Result<Event, Error>) {
    let mut decoder = Decoder::new(protocol);
    let (mut reasoning, mut text) = (String::new(), String::new());
    let mut take = |event: Event| match event {
        Event::Text(piece) => text.push_str(&piece),
        Event::Reasoning(piece) => reasoning.push_str(&piece),
        Event::Waiting { .. } | Event::End { .. } => unreachable!("{event:?}"),
    };
    for piece in pieces {
        decoder.push(piece).into_iter().for_each(&mut take);
    }
    let mut items = decoder.finish();
    let end = items.pop().unwrap();
    items.into_iter().for_each(|item| take(item.unwrap()));
    assert!(matches!(end, Ok(Event::End { .. }) | Err(_)), "{end:?}");
    (reasoning, text, end)
}

#[test]
fn a_stream_reads_the_same_cut_anywhere() {
    for (protocol, sample) in SAMPLES {
        let whole = decode(protocol, [sample.as_bytes()]);
        let Ok(Event::End { stop, usage }) = &whole.2 else { panic!("{whole:?}") };
        assert_eq!((whole.0.as_str(), whole.1.as_str(), stop), ("hm… 🤔", "é→ 🙂\n", &Stop::Complete));
        assert_eq!((usage.input_tokens, usage.cached_input_tokens), (Some(13), Some(4)));
        assert_eq!(usage.output_tokens, Some(12));
        for at in 0..=sample.len() {
            let (head, tail) = sample.as_bytes().split_at(at);
            assert_eq!(decode(protocol, [head, tail]), whole, "{protocol} cut at {at}");
        }
        for size in [1, 2, 3, 5] {
            assert_eq!(
                decode(protocol, sample.as_bytes().chunks(size)),
                whole,
                "{protocol} in pieces of {size}"
            );
        }
        let bare = sample.trim_end();
        assert_eq!(decode(protocol, [bare.as_bytes()]), whole, "{protocol} without the last line's end");
    }
}

#[test]
fn a_stream_that_ends_early_is_cut_off() {
    for (protocol, sample) in SAMPLES {
        let terminal = match protocol {
            Protocol::AnthropicMessages => "{\"type\":\"message_stop\"}",
            Protocol::OpenaiChat => "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
        };
        let first_whole = sample.find(terminal).unwrap() + terminal.len();
        let whole = decode(protocol, [sample.as_bytes()]);
        for at in 0..sample.len() {
            let (reasoning, text, end) = decode(protocol, [&sample.as_bytes()[..at]]);
            assert!(
                whole.0.starts_with(&reasoning) && whole.1.starts_with(&text),
                "{protocol} ended at {at}"
            );
            match end {
                Ok(Event::End { stop, .. }) => {
                    assert!(at >= first_whole, "{protocol} ended at {at}");
                    assert_eq!((&text, stop), (&whole.1, Stop::Complete));
                }
                other => {
                    assert!(matches!(other, Err(Error::CutOff { .. })), "{protocol} ended at {at}: {other:?}")
                }
            }
        }
        assert!(decode(protocol, [&sample.as_bytes()[..first_whole - 1]]).2.is_err());
        assert!(decode(protocol, [&sample.as_bytes()[..first_whole]]).2.is_ok());
    }
}

#[track_caller]
fn check_end(protocol: Protocol, stream: &str, expect: &str) {
    let end = match decode(protocol, [stream.as_bytes()]).2 {
        Ok(Event::End { stop, .. }) => stop.to_string(),
        other => other.unwrap_err().to_string(),
    };
    assert_eq!(end, expect);
}

#[test]
fn an_error_counts_also_behind_the_end() {
    let finished = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n";
    let error = "data: {\"error\":{\"message\":\"Upstream overloaded\",\"code\":503}}\n\n";
    check_end(Protocol::OpenaiChat, finished, "complete");
    check_end(Protocol::OpenaiChat, &format!("{finished}{error}"), "overloaded: Upstream overloaded");
    check_end(
        Protocol::OpenaiChat,
        &format!("{finished}{error}data: [DONE]\n\n"),
        "overloaded: Upstream overloaded",
    );
    check_end(
        Protocol::AnthropicMessages,
        &format!(
            "{ANTHROPIC}event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"api_error\",\"message\":\"late\"}}}}\n\n"
        ),
        "the server failed (status 200): late",
    );
    check_end(
        Protocol::OpenaiChat,
        "event: error\ndata: out of memory\n\n",
        "request not accepted (status 200): out of memory",
    );
}

#[test]
fn an_end_without_a_reason_is_not_complete() {
    check_end(Protocol::OpenaiChat, "data: [DONE]\n\n", "no reason given");
    check_end(
        Protocol::AnthropicMessages,
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        "no reason given",
    );
    check_end(
        Protocol::OpenaiChat,
        "data: {\"choices\":[{\"finish_reason\":\"mystery\"}]}\n\n",
        "reason `mystery`",
    );
    check_end(
        Protocol::OpenaiChat,
        "data: {\"choices\":[{\"finish_reason\":\"error\"}]}\n\n",
        "request not accepted (status 200): the provider ended the answer with an error",
    );
    check_end(
        Protocol::OpenaiChat,
        "data: {\"choices\":[{\"finish_reason\":\"insufficient_system_resource\"}]}\n\n",
        "overloaded: the provider ran out of resources",
    );
}

#[test]
fn a_refusal_beside_text_is_a_refusal() {
    let stream = "data: {\"choices\":[{\"delta\":{\"content\":\"Sure.\",\"refusal\":\"I can't.\"},\"finish_reason\":\"stop\"}]}\n\n";
    check_end(Protocol::OpenaiChat, stream, "refused: I can't.");
    check_end(
        Protocol::AnthropicMessages,
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"explanation\":\"policy\"}}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
        "refused: policy",
    );
}

#[test]
fn nonsense_in_a_stream_is_named() {
    check_end(
        Protocol::OpenaiChat,
        "data: {\"choices\":oops}\n\ndata: [DONE]\n\n",
        "the answer does not follow the protocol: an event is not JSON (expected value at line 1 column 12)",
    );
}

/// Streams broken at random, from a fixed seed.
#[test]
fn broken_streams_never_pass_for_whole_ones() {
    const STREAMS: usize = 20_000;
    let mut rng = Rng::with_seed(5);
    let (mut n, mut n_whole) = (0, 0);
    for _ in 0..STREAMS * soak() {
        let (protocol, sample) = SAMPLES[rng.usize(..SAMPLES.len())];
        let bytes = broken(sample.as_bytes(), &mut rng);
        let size = rng.usize(1..64);
        let (_, _, end) = decode(protocol, bytes.chunks(size));
        n += 1;
        if end.is_ok() {
            n_whole += 1;
            let has = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
            let has_terminal = match protocol {
                Protocol::AnthropicMessages => has("message_stop"),
                Protocol::OpenaiChat => has("[DONE]") || has("\"finish_reason\":\""),
            };
            assert!(has_terminal, "{}", String::from_utf8_lossy(&bytes));
        }
    }
    eprintln!("counts: broken streams {n}, of them still with a terminal event {n_whole}");
    assert!(n_whole > 0 && n_whole < n);
}

/// A stream with a few random changes: bytes replaced, lines dropped, doubled or swapped, an end cut, garbage put in.
fn broken(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..bytes.len().max(1));
        match rng.u8(..6) {
            0 => bytes.truncate(at),
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = rng.u8(..);
                }
            }
            2 => {
                let end = (at + rng.usize(..200)).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
            3 => {
                let garbage: Vec<u8> = (0..rng.usize(..40))
                    .map(|_| *b"{}[]\":,\\ndata\n\r\xff".get(rng.usize(..16)).unwrap_or(&b'x'))
                    .collect();
                bytes.splice(at.min(bytes.len())..at.min(bytes.len()), garbage);
            }
            4 => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                rng.shuffle(&mut lines);
                bytes = lines.concat();
            }
            _ => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let line = rng.usize(..lines.len().max(1));
                if line < lines.len() {
                    if rng.bool() {
                        lines.insert(line, lines[line])
                    } else {
                        lines.remove(line);
                    }
                }
                bytes = lines.concat();
            }
        }
    }
    bytes
}
