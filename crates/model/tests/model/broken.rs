//! Streams broken at random, from a fixed seed, through every decoder: no panic, no half answer for a whole one, no
//! difference between one piece and many, no memory without a bound.

use fastrand::Rng;
use model::decode::MAX_EVENT_BYTES;
use model::{Error, InfillFormat, Protocol};

use crate::decoders::{Sum, decode};
use crate::streams::{Format, samples};
use crate::support::soak;

/// Bytes that the formats are made of.
const ALPHABET: &[u8] = b"{}[]\":,\\ \n\r\tdatevntfo0129.-\xff\xc3\xa9\xef\xbb\xbf";

/// Values that members are given in the place of their own.
const VALUES: [&str; 12] = [
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "\"\"",
    "\"x\"",
    "[]",
    "{}",
    "[[]]",
    "{\"a\":1}",
    "\"\\ud800\"",
];

#[test]
fn broken_streams_never_pass_for_whole_ones() {
    const STREAMS: usize = 20_000;
    let mut rng = Rng::with_seed(5);
    let all: Vec<_> = samples().collect();
    let (mut n, mut n_whole) = (0, 0);
    for _ in 0..STREAMS * soak() {
        let sample = all[rng.usize(..all.len())];
        let other = all[rng.usize(..all.len())];
        let mut bytes = sample.stream.as_bytes().to_vec();
        for _ in 0..rng.usize(1..5) {
            bytes = mutated(bytes, other.stream.as_bytes(), &mut rng);
        }
        // Any stream may reach any decoder: the wrong protocol in the settings.
        let format = if rng.u8(..8) == 0 { other.format } else { sample.format };
        let sum = check(format, &bytes, &mut rng);
        n += 1;
        n_whole += usize::from(sum.is_whole());
    }
    eprintln!("counts: broken streams {n}, of them still with a terminal event {n_whole}");
    assert!(n_whole > 0 && n_whole < n);
}

#[test]
fn random_bytes_are_no_answer() {
    const STREAMS: usize = 5_000;
    let mut rng = Rng::with_seed(6);
    let formats: Vec<Format> = Protocol::ALL
        .into_iter()
        .map(Format::Chat)
        .chain(InfillFormat::ALL.into_iter().map(Format::Infill))
        .collect();
    let mut n = 0;
    for _ in 0..STREAMS * soak() {
        let format = formats[rng.usize(..formats.len())];
        let len = rng.usize(..400);
        let mut bytes = Vec::new();
        while bytes.len() < len {
            match rng.u8(..4) {
                0 => bytes.extend_from_slice(b"data: "),
                1 => bytes.push(rng.u8(..)),
                _ => bytes.push(ALPHABET[rng.usize(..ALPHABET.len())]),
            }
        }
        let sum = check(format, &bytes, &mut rng);
        assert!(!sum.is_whole(), "{format:?}: {}", String::from_utf8_lossy(&bytes));
        n += 1;
    }
    eprintln!("counts: random streams {n}");
}

#[test]
fn what_is_kept_of_an_endless_answer_is_bounded() {
    let block = |text: &str| text.repeat((1 << 20) / text.len());
    let endless = [
        // One line of a gigabyte, and one event of many lines.
        (Protocol::OpenaiChat, "data: ".to_owned(), block("x"), "an event is larger than 16 MiB"),
        (Protocol::Ollama, "{\"message\":\"".to_owned(), block("x"), "an event is larger than 16 MiB"),
        (Protocol::Gemini, String::new(), block("data: x\n"), "an event is larger than 16 MiB"),
        // Small events without an end.
        (
            Protocol::OpenaiChat,
            String::new(),
            block(
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":\"\",\"function\":{\"name\":\"a\",\"arguments\":\"{\"}}]}}]}\n\n",
            ),
            "the tool calls of an answer are larger than 16 MiB",
        ),
        (
            Protocol::OpenaiChat,
            String::new(),
            block("data: {\"choices\":[{\"delta\":{\"refusal\":\"no no no no no no no no no no\"}}]}\n\n"),
            "the tool calls of an answer are larger than 16 MiB",
        ),
        (
            Protocol::OpenaiResponses,
            String::new(),
            block("data: {\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\"}}\n\n"),
            "the tool calls of an answer are larger than 16 MiB",
        ),
    ];
    for (protocol, begin, block, expected) in endless {
        let mut decoder = Format::Chat(protocol).decoder();
        decoder.push(begin.as_bytes());
        let n_taken = (0..1024).take_while(|_| {
            let events = decoder.push(block.as_bytes());
            assert!(events.is_empty());
            !decoder.is_over()
        });
        let n_taken = n_taken.count();
        assert!(n_taken < 1024, "{protocol} took a gigabyte");
        let Some(Err(Error::Protocol { message })) = decoder.finish().pop() else { panic!("{protocol}") };
        assert_eq!(message, expected, "{protocol}");
    }
    assert_eq!(MAX_EVENT_BYTES, 16 << 20);
}

/// Decodes bytes at once, in pieces of one size and in pieces of any. Checks that all come to the same, and that an
/// answer is whole only behind a terminal event.
fn check(format: Format, bytes: &[u8], rng: &mut Rng) -> Sum {
    let sum = decode(format.decoder(), [bytes]);
    let size = rng.usize(1..64);
    let shown = || String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        decode(format.decoder(), bytes.chunks(size)),
        sum,
        "{format:?} in pieces of {size}: {}",
        shown()
    );
    let mut rest = bytes;
    let pieces = std::iter::from_fn(|| {
        let (head, tail) = rest.split_at_checked(rng.usize(1..200)).unwrap_or((rest, &[]));
        rest = tail;
        (!head.is_empty()).then_some(head)
    });
    assert_eq!(decode(format.decoder(), pieces), sum, "{format:?} in pieces: {}", shown());
    if sum.is_whole() {
        assert!(has_terminal(format, bytes), "{format:?}: {}", shown());
    }
    sum
}

/// Whether what ends an answer stands somewhere in the bytes.
fn has_terminal(format: Format, bytes: &[u8]) -> bool {
    let has = |part: &str| bytes.windows(part.len()).any(|window| window == part.as_bytes());
    match format {
        Format::Chat(Protocol::AnthropicMessages) => has("message_stop"),
        Format::Chat(Protocol::OpenaiChat)
        | Format::Infill(InfillFormat::OpenaiCompletions | InfillFormat::MistralFim) => {
            has("[DONE]") || has("finish_reason")
        }
        Format::Chat(Protocol::OpenaiResponses) => has("response.completed") || has("response.incomplete"),
        Format::Chat(Protocol::Gemini) => has("finishReason") || has("blockReason"),
        Format::Chat(Protocol::Ollama) => has("\"done\""),
        Format::Infill(InfillFormat::LlamaInfill) => has("\"stop\""),
    }
}

/// Bytes with one random change.
fn mutated(mut bytes: Vec<u8>, other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..9) {
        0 => bytes.truncate(at),
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.u8(..);
            }
        }
        2 => {
            let end = (at + rng.usize(..200)).min(bytes.len());
            bytes.drain(at..end);
        }
        3 => {
            let garbage: Vec<u8> =
                (0..rng.usize(..40)).map(|_| ALPHABET[rng.usize(..ALPHABET.len())]).collect();
            bytes.splice(at..at, garbage);
        }
        4 => return by_lines(&bytes, |lines| rng.shuffle(lines)),
        5 => {
            let idx = rng.usize(..100);
            let doubles = rng.bool();
            return by_lines(&bytes, |lines| match lines.get(idx).copied() {
                Some(line) if doubles => lines.insert(idx, line),
                Some(_) => drop(lines.remove(idx)),
                None => {}
            });
        }
        // Lines of another protocol.
        6 => {
            let end = (at + rng.usize(..300)).min(other.len());
            bytes.extend_from_slice(other.get(at..end).unwrap_or_default());
        }
        // Another value for a member.
        7 => {
            let colon = bytes.iter().skip(at).position(|byte| *byte == b':').map(|idx| at + idx + 1);
            if let Some(start) = colon {
                let len = bytes.iter().skip(start).take_while(|byte| !b",}]\n".contains(byte)).count();
                bytes.splice(start..start + len, VALUES[rng.usize(..VALUES.len())].bytes());
            }
        }
        _ => {
            let ending: &[u8] = if rng.bool() { b"\r\n" } else { b"\r" };
            let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
            return lines.join(ending);
        }
    }
    bytes
}

fn by_lines(bytes: &[u8], change: impl FnOnce(&mut Vec<&[u8]>)) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    change(&mut lines);
    lines.concat()
}
