//! One JSON value a line, out of bytes cut anywhere. Lines end at LF, CRLF or CR: no JSON text holds a bare one.

use super::MAX_EVENT_BYTES;
use super::sse::{CUT, SseEvent, too_large};
use crate::error::Error;

/// Reads a stream of lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    line: Vec<u8>,
    is_after_first_line: bool,
}

impl Lines {
    /// Appends the lines that `bytes` complete to `out`; fails when one is too large or not UTF-8.
    pub(super) fn push(&mut self, mut bytes: &[u8], out: &mut Vec<SseEvent>) -> Result<(), Error> {
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let (head, tail) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.line.len() + head.len() > MAX_EVENT_BYTES {
                self.line = Vec::new();
                return Err(too_large());
            }
            self.line.extend_from_slice(head);
            let Some((_, rest)) = tail.split_first() else { return Ok(()) };
            bytes = rest;
            self.end_line(out)?;
        }
        Ok(())
    }

    /// The line that the end of the bytes completes.
    pub(super) fn finish(&mut self) -> Vec<SseEvent> {
        let mut out = Vec::new();
        // Bytes that are no text at the very end are the place of a cut.
        if self.end_line(&mut out).is_err() {
            out.push(SseEvent { name: String::new(), data: CUT.to_owned() });
        }
        out
    }

    fn end_line(&mut self, out: &mut Vec<SseEvent>) -> Result<(), Error> {
        let mut bytes = self.line.as_slice();
        if !std::mem::replace(&mut self.is_after_first_line, true) {
            bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        }
        let line = std::str::from_utf8(bytes).map(|text| text.trim().to_owned());
        self.line.clear();
        let data = line.map_err(|_| Error::Protocol { message: "a line is not UTF-8".to_owned() })?;
        if !data.is_empty() {
            out.push(SseEvent { name: String::new(), data });
        }
        Ok(())
    }
}
