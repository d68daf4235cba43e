//! Server-sent events out of bytes cut anywhere.
//!
//! Lines end at LF, CRLF or CR. Text is decoded line by line, so a character cut by a chunk is never seen in halves.

use crate::error::Error;

/// Most bytes of one event. No provider comes near it; without a limit one endless line would take all memory.
pub const MAX_EVENT_BYTES: usize = 16 << 20;

/// Stands for an event of which only the beginning came; it is no JSON.
pub(super) const CUT: &str = "\u{fffd}";

/// One event: its name, empty for the default, and its data.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SseEvent {
    pub(super) name: String,
    pub(super) data: String,
}

/// Reads a stream of events.
#[derive(Debug, Default)]
pub(super) struct Sse {
    line: Vec<u8>,
    is_after_cr: bool,
    is_after_first_line: bool,
    name: String,
    data: Option<String>,
}

impl Sse {
    /// Appends the events that `bytes` complete to `out`; fails when one is too large or not UTF-8.
    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<SseEvent>) -> Result<(), Error> {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.is_after_cr)
                && let Some(rest) = bytes.strip_prefix(b"\n")
            {
                bytes = rest;
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (head, tail) = bytes.split_at(end.unwrap_or(bytes.len()));
            let held = self.line.len() + self.data.as_ref().map_or(0, String::len);
            if held + head.len() > MAX_EVENT_BYTES {
                self.line = Vec::new();
                return Err(too_large());
            }
            self.line.extend_from_slice(head);
            let Some((terminator, rest)) = tail.split_first() else { return Ok(()) };
            self.is_after_cr = *terminator == b'\r';
            bytes = rest;
            self.end_line(out)?;
        }
        Ok(())
    }

    /// The event that the end of the bytes completes: the last one may lack its empty line.
    pub(super) fn finish(&mut self) -> Vec<SseEvent> {
        let mut out = Vec::new();
        let begins = |field: &[u8]| self.line.starts_with(field);
        let may_be_whole = self.line.is_empty()
            || [b"data:".as_slice(), b"error:", b":"].into_iter().any(begins)
            // Some servers put the name behind the data.
            || self.data.is_some() && begins(b"event:");
        let is_cut = !self.line.is_empty() && self.end_line(&mut out).is_err() || !may_be_whole;
        self.dispatch(&mut out);
        if is_cut {
            out.push(SseEvent { name: String::new(), data: CUT.to_owned() });
        }
        out
    }

    fn end_line(&mut self, out: &mut Vec<SseEvent>) -> Result<(), Error> {
        let mut line = std::mem::take(&mut self.line);
        let mut bytes = line.as_slice();
        if !std::mem::replace(&mut self.is_after_first_line, true) {
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::Protocol { message: "an event is not UTF-8".to_owned() })?;
        match text
            .split_once(':')
            .map_or((text, ""), |(field, value)| (field, value.strip_prefix(' ').unwrap_or(value)))
        {
            ("", "") if text.is_empty() => self.dispatch(out),
            ("event", name) => name.clone_into(&mut self.name),
            // Older llama.cpp servers put a failure into a field of this name.
            ("error", value) if self.data.is_none() => {
                "error".clone_into(&mut self.name);
                self.data = Some(value.to_owned());
            }
            ("data", value) => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // Comments begin with a colon; `id`, `retry` and unknown fields say nothing here.
            _ => {}
        }
        line.clear();
        self.line = line;
        Ok(())
    }

    fn dispatch(&mut self, out: &mut Vec<SseEvent>) {
        let name = std::mem::take(&mut self.name);
        if let Some(data) = self.data.take() {
            out.push(SseEvent { name, data });
        }
    }
}

/// The error for an event beyond the limit.
pub(super) fn too_large() -> Error {
    Error::Protocol { message: format!("an event is larger than {} MiB", MAX_EVENT_BYTES >> 20) }
}

/// The data of the first event in a text.
pub(crate) fn first_data(text: &[u8]) -> Option<String> {
    let (mut sse, mut out) = (Sse::default(), Vec::new());
    sse.push(text, &mut out).ok()?;
    out.extend(sse.finish());
    out.into_iter().next().map(|event| event.data)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(input: &str, expect: Expect) {
        let read = |pieces: &[&[u8]]| {
            let mut sse = Sse::default();
            let mut out = Vec::new();
            for piece in pieces {
                sse.push(piece, &mut out).unwrap();
            }
            out.extend(sse.finish());
            out.iter().map(|event| format!("{:?} {:?}\n", event.name, event.data)).collect::<String>()
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
        let mut sse = Sse::default();
        sse.push(b"data: a\n\nevent: x", &mut Vec::new()).unwrap();
        let rest: Vec<String> = sse.finish().into_iter().map(|event| event.data).collect();
        assert_eq!(rest, [CUT]);
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
        let mut out = Vec::new();
        let n_taken = (0..1024).take_while(|_| sse.push(&block, &mut out).is_ok()).count();
        assert_eq!(n_taken, MAX_EVENT_BYTES >> 20);
        let error = sse.push(&vec![b'x'; MAX_EVENT_BYTES + 1], &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the answer does not follow the protocol: an event is larger than 16 MiB"
        );
    }

    #[test]
    fn many_data_lines_are_limited_as_one_event() {
        let mut sse = Sse::default();
        let line = [b"data: ".as_slice(), &vec![b'x'; 1 << 20], b"\n"].concat();
        let mut out = Vec::new();
        let n_taken = (0..1024).take_while(|_| sse.push(&line, &mut out).is_ok()).count();
        assert_eq!(n_taken, (MAX_EVENT_BYTES >> 20) - 1);
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let error = Sse::default().push(b"data: \xff\n", &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the answer does not follow the protocol: an event is not UTF-8");
    }
}
