//! Values that their name gives away: `password = "…"`, `"api_key": "…"`, `SECRET_TOKEN=…`, `…;Password=…;`.
//!
//! Owns the forms of an assignment. Looks only at where a name of a secret stands. Must never take a reference
//! (`settings.password`, `${TOKEN}`) or a stand-in (`changeme`) for a secret.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{name, value};

/// What a name of a secret has in it.
const PARTS: [&str; 8] = ["pass", "pwd", "secret", "token", "key", "credential", "bearer", "_pw"];

/// Fewest characters of a value; shorter ones are guessed faster than leaked.
const MIN_LEN: usize = 8;
/// Most characters of a value; longer ones are data.
const MAX_LEN: usize = 512;
/// Bits per character. Words of a language have less, random ones of `MIN_LEN` different characters have 3.
const MIN_ENTROPY: f64 = 2.7;
/// Bits per character that the words of a path do not have.
const MIN_PATH_ENTROPY: f64 = 4.3;

/// From a part of a name to its sign, such as over the type of a variable.
const MAX_TO_SIGN: usize = 80;
/// From a sign back over what may be a name and its type.
const MAX_NAME: usize = 128;

static NAME_PARTS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(PARTS).ok());

/// The values in `text` that are assigned to a name of a secret and look random.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut seen = 0;
    for hit in NAME_PARTS.iter().flat_map(|parts| parts.find_iter(text)) {
        let near = line_from(text, hit.end(), MAX_TO_SIGN);
        for (offset, _) in near.match_indices(['=', ':', ' ']) {
            let sign = hit.end() + offset;
            if sign >= seen {
                seen = sign + 1;
                spans.extend(behind(text, sign));
            }
        }
    }
    spans
}

/// Whether a name in front of a value, with the sign between them, makes it a secret.
pub(super) fn is_named(before: &str, secret: &str) -> bool {
    let name = before.trim_end_matches(|c: char| !is_name(c));
    let name = name.rsplit(|c: char| !is_name(c) && c != '.').next().unwrap_or("");
    let name = name.rsplit('.').next().unwrap_or("");
    name::is_of_secret(name) && is_secret(secret) && (!is_word(secret) || value::is_random_word(secret))
}

/// At most so many bytes of the line from `offset` on.
fn line_from(text: &str, offset: usize, max_bytes: usize) -> &str {
    let end = text.floor_char_boundary((offset + max_bytes).min(text.len()));
    let part = text.get(offset..end).unwrap_or("");
    part.split(['\n', '\r']).next().unwrap_or("")
}

/// At most so many bytes of the line in front of `offset`.
fn line_before(text: &str, offset: usize, max_bytes: usize) -> &str {
    let start = text.ceil_char_boundary(offset.saturating_sub(max_bytes));
    let part = text.get(start..offset).unwrap_or("");
    part.rsplit(['\n', '\r']).next().unwrap_or("")
}

/// The secret that is assigned by the sign at an offset.
fn behind(text: &str, sign: usize) -> Option<Range<usize>> {
    let left = line_before(text, sign, MAX_NAME);
    let what = text.get(sign..sign + 1)?;
    let rest = line_from(text, sign + 1, MAX_LEN + MAX_TO_SIGN);
    if what == " " {
        return netrc(left, rest).map(|found| sign + 1 + found.start..sign + 1 + found.end);
    }
    if !names_secret(left) {
        return None;
    }
    let value = rest.trim_start_matches(['=', '>', ' ', '\t']);
    let start = sign + 1 + rest.len() - value.len();
    let is_tight = what == "=" && start == sign + 1;
    let found = quoted(value)
        .or_else(|| bare(left, value, is_tight))
        .or_else(|| if is_tight { embedded(left, value) } else { None })?;
    Some(start + found.start..start + found.end)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Whether the last name of `left` names a secret: `db_password`, `"apiKey"`, `config['token']`, `password: str`.
fn names_secret(left: &str) -> bool {
    let left = left.rsplit([',', ';', '{', '(']).next().unwrap_or("");
    let mut names = left.rsplit(|c: char| !is_name(c)).filter(|name| !name.is_empty()).take(3);
    // Behind the name there may be a type, as in `password: Option<String> =` or `let token: string =`.
    if left.contains(':') {
        names.any(name::is_of_secret)
    } else {
        names.next().is_some_and(name::is_of_secret)
    }
}

/// The random value in quotes that `text` begins with. In a text within a text, such as a notebook, quotes have a backslash.
fn quoted(text: &str) -> Option<Range<usize>> {
    // Prefixes of strings: `b"`, `f"`, `r"`, `@"`.
    let offset = text.find(['"', '\'', '`']).filter(|offset| *offset <= 3)?;
    let prefix = text.get(..offset)?;
    let escape = if prefix.ends_with('\\') { "\\" } else { "" };
    if !prefix.trim_end_matches('\\').chars().all(|c| c.is_ascii_alphabetic() || c == '@') {
        return None;
    }
    let quote = text.get(offset..)?.chars().next()?;
    let start = offset + quote.len_utf8();
    let len = text.get(start..)?.find(&format!("{escape}{quote}"))?;
    let value = text.get(start..start + len)?;
    is_secret(value).then_some(start..start + len)
}

/// The random value without quotes that fills the line from `text` on, as in shell, properties and YAML.
///
/// Names and types of code stand there as well, so a value that could be one has to look made by chance.
fn bare(left: &str, text: &str, is_tight: bool) -> Option<Range<usize>> {
    // In a diff there is a sign in front.
    let name = left.trim_start_matches(['+', '-', ' ', '\t']).trim_end();
    let name = name.trim_start_matches("export ").trim_start_matches("//");
    let is_plain_name = name.chars().all(|c| is_name(c) || matches!(c, '.' | ':' | '/'));
    let content = text.split_once(" #").map_or(text, |(content, _)| content).trim_end();
    let is_code = content.contains("::")
        || content.contains(['(', ')', '[', ']', '{', '}', '<', '>', ',', ';', '|', '"', '\'', '`']);
    let has_digit = content.bytes().any(|byte| byte.is_ascii_digit());
    let is_likely = !is_word(content) || is_tight && has_digit || value::is_random_word(content);
    let is_value = is_plain_name && !is_code && !is_reference(content) && is_likely && is_secret(content);
    is_value.then_some(0..content.len())
}

/// The random value up to the next sign of a connection string or a query.
fn embedded(left: &str, text: &str) -> Option<Range<usize>> {
    let len = text.find([';', '&', '"', '\'', '\\', ' ', '<', '`']).unwrap_or(text.len());
    let content = text.get(..len)?;
    let is_code = content.contains(['(', ')', '[', ']', '{', '}', ',', '|', '$']);
    // `…;PWD=` and `…&password=`: no code names a value so.
    let is_listed = left.trim_end_matches(|c: char| is_name(c) || c == ' ').ends_with([';', '&', '?']);
    let is_likely = !is_word(content) || is_listed || value::is_random_word(content);
    (!is_code && !is_reference(content) && is_likely && is_secret(content)).then_some(0..len)
}

/// The value in a line of a `.netrc`: `machine … login … password …`.
fn netrc(left: &str, text: &str) -> Option<Range<usize>> {
    let is_line = left.ends_with(" password") && (left.contains("login ") || left.contains("machine "));
    let content = text.split_whitespace().next()?;
    (is_line && text.starts_with(content) && is_secret(content)).then_some(0..content.len())
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Whether it is made of words of one case, and perhaps a number: `same-origin`, `prod_db_2`, `SECRET_0`.
fn is_words(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let n_words = text.split(['-', '_', '.']).filter(|word| !word.is_empty()).count();
    let is_all = |class: fn(&char) -> bool| text.chars().all(|c| class(&c) || matches!(c, '-' | '_' | '.'));
    n_words > 1 && (is_all(char::is_ascii_lowercase) || is_all(char::is_ascii_uppercase))
}

/// Whether a value is a name of something: `settings.token`, `*anchor`.
fn is_reference(text: &str) -> bool {
    text.starts_with(['&', '*', '$', '@'])
        && text.chars().skip(1).all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
        || text.contains('.') && value::entropy(text) < MIN_PATH_ENTROPY
}

fn is_secret(secret: &str) -> bool {
    if !(MIN_LEN..=MAX_LEN).contains(&secret.len())
        || secret.contains(char::is_whitespace)
        || value::is_stand_in(secret)
    {
        return false;
    }
    if is_words(secret) {
        return false;
    }
    let entropy = value::entropy(secret);
    let is_path = secret.starts_with(['/', '.', '~']) && entropy < MIN_PATH_ENTROPY;
    // `[a-z]{8}`, `\w+`
    let is_pattern =
        secret.contains('[') && secret.contains(']') || secret.contains("\\w") || secret.contains("\\d");
    // A URL, a text with escapes.
    if is_path
        || is_pattern
        || secret.contains("://")
        || ["\\n", "\\r", "\\t", "\\0"].iter().any(|escape| secret.contains(escape))
    {
        return false;
    }
    let has = |class: fn(&char) -> bool| secret.chars().any(|c| class(&c));
    let has_symbol =
        secret.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/' | ':'));
    let has_both_cases = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let is_mixed =
        has(char::is_ascii_alphabetic) && (has(char::is_ascii_digit) || has_symbol && has_both_cases);
    is_mixed && entropy >= MIN_ENTROPY
}
