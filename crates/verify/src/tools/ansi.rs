//! Output as plain text.
//!
//! Must never drop a character that a person would see.

use anstream::adapter::strip_str;

/// The text without escape sequences and with `\n` as line ending; what is no UTF-8 is replaced.
pub(crate) fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    // A progress bar writes over its line; what comes after it begins one.
    strip_str(&text).to_string().replace("\r\n", "\n").replace('\r', "\n")
}
