//! A connection inside one process: for tests, and for a client that lives beside its server.
//!
//! Owns nothing but the crossing of two pipes. Reading waits for bytes, writing waits for room, and a side that is
//! dropped is the end of the other's input.

use std::io::{self, PipeReader, PipeWriter};

/// One side of a connection.
#[derive(Debug)]
pub struct Side {
    /// What the other side writes.
    pub input: PipeReader,
    /// What the other side reads.
    pub output: PipeWriter,
}

/// Two sides that are connected to each other. Fails when the system has no more pipes to give.
pub fn pair() -> io::Result<(Side, Side)> {
    let (first_input, second_output) = io::pipe()?;
    let (second_input, first_output) = io::pipe()?;
    let first = Side { input: first_input, output: first_output };
    let second = Side { input: second_input, output: second_output };
    Ok((first, second))
}
