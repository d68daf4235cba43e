//! Streams cut and broken anywhere: never a panic, never half an answer for a whole one.

use model::decode::Decoder;
use model::{Error, Event, Protocol, Stop, ToolCall, Usage};

use crate::streams::{Format, Sample, TEXTS, TOOLS, samples};

/// What a stream came to: the sum of its events.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sum {
    pub(crate) reasoning: String,
    pub(crate) text: String,
    pub(crate) calls: Vec<ToolCall>,
    pub(crate) end: Option<Result<(Stop, Usage), Error>>,
}

impl Sum {
    fn take(&mut self, event: Event) {
        match event {
            Event::Text(piece) => self.text.push_str(&piece),
            Event::Reasoning(piece) => self.reasoning.push_str(&piece),
            Event::ToolCall(call) => self.calls.push(call),
            Event::Waiting { .. } | Event::End { .. } => unreachable!("{event:?}"),
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.end, Some(Ok(_)))
    }
}

/// The sum of a stream in pieces.
pub(crate) fn decode<'a>(mut decoder: Decoder, pieces: impl IntoIterator<Item = &'a [u8]>) -> Sum {
    let mut sum = Sum::default();
    for piece in pieces {
        decoder.push(piece).into_iter().for_each(|event| sum.take(event));
    }
    for item in decoder.finish() {
        assert!(sum.end.is_none(), "{item:?} behind the end");
        match item {
            Ok(Event::End { stop, usage }) => sum.end = Some(Ok((stop, usage))),
            Ok(event) => sum.take(event),
            Err(error) => sum.end = Some(Err(error)),
        }
    }
    assert!(sum.end.is_some());
    assert!(sum.calls.is_empty() || sum.is_whole(), "tool calls of an answer that failed: {sum:?}");
    sum
}

fn whole(sample: &Sample) -> Sum {
    decode(sample.format.decoder(), [sample.stream.as_bytes()])
}

#[test]
fn every_format_says_the_same() {
    for sample in &TEXTS {
        let sum = whole(sample);
        let Some(Ok((stop, usage))) = &sum.end else { panic!("{:?}: {sum:?}", sample.format) };
        let reasoning = if matches!(sample.format, Format::Chat(_)) { "hm… 🤔" } else { "" };
        assert_eq!(
            (sum.reasoning.as_str(), sum.text.as_str(), stop),
            (reasoning, "é→ 🙂\n", &Stop::Complete)
        );
        assert_eq!((usage.input_tokens, usage.output_tokens), (Some(13), Some(12)), "{:?}", sample.format);
        let says_cached = matches!(sample.format, Format::Chat(protocol) if protocol != Protocol::Ollama);
        assert_eq!(usage.cached_input_tokens, says_cached.then_some(4), "{:?}", sample.format);
    }
    for sample in &TOOLS {
        let sum = whole(sample);
        let Some(Ok((stop, usage))) = &sum.end else { panic!("{:?}: {sum:?}", sample.format) };
        assert_eq!((sum.text.as_str(), stop), ("", &Stop::ToolUse), "{:?}", sample.format);
        assert_eq!((usage.input_tokens, usage.output_tokens), (Some(9), Some(12)));
        let calls: Vec<String> = sum
            .calls
            .iter()
            .map(|call| format!("{} {} {}", call.id.as_deref().unwrap_or("-"), call.name, call.arguments))
            .collect();
        assert_eq!(calls, ["t_1 look {\"at\":\"é\"}", "t_2 stop {}"], "{:?}", sample.format);
        assert!(sum.calls.iter().all(|call| call.arguments_object().is_some()));
    }
}

#[test]
fn a_stream_reads_the_same_cut_anywhere() {
    for sample in samples() {
        let whole = whole(sample);
        for ending in ["\n", "\r\n", "\r"] {
            let stream = sample.stream.replace('\n', ending);
            for at in 0..=stream.len() {
                let (head, tail) = stream.as_bytes().split_at(at);
                let sum = decode(sample.format.decoder(), [head, tail]);
                assert_eq!(sum, whole, "{:?} cut at {at}", sample.format);
            }
            for size in [1, 2, 3, 5] {
                let sum = decode(sample.format.decoder(), stream.as_bytes().chunks(size));
                assert_eq!(sum, whole, "{:?} in pieces of {size}", sample.format);
            }
            let bare = stream.trim_end();
            let sum = decode(sample.format.decoder(), [bare.as_bytes()]);
            assert_eq!(sum, whole, "{:?} without the last line's end", sample.format);
            let marked = format!("\u{feff}{stream}");
            let sum = decode(sample.format.decoder(), marked.as_bytes().chunks(2));
            assert_eq!(sum, whole, "{:?} behind a byte order mark", sample.format);
        }
    }
}

#[test]
fn a_stream_that_ends_early_is_cut_off() {
    for sample in samples() {
        let first_whole = sample.stream.find(sample.terminal).unwrap() + sample.terminal.len();
        let whole = whole(sample);
        let upto = |at: usize| decode(sample.format.decoder(), [&sample.stream.as_bytes()[..at]]);
        for at in 0..sample.stream.len() {
            let sum = upto(at);
            assert!(
                whole.reasoning.starts_with(&sum.reasoning) && whole.text.starts_with(&sum.text),
                "{:?} ended at {at}",
                sample.format
            );
            match sum.end.unwrap() {
                Ok((stop, _)) => {
                    assert!(at >= first_whole, "{:?} ended at {at}", sample.format);
                    let whole_stop = &whole.end.as_ref().unwrap().as_ref().unwrap().0;
                    assert_eq!((&sum.text, &sum.calls, &stop), (&whole.text, &whole.calls, whole_stop));
                }
                Err(error) => {
                    assert!(
                        matches!(error, Error::CutOff { .. }),
                        "{:?} ended at {at}: {error:?}",
                        sample.format
                    )
                }
            }
        }
        assert!(!upto(first_whole - 1).is_whole(), "{:?}", sample.format);
        assert!(upto(first_whole).is_whole(), "{:?}", sample.format);
    }
}

#[track_caller]
fn check_end(protocol: Protocol, stream: &str, expect: &str) {
    let end = match decode(Decoder::new(protocol), [stream.as_bytes()]).end.unwrap() {
        Ok((stop, _)) => stop.to_string(),
        Err(error) => error.to_string(),
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
            "{}event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"api_error\",\"message\":\"late\"}}}}\n\n",
            TEXTS[0].stream
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
