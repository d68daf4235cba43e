//! Cuts a stream of bytes into message bodies, and finds the next message after whatever was not one.
//!
//! Owns the form of a frame: header lines, a blank line, a body of `Content-Length` bytes. Must never read a body's
//! meaning, and never hold more of a stream than one line or one body.

use std::io::{self, BufRead, BufReader, Read, Write};

/// The only header that is read.
const NAME: &[u8] = b"Content-Length";

/// A line that is longer is no header: all but its end is forgotten.
const LINE_LIMIT: usize = 8 << 10;

/// What is kept of such a line's end; a header that begins there is still found.
const LINE_END: usize = 256;

/// Bytes that are reserved before any of a body has arrived: a wrong length costs no more.
const FIRST_RESERVE: usize = 64 << 10;

/// What came next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// The bytes of a message.
    Body(Vec<u8>),
    /// Something that cannot be read. Said once; nothing more is said until a frame is whole again.
    Fault(Fault),
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Lines that end in a blank one, and no usable `Content-Length` among them.
    NoLength,
    /// A body that is longer than allowed.
    TooLong {
        /// What its header says.
        n_bytes: u64,
    },
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct FrameReader<R> {
    input: BufReader<R>,
    max_body: usize,
    line: Vec<u8>,
    is_lost: bool,
}

enum Header {
    Length(u64),
    Missing,
    EndOfInput,
}

impl<R: Read> FrameReader<R> {
    /// A reader that refuses bodies of more than `max_body` bytes.
    pub(super) fn new(input: R, max_body: usize) -> FrameReader<R> {
        let input = BufReader::with_capacity(FIRST_RESERVE, input);
        FrameReader { input, max_body, line: Vec::new(), is_lost: false }
    }

    /// The next frame; none at the end of the input, also when it ends inside a frame.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        loop {
            match self.header()? {
                Header::EndOfInput => return Ok(None),
                Header::Length(n_bytes) if n_bytes > self.max_body as u64 => {
                    // The length may be as wrong as the body is long. What follows is read as lines that mean
                    // nothing, which finds the next header in both cases.
                    self.is_lost = true;
                    return Ok(Some(Frame::Fault(Fault::TooLong { n_bytes })));
                }
                Header::Length(n_bytes) => {
                    self.is_lost = false;
                    return Ok(self.body(n_bytes)?.map(Frame::Body));
                }
                Header::Missing if self.is_lost => {}
                Header::Missing => {
                    self.is_lost = true;
                    return Ok(Some(Frame::Fault(Fault::NoLength)));
                }
            }
        }
    }

    /// Reads up to and with a blank line. Blank lines in front of a header mean nothing.
    fn header(&mut self) -> io::Result<Header> {
        let mut length = None;
        let mut is_empty = true;
        while self.read_line()? {
            let line = self.line.trim_ascii();
            if !line.is_empty() {
                is_empty = false;
                length = content_length(line).or(length);
            } else if !is_empty {
                return Ok(length.map_or(Header::Missing, Header::Length));
            }
        }
        Ok(Header::EndOfInput)
    }

    /// Puts the next line into `self.line`; false when the input ends before the line does.
    fn read_line(&mut self) -> io::Result<bool> {
        self.line.clear();
        loop {
            let n_read = (&mut self.input).take(LINE_LIMIT as u64).read_until(b'\n', &mut self.line)?;
            if self.line.ends_with(b"\n") {
                return Ok(true);
            }
            if n_read == 0 {
                return Ok(false);
            }
            self.line.drain(..self.line.len().saturating_sub(LINE_END));
        }
    }

    fn body(&mut self, n_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        let mut body =
            Vec::with_capacity(FIRST_RESERVE.min(usize::try_from(n_bytes).unwrap_or(FIRST_RESERVE)));
        let n_read = (&mut self.input).take(n_bytes).read_to_end(&mut body)?;
        Ok((n_read as u64 == n_bytes).then_some(body))
    }
}

/// The length that a line states. The name may follow other bytes: the end of a body that was longer than its
/// header said.
fn content_length(line: &[u8]) -> Option<u64> {
    let start = line.windows(NAME.len()).rposition(|part| part.eq_ignore_ascii_case(NAME))?;
    let (before, from_name) = line.split_at_checked(start)?;
    if before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        return None;
    }
    let value = from_name.get(NAME.len()..)?.trim_ascii_start().strip_prefix(b":")?;
    std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok()
}

/// Writes one frame.
pub(super) fn write(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
    output.write_all(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All frames of `input`, one per line, cut into pieces of every size up to 9 bytes on the way in.
    #[track_caller]
    fn check(input: &str, expect: &[&str]) {
        for step in 1..10 {
            let mut reader = FrameReader::new(Pieces { rest: input.as_bytes(), step }, 40);
            let mut found = Vec::new();
            while let Some(frame) = reader.next().unwrap() {
                found.push(match frame {
                    Frame::Body(body) => String::from_utf8(body).unwrap(),
                    Frame::Fault(fault) => format!("{fault:?}"),
                });
            }
            assert_eq!(found, expect, "in pieces of {step}");
        }
    }

    struct Pieces<'a> {
        rest: &'a [u8],
        step: usize,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let n = self.step.min(buffer.len()).min(self.rest.len());
            let (now, later) = self.rest.split_at(n);
            buffer[..n].copy_from_slice(now);
            self.rest = later;
            Ok(n)
        }
    }

    #[test]
    fn frames_follow_each_other() {
        check("Content-Length: 1\r\n\r\naContent-Length: 2\r\n\r\nbb", &["a", "bb"]);
        check("Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\na", &["", "a"]);
    }

    #[test]
    fn header_names_have_any_case_and_company() {
        check("content-length:1\r\nX-Content-Length: 9\r\nContent-Type: a\r\n\r\na", &["a"]);
        check("A: b\r\nCONTENT-LENGTH :  1  \r\nC\r\n\r\na", &["a"]);
    }

    #[test]
    fn lines_may_end_without_a_carriage_return() {
        check("Content-Length: 1\n\na", &["a"]);
    }

    #[test]
    fn blank_lines_between_frames_mean_nothing() {
        check("\r\n\n\r\nContent-Length: 1\r\n\r\na\r\n\r\nContent-Length: 1\r\n\r\nb", &["a", "b"]);
    }

    #[test]
    fn a_header_without_a_length_is_said_once() {
        check("A: b\r\n\r\nC: d\r\n\r\nContent-Length: 1\r\n\r\na", &["NoLength", "a"]);
        check(
            "x\r\n\r\nContent-Length: 1\r\n\r\nay\r\n\r\nContent-Length: 1\r\n\r\nb",
            &["NoLength", "a", "NoLength", "b"],
        );
    }

    #[test]
    fn a_length_that_is_no_number_is_no_length() {
        check("Content-Length: x\r\n\r\nContent-Length: 1\r\n\r\na", &["NoLength", "a"]);
        check("Content-Length: -1\r\n\r\nContent-Length: 1\r\n\r\na", &["NoLength", "a"]);
        check("Content-Length:\r\n\r\nContent-Length: 1\r\n\r\na", &["NoLength", "a"]);
        check("Content-Length: 99999999999999999999\r\n\r\nContent-Length: 1\r\n\r\na", &["NoLength", "a"]);
    }

    #[test]
    fn garbage_before_a_header_is_passed_over() {
        check("what?\nContent-Length: 1\r\n\r\na", &["a"]);
        check("{\"a\":1}Content-Length: 1\r\n\r\na", &["a"]);
    }

    #[test]
    fn a_body_longer_than_its_length_costs_only_itself() {
        check("Content-Length: 2\r\n\r\n{\"a\":1}Content-Length: 1\r\n\r\na", &["{\"", "a"]);
    }

    #[test]
    fn a_body_that_is_too_long_is_passed_over() {
        let long = format!("Content-Length: 50\r\n\r\n{}}}Content-Length: 1\r\n\r\na", "x".repeat(49));
        check(&long, &["TooLong { n_bytes: 50 }", "a"]);
        let lie = "Content-Length: 123456789012\r\n\r\n{}Content-Length: 1\r\n\r\na";
        check(lie, &["TooLong { n_bytes: 123456789012 }", "a"]);
    }

    #[test]
    fn a_body_that_is_too_long_may_hold_what_looks_like_a_header() {
        let body = "{\"text\":\"Content-Length: 3\\r\\n\\r\\nabc, and so on\"}";
        let long = format!("Content-Length: {}\r\n\r\n{body}Content-Length: 1\r\n\r\na", body.len());
        check(&long, &["TooLong { n_bytes: 50 }", "a"]);
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let garbage = format!("{}}}Content-Length: 1\r\n\r\na", "Content-Length: 7 ".repeat(20_000));
        let mut reader = FrameReader::new(garbage.as_bytes(), 40);
        assert_eq!(reader.next().unwrap(), Some(Frame::Body(b"a".to_vec())));
        assert!(reader.line.capacity() < 4 * LINE_LIMIT, "{} bytes are held", reader.line.capacity());
    }

    #[test]
    fn a_length_reserves_little_before_the_body_arrives() {
        let mut reader = FrameReader::new(&b"Content-Length: 60000000\r\n\r\nabc"[..], 64 << 20);
        assert_eq!(reader.next().unwrap(), None);
    }

    #[test]
    fn an_input_that_ends_inside_a_frame_has_ended() {
        check("Content-Length: 5\r\n\r\nabc", &[]);
        check("Content-Length: 5\r\n", &[]);
        check("Content-Le", &[]);
        check("", &[]);
    }
}
