//! What is kept of a text whose bytes are not: for each line a mark, a length and an ending.
//!
//! Enough to find the lines again in another text, and not to read them. What a mark is made of is the caller's: it must be
//! the same for the same line, and tell lines apart.

mod form;
mod retraced;

pub use form::Trace;
pub use retraced::Retraced;

#[cfg(test)]
mod tests;
