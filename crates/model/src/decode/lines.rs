//! One JSON value a line, out of bytes cut anywhere. Lines end at LF, CRLF or CR: no JSON text holds a bare one.

use super::sse::{CUT, Sink, SseEvent, line_end, line_text, too_large};
use super::{Fault, MAX_EVENT_BYTES};

/// Reads a stream of lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    line: Vec<u8>,
    is_after_first_line: bool,
}

impl Lines {
    /// Gives the lines that `bytes` complete to `sink`; fails when one is too large or not UTF-8, or when `sink` does.
    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let (head, tail) = bytes.split_at(line_end(bytes));
            if self.line.len() + head.len() > MAX_EVENT_BYTES {
                self.line = Vec::new();
                return Err(too_large().into());
            }
            let Some((_, rest)) = tail.split_first() else {
                self.line.extend_from_slice(head);
                return Ok(());
            };
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

    /// Gives the line that the end of the bytes completes to `sink`.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        match self.end_held_line(sink) {
            // Bytes that are no text at the very end are the place of a cut.
            Err(Fault::Error(_)) => sink(SseEvent { name: "", data: CUT }),
            other => other,
        }
    }

    fn end_held_line(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut line = std::mem::take(&mut self.line);
        let ended = self.end_line(&line, sink);
        line.clear();
        self.line = line;
        ended
    }

    fn end_line(&mut self, line: &[u8], sink: &mut Sink<'_>) -> Result<(), Fault> {
        let text = line_text(line, &mut self.is_after_first_line, "a line")?;
        match text.trim() {
            "" => Ok(()),
            data => sink(SseEvent { name: "", data }),
        }
    }
}
