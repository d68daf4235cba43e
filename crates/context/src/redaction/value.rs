//! What a value alone says about whether it is a secret: how random it is, and whether it only stands where one would.
//!
//! Owns the words of stand-ins and the measures of randomness. Must never look at the text round a value.

/// Parts of values that stand in for a secret, in lower case.
const STAND_INS: &[&str] = &[
    "changeme",
    "change_me",
    "change-me",
    "example",
    "placeholder",
    "your-",
    "your_",
    "yourkey",
    "yourtoken",
    "dummy",
    "fake-",
    "fake_",
    "not-a-real",
    "not_a_real",
    "replace-me",
    "replace_me",
    "replaceme",
    "insert-",
    "insert_",
    "-here",
    "_here",
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
    "import.meta",
    "os.environ",
    "getenv",
];

/// Whole values that stand in for a secret, less the digits at their end.
const WORDS: &[&str] = &[
    "admin", "app", "guest", "me", "mysql", "pass", "passwd", "password", "postgres", "redis", "root",
    "secret", "test", "token", "user", "username", "xxx",
];

/// Digits of hashes in hexadecimal: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
const HASH_LENS: [usize; 6] = [32, 40, 56, 64, 96, 128];

/// Share of neighbors that are of different classes, above which a word was made by chance. Names have less: their humps
/// and numbers are few.
const MIN_CHANGES: f64 = 0.3;
/// Fewest characters of a word that is no name because all of it is hexadecimal.
const MIN_HEX_LEN: usize = 16;

/// Whether a value only stands where a secret would.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.to_lowercase();
    let is_between = |open: char, close: char| value.starts_with(open) && value.ends_with(close);
    let is_variable =
        value.strip_prefix('$').is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let word = value.trim_end_matches(|c: char| c.is_ascii_digit());
    STAND_INS.iter().any(|part| value.contains(part))
        || WORDS.contains(&word)
        || is_between('<', '>')
        || is_between('{', '}')
        || is_between('%', '%')
        || is_variable
}

/// Whether it has the form of a hash or a UUID, which are no secrets unless they are named so.
pub(super) fn is_hash(value: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = value.split('-').collect();
    let is_uuid =
        parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part));
    is_uuid || HASH_LENS.contains(&value.len()) && is_hex(value)
}

/// Bits per character, from how often each occurs in `value`.
pub(super) fn entropy(value: &str) -> f64 {
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

/// Whether a word of letters and digits was made by chance, as no name of code is.
pub(super) fn is_random_word(word: &str) -> bool {
    #[derive(PartialEq)]
    enum Class {
        Lower,
        Upper,
        Digit,
        Other,
    }
    let class = |c: &char| match c {
        c if c.is_ascii_digit() => Class::Digit,
        c if c.is_uppercase() => Class::Upper,
        c if c.is_alphabetic() => Class::Lower,
        _ => Class::Other,
    };
    let classes: Vec<Class> = word.chars().map(|c| class(&c)).collect();
    // A capital and the small letters behind it are one hump of a name.
    let n_changes = classes
        .windows(2)
        .filter(|pair| pair.first() != pair.last() && !matches!(pair, [Class::Upper, Class::Lower]))
        .count();
    let has_digit = classes.contains(&Class::Digit);
    let is_hex = word.len() >= MIN_HEX_LEN && has_digit && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex || n_changes as f64 >= MIN_CHANGES * classes.len().saturating_sub(1) as f64 && n_changes > 0
}

/// Where the token ends that goes on at `offset`.
pub(super) fn end_of_token(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or("").bytes();
    offset + rest.take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(byte)).count()
}
