//! Server-sent events out of bytes cut anywhere.
//!
//! Lines end at LF, CRLF or CR. Text is decoded line by line, so a character cut by a chunk is never seen in halves.

use super::Fault;
use crate::error::Error;

/// Most bytes of one event. No provider comes near it; without a limit one endless line would take all memory.
pub const MAX_EVENT_BYTES: usize = 16 << 20;

/// Stands for an event of which only the beginning came; it is no JSON.
pub(super) const CUT: &str = "\u{fffd}";

/// One event: its name, empty for the default, and its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SseEvent<'a> {
    pub(super) name: &'a str,
    pub(super) data: &'a str,
}

/// Takes in events; what it fails with ends the stream.
pub(super) type Sink<'a> = dyn FnMut(SseEvent<'_>) -> Result<(), Fault> + 'a;

/// Reads a stream of events. Its buffers are used again for every event.
#[derive(Debug, Default)]
pub(super) struct Sse {
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    is_after_cr: bool,
    is_after_first_line: bool,
    name: String,
    data: String,
    has_data: bool,
}

impl Sse {
    /// Gives the events that `bytes` complete to `sink`; fails when one is too large or not UTF-8, or when `sink` does.
    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.is_after_cr)
                && let Some(rest) = bytes.strip_prefix(b"\n")
            {
                bytes = rest;
                continue;
            }
            let (head, tail) = bytes.split_at(line_end(bytes));
            if self.line.len() + self.data.len() + head.len() > MAX_EVENT_BYTES {
                self.line = Vec::new();
                return Err(too_large().into());
            }
            let Some((terminator, rest)) = tail.split_first() else {
                self.line.extend_from_slice(head);
                return Ok(());
            };
            self.is_after_cr = *terminator == b'\r';
            bytes = rest;
            if self.line.is_empty() {
                self.end_line(head, sink)?;
            } else {
                self.line.extend_from_slice(head);
                self.end_held_line(sink)?;
            }
        }
        Ok(())
    }

    /// Gives the event that the end of the bytes completes to `sink`: the last one may lack its empty line.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let begins = |field: &[u8]| self.line.starts_with(field);
        let may_be_whole = self.line.is_empty()
            || [b"data:".as_slice(), b"error:", b":"].into_iter().any(begins)
            // Some servers put the name behind the data.
            || self.has_data && begins(b"event:");
        let is_cut = !self.line.is_empty() && self.end_held_line(sink).is_err() || !may_be_whole;
        self.dispatch(sink)?;
        if is_cut {
            sink(SseEvent { name: "", data: CUT })?;
        }
        Ok(())
    }

    fn end_held_line(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut line = std::mem::take(&mut self.line);
        let ended = self.end_line(&line, sink);
        line.clear();
        self.line = line;
        ended
    }

    fn end_line(&mut self, line: &[u8], sink: &mut Sink<'_>) -> Result<(), Fault> {
        let text = line_text(line, &mut self.is_after_first_line, "an event")?;
        match text
            .split_once(':')
            .map_or((text, ""), |(field, value)| (field, value.strip_prefix(' ').unwrap_or(value)))
        {
            ("", "") if text.is_empty() => self.dispatch(sink)?,
            ("event", name) => name.clone_into(&mut self.name),
            // Older llama.cpp servers put a failure into a field of this name.
            ("error", value) if !self.has_data => {
                "error".clone_into(&mut self.name);
                self.add(value);
            }
            ("data", value) => self.add(value),
            // Comments begin with a colon; `id`, `retry` and unknown fields say nothing here.
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, value: &str) {
        if std::mem::replace(&mut self.has_data, true) {
            self.data.push('\n');
        }
        self.data.push_str(value);
    }

    fn dispatch(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let given = match std::mem::take(&mut self.has_data) {
            true => sink(SseEvent { name: &self.name, data: &self.data }),
            false => Ok(()),
        };
        self.name.clear();
        self.data.clear();
        given
    }
}

/// Where the first line of `bytes` ends: at an LF, a CR, or the end. Looks at eight bytes at a time.
pub(super) fn line_end(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    // Whether a byte of a word is zero.
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH != 0;
    let has_end =
        |word: u64| has_zero(word ^ (ONES * u64::from(b'\n'))) || has_zero(word ^ (ONES * u64::from(b'\r')));
    let (words, _) = bytes.as_chunks::<8>();
    let skipped = words.iter().take_while(|word| !has_end(u64::from_ne_bytes(**word))).count() * 8;
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// The text of a line; the first of a stream may begin with a byte order mark.
pub(super) fn line_text<'a>(line: &'a [u8], is_after_first: &mut bool, what: &str) -> Result<&'a str, Error> {
    let is_first = !std::mem::replace(is_after_first, true);
    let mark = line.strip_prefix(b"\xEF\xBB\xBF").filter(|_| is_first);
    std::str::from_utf8(mark.unwrap_or(line))
        .map_err(|_| Error::Protocol { message: format!("{what} is not UTF-8") })
}

/// The error for an event beyond the limit.
pub(super) fn too_large() -> Error {
    Error::Protocol { message: format!("an event is larger than {} MiB", MAX_EVENT_BYTES >> 20) }
}

/// The data of the first event in a text.
pub(crate) fn first_data(text: &[u8]) -> Option<String> {
    let (mut sse, mut first) = (Sse::default(), None);
    let mut sink = |event: SseEvent<'_>| {
        first.get_or_insert_with(|| event.data.to_owned());
        Ok(())
    };
    sse.push(text, &mut sink).and_then(|()| sse.finish(&mut sink)).ok()?;
    first
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(input: &str, expect: Expect) {
        let read = |pieces: &[&[u8]]| {
            let (mut sse, mut out) = (Sse::default(), String::new());
            let mut sink = |event: SseEvent<'_>| {
                out.push_str(&format!("{:?} {:?}\n", event.name, event.data));
                Ok(())
            };
            for piece in pieces {
                sse.push(piece, &mut sink).unwrap();
            }
            sse.finish(&mut sink).unwrap();
            out
        };
        let whole = read(&[input.as_bytes()]);
        expect.assert_eq(&whole);
        for at in 0..=input.len() {
            let (head, tail) = input.as_bytes().split_at(at);
            assert_eq!(read(&[head, tail]), whole, "cut at {at}");
        }
        let bytes: Vec<&[u8]> = input.as_bytes().chunks(1).collect();
        assert_eq!(read(&bytes), whole, "byte by byte");
    }

    fn nowhere(_: SseEvent<'_>) -> Result<(), Fault> {
        Ok(())
    }

    #[test]
    fn a_line_ends_wherever_its_end_lies() {
        for len in 0..40 {
            let text = vec![b'\x8a'; len];
            assert_eq!(line_end(&text), len);
            for at in 0..len {
                for end in [b'\n', b'\r'] {
                    let mut text = text.clone();
                    *text.get_mut(at).unwrap() = end;
                    assert_eq!(line_end(&text), at);
                }
            }
        }
    }

    #[test]
    fn lines_end_at_lf_crlf_and_cr() {
        check(
            "data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\ndata: e\r\n\n",
            expect![[r#"
            "" "a"
            "" "b"
            "" "c"
            "" "d"
            "" "e"
        "#]],
        );
    }

    #[test]
    fn data_lines_are_joined_and_names_do_not_linger() {
        check(
            "event: x\ndata: a\ndata:  b\ndata\n\ndata:c\n\nevent: y\n\ndata: d\n\n",
            expect![[r#"
            "x" "a\n b\n"
            "" "c"
            "" "d"
        "#]],
        );
    }

    #[test]
    fn comments_ids_and_unknown_fields_are_ignored() {
        check(
            ": keep-alive\n\n:\nid: 7\nretry: 9\nfoo: bar\ndata: é→🙂\n\n",
            expect![[r#"
            "" "é→🙂"
        "#]],
        );
    }

    #[test]
    fn a_name_may_stand_behind_its_data() {
        check(
            "data: a\nevent: x",
            expect![[r#"
            "x" "a"
        "#]],
        );
    }

    #[test]
    fn the_beginning_of_an_event_is_marked() {
        let (mut sse, mut seen) = (Sse::default(), Vec::new());
        let mut sink = |event: SseEvent<'_>| {
            seen.push(event.data.to_owned());
            Ok(())
        };
        sse.push(b"data: a\n\nevent: x", &mut sink).unwrap();
        sse.finish(&mut sink).unwrap();
        assert_eq!(seen, ["a", CUT]);
    }

    #[test]
    fn a_byte_order_mark_and_a_missing_last_line_are_tolerated() {
        check(
            "\u{feff}data: a\n\ndata: b",
            expect![[r#"
            "" "a"
            "" "b"
        "#]],
        );
    }

    #[test]
    fn an_endless_line_is_refused_at_the_limit() {
        let mut sse = Sse::default();
        let block = vec![b'x'; 1 << 20];
        let n_taken = (0..1024).take_while(|_| sse.push(&block, &mut nowhere).is_ok()).count();
        assert_eq!(n_taken, MAX_EVENT_BYTES >> 20);
        let error = sse.push(&vec![b'x'; MAX_EVENT_BYTES + 1], &mut nowhere).unwrap_err().error();
        assert_eq!(
            error.to_string(),
            "the answer does not follow the protocol: an event is larger than 16 MiB"
        );
    }

    #[test]
    fn many_data_lines_are_limited_as_one_event() {
        let mut sse = Sse::default();
        let line = [b"data: ".as_slice(), &vec![b'x'; 1 << 20], b"\n"].concat();
        let n_taken = (0..1024).take_while(|_| sse.push(&line, &mut nowhere).is_ok()).count();
        assert_eq!(n_taken, (MAX_EVENT_BYTES >> 20) - 1);
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let error = Sse::default().push(b"data: \xff\n", &mut nowhere).unwrap_err().error();
        assert_eq!(error.to_string(), "the answer does not follow the protocol: an event is not UTF-8");
    }
}
