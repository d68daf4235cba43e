//! Where the secrets of a text are.
//!
//! Owns the detectors that need more than one token: key blocks, JSON web tokens, passwords in URLs. Prefers hiding too
//! much, because hiding is undone exactly; must never hide whole pages, because the model works on what is left.

use std::ops::Range;

use super::{assignment, gitleaks, shape, value};

/// A PEM block is longer than this only if it is not one.
const MAX_KEY_BYTES: usize = 16 * 1024;
/// The shortest key has one line that is longer.
const MIN_KEY_LINE: usize = 32;

/// Every secret in `text`, in no order; spans may overlap.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = shape::tokens(text).collect();
    spans.extend(private_keys(text));
    spans.extend(json_web_tokens(text));
    spans.extend(url_passwords(text));
    spans.extend(assignment::values(text));
    spans.extend(gitleaks::secrets(text));
    spans
}

/// From `-----BEGIN … PRIVATE KEY…-----` to its end line; without one, to the last line that looks like its content.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    const BEGIN: &str = "-----BEGIN ";
    const DASHES: &str = "-----";
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.match_indices(BEGIN) {
        let rest = start + BEGIN.len();
        let end = text.floor_char_boundary((rest + 2 * MAX_KEY_BYTES).min(text.len()));
        let Some(rest) = text.get(rest..end) else { continue };
        let Some((label, body)) = rest.split_once(DASHES) else { continue };
        let is_label = label.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ');
        if label.len() > 64 || !label.contains("PRIVATE KEY") || !is_label {
            continue;
        }
        let body_start = start + BEGIN.len() + label.len() + DASHES.len();
        let end_line = format!("-----END {label}{DASHES}");
        let len = match body.find(&end_line) {
            Some(len) if len <= MAX_KEY_BYTES => len + end_line.len(),
            Some(_) | None => key_lines(body),
        };
        // A bare header, as in this file, hides nothing.
        if body.get(..len).is_some_and(has_key) {
            spans.push(start..body_start + len);
        }
    }
    spans.extend(cut_keys(text));
    spans
}

/// The lines of keys whose first line is not in the text: from the first that looks like content to the end line.
fn cut_keys(text: &str) -> Vec<Range<usize>> {
    const END: &str = "-----END ";
    let key = |(offset, _): (usize, &str)| {
        let label_start = offset + END.len();
        let label_end = text.floor_char_boundary((label_start + 64).min(text.len()));
        let (label, _) = text.get(label_start..label_end)?.split_once("-----")?;
        let before = text.get(text.ceil_char_boundary(offset.saturating_sub(MAX_KEY_BYTES))..offset)?;
        let is_content = |line: &&str| !line.trim().is_empty() && line.trim().bytes().all(is_key_byte);
        let lines = text::split_lines(before);
        let start = offset - lines.into_iter().rev().take_while(is_content).map(str::len).sum::<usize>();
        let is_cut = label.contains("PRIVATE KEY") && has_key(text.get(start..offset)?);
        is_cut.then(|| start..label_start + label.len() + "-----".len())
    };
    text.match_indices(END).filter_map(key).collect()
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\\' | b'"' | b'\'')
}

/// Whether a text has a line of base64 in it, as keys have.
fn has_key(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '='))
        .any(|run| run.len() >= MIN_KEY_LINE)
}

/// Bytes of the lines at the start of `body` that may belong to a key that was cut off.
fn key_lines(body: &str) -> usize {
    let mut len = 0;
    let mut may_be_blank = true;
    for line in text::split_lines(body) {
        let content = line.trim();
        let is_header = content.starts_with("Proc-Type:") || content.starts_with("DEK-Info:");
        let is_content = if content.is_empty() { may_be_blank } else { content.bytes().all(is_key_byte) };
        // What follows the dashes on their own line belongs to a key written into a string.
        if len > 0 && !is_header && !is_content || len + line.len() > MAX_KEY_BYTES {
            break;
        }
        may_be_blank = is_header;
        len += line.len();
    }
    body.get(..len).map_or(0, |lines| lines.trim_end().len())
}

/// `eyJ….eyJ….…`: header and payload are JSON objects in base64.
fn json_web_tokens(text: &str) -> Vec<Range<usize>> {
    let segment = |from: usize| {
        let rest = text.as_bytes().get(from..).unwrap_or(&[]);
        rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count()
    };
    let token = |start: usize| {
        let header = start + segment(start);
        let payload = header + 1;
        let is_dotted = text.get(header..)?.starts_with(".eyJ");
        let signature = payload + segment(payload) + 1;
        if header - start < 10 || !is_dotted || !text.get(signature - 1..)?.starts_with('.') {
            return None;
        }
        let len = segment(signature);
        (len >= 10).then(|| start..signature + len)
    };
    text.match_indices("eyJ").filter_map(|(start, _)| token(start)).collect()
}

/// The password of `scheme://user:password@host`.
fn url_passwords(text: &str) -> Vec<Range<usize>> {
    let password = |offset: usize| {
        let start = offset + "://".len();
        let rest = text.get(start..)?;
        let authority = rest.get(
            ..rest.find(|c: char| c.is_whitespace() || "/\"'`<>?#,".contains(c)).unwrap_or(rest.len()),
        )?;
        let (userinfo, host) = authority.rsplit_once('@')?;
        let (user, password) = userinfo.split_once(':')?;
        let is_real = password.len() >= 6 && !host.is_empty() && !value::is_stand_in(password);
        let from = start + user.len() + 1;
        is_real.then(|| from..from + password.len())
    };
    text.match_indices("://").filter_map(|(offset, _)| password(offset)).collect()
}
