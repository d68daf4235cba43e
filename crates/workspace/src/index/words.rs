//! Words of a text, parts of names, and what is left of a word without its ending.

/// Words that say nothing about what code does.
const STOP: [&str; 69] = [
    "a", "add", "allow", "an", "and", "are", "as", "at", "be", "bool", "by", "class", "const", "def", "dont",
    "else", "export", "false", "fix", "fn", "for", "from", "func", "if", "impl", "import", "in", "instead",
    "int", "is", "it", "let", "make", "mut", "new", "none", "not", "null", "of", "on", "or", "private",
    "pub", "public", "remove", "return", "self", "should", "static", "str", "string", "support", "that",
    "the", "this", "to", "true", "update", "use", "var", "void", "when", "with", "function", "please",
    "change", "so", "must", "into",
];

/// Endings that words of one meaning differ in, the longest first.
const ENDINGS: [&str; 18] = [
    "ations", "ation", "tions", "tion", "ments", "ings", "ment", "able", "ing", "ers", "ies", "ed", "er",
    "es", "ly", "s", "e", "y",
];

/// Whether a lower-case word says nothing about what code does.
pub fn is_stop_word(word: &str) -> bool {
    STOP.contains(&word)
}

/// The words of a text: a letter or `_`, then letters, digits or `_`.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .map(|word| word.trim_start_matches(|c: char| c.is_numeric()))
        .filter(|word| !word.is_empty())
}

/// The parts of a name in lower case: `parseHTTPHeader` and `parse_http_header` have the same three. Parts of one letter are
/// left out.
pub fn parts(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut found: Vec<String> = Vec::new();
    let mut part = String::new();
    for (idx, c) in chars.iter().enumerate() {
        let before = idx.checked_sub(1).and_then(|idx| chars.get(idx));
        let after = chars.get(idx + 1);
        let begins = before.is_some_and(|before| {
            let is_hump = c.is_uppercase()
                && (!before.is_uppercase() || after.is_some_and(|after| after.is_lowercase()));
            is_hump || c.is_numeric() != before.is_numeric()
        });
        if begins || !c.is_alphanumeric() {
            take(&mut part, &mut found);
        }
        if c.is_alphanumeric() {
            part.extend(c.to_lowercase());
        }
    }
    take(&mut part, &mut found);
    found
}

fn take(part: &mut String, found: &mut Vec<String>) {
    let part = std::mem::take(part);
    if part.chars().nth(1).is_some() {
        found.push(part);
    }
}

/// A lower-case word without its ending, at least three letters of it, so that `parsing`, `parser` and `parse` agree.
pub fn stem(word: &str) -> &str {
    let ending = ENDINGS.iter().find(|ending| word.ends_with(**ending) && word.len() >= ending.len() + 3);
    let stem = ending.map_or(word, |ending| word.strip_suffix(ending).unwrap_or(word));
    let mut last = stem.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && stem.chars().count() > 3 => {
            stem.get(..stem.len() - a.len_utf8()).unwrap_or(stem)
        }
        _ => stem,
    }
}
