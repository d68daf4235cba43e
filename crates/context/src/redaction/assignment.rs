//! Values that their name gives away: `password = "…"`, `"api_key": "…"`, `SECRET_TOKEN=…`.
//!
//! Owns the names, the forms of an assignment and the question whether a value is random enough. Must never take a
//! reference (`settings.password`, `${TOKEN}`) or a stand-in (`changeme`) for a secret.

use std::ops::Range;

/// Parts of names that hold secrets, in lower case without separators.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "authkey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "credential",
    "bearer",
];

/// Parts of values that stand in for a secret, in lower case.
const STAND_INS: &[&str] = &[
    "changeme",
    "change_me",
    "change-me",
    "example",
    "placeholder",
    "your-",
    "your_",
    "dummy",
    "redacted",
    "xxxx",
    "****",
    "...",
    "123456",
    "${",
    "{{",
    "<%",
    "%(",
    "$(",
    "process.env",
    "os.environ",
    "getenv",
];

/// Whole values that stand in for a secret.
const WORDS: &[&str] = &["password", "passwd", "secret", "postgres", "username"];

/// Fewest characters of a value; shorter ones are guessed faster than leaked.
const MIN_LEN: usize = 8;
/// Most characters of a value; longer ones are data.
const MAX_LEN: usize = 512;
/// Bits per character. Words of a language have less, random ones of `MIN_LEN` different characters have 3.
const MIN_ENTROPY: f64 = 2.7;

/// The values in `text` that are assigned to a name of a secret and look random.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut line_start = 0;
    for line in text::split_lines(text) {
        spans.extend(in_line(line).into_iter().map(|span| line_start + span.start..line_start + span.end));
        line_start += line.len();
    }
    spans
}

/// Whether a value only stands where a secret would.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.to_lowercase();
    let is_between = |open: char, close: char| value.starts_with(open) && value.ends_with(close);
    let is_variable =
        value.strip_prefix('$').is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    STAND_INS.iter().any(|part| value.contains(part))
        || WORDS.contains(&value.as_str())
        || is_between('<', '>')
        || is_between('{', '}')
        || is_variable
}

fn in_line(line: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    // Assignments of one line, left to right; what stands in front of the sign must name a secret.
    for (sign, _) in line.match_indices(['=', ':']) {
        let Some(behind) = line.get(sign + 1..) else { continue };
        if !names_secret(line.get(..sign).unwrap_or("")) {
            continue;
        }
        let value = behind.trim_start_matches(['=', '>', ' ', '\t']);
        let start = line.len() - value.len();
        let is_env = line.get(sign..sign + 1) == Some("=") && start == sign + 1;
        let found = quoted(value).or_else(|| bare(line.get(..sign).unwrap_or(""), value, is_env));
        if let Some(found) = found {
            spans.push(start + found.start..start + found.end);
        }
    }
    spans
}

/// Whether the last name of `left` names a secret: `db_password`, `"apiKey"`, `config['token']`, `password: str`.
fn names_secret(left: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let left = left.rsplit([',', ';', '{', '(']).next().unwrap_or("");
    let mut names = left.rsplit(|c: char| !is_name(c)).filter(|name| !name.is_empty()).take(3);
    let named = |name: &str| {
        let flat: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        NAMES.iter().any(|secret| flat.contains(secret))
    };
    // Behind the name there may be a type, as in `password: Option<String> =` or `let token: string =`.
    if left.contains(':') { names.any(named) } else { names.next().is_some_and(named) }
}

/// The random value in quotes that `text` begins with.
fn quoted(text: &str) -> Option<Range<usize>> {
    // Prefixes of strings: `b"`, `f"`, `r"`, `@"`.
    let offset = text.find(['"', '\'', '`']).filter(|offset| *offset <= 2)?;
    if !text.get(..offset)?.chars().all(|c| c.is_ascii_alphabetic() || c == '@') {
        return None;
    }
    let quote = text.get(offset..)?.chars().next()?;
    let start = offset + quote.len_utf8();
    let len = text.get(start..)?.find(quote)?;
    let value = text.get(start..start + len)?;
    is_secret(value).then_some(start..start + len)
}

/// The random value without quotes that fills the line from `text` on, as in shell, properties and YAML.
///
/// Names and types of code stand there as well, so a value that could be one needs more numbers in it than names have.
fn bare(left: &str, text: &str, is_env: bool) -> Option<Range<usize>> {
    let name = left.trim().trim_start_matches("export ").trim_start_matches("- ");
    let is_plain_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let content = text.split_once(" #").map_or(text, |(content, _)| content).trim_end();
    let is_code = content.contains("::")
        || content.contains(['(', ')', '[', ']', '{', '}', '<', '>', ',', ';', '|', '"', '\'', '`']);
    let is_reference = content.starts_with(['&', '*', '$']) || content.split('.').count() > 1;
    let is_word = content.chars().all(|c| c.is_alphanumeric() || c == '_');
    let n_numbers = content.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty()).count();
    let is_likely = !is_word || n_numbers >= 3 || is_env && n_numbers > 0;
    let is_value = is_plain_name && !is_code && !is_reference && is_likely && is_secret(content);
    is_value.then_some(0..content.len())
}

fn is_secret(value: &str) -> bool {
    if !(MIN_LEN..=MAX_LEN).contains(&value.len())
        || value.contains(char::is_whitespace)
        || is_stand_in(value)
    {
        return false;
    }
    // A path, a URL, a text with escapes.
    if value.contains("://")
        || value.starts_with(['/', '.', '~'])
        || ["\\n", "\\r", "\\t", "\\0"].iter().any(|escape| value.contains(escape))
    {
        return false;
    }
    let has = |class: fn(&char) -> bool| value.chars().any(|c| class(&c));
    let has_symbol = value.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | '/' | ':'));
    let has_both_cases = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let is_mixed =
        has(char::is_ascii_alphabetic) && (has(char::is_ascii_digit) || has_symbol && has_both_cases);
    is_mixed && entropy(value) >= MIN_ENTROPY
}

/// Bits per character, from how often each occurs in `value`.
fn entropy(value: &str) -> f64 {
    let mut chars: Vec<char> = value.chars().collect();
    chars.sort_unstable();
    let n_chars = chars.len() as f64;
    chars
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let share = run.len() as f64 / n_chars;
            -share * share.log2()
        })
        .sum()
}
