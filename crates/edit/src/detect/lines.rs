//! Small questions about lines and names.

/// Most characters of a line that a remark shows.
const SHOWN_CHARS: usize = 60;

/// A line as a remark shows it: in backticks, shortened.
pub(super) fn shown(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("").trim();
    if line.chars().count() <= SHOWN_CHARS {
        return format!("`{line}`");
    }
    format!("`{}…`", line.chars().take(SHOWN_CHARS).collect::<String>().trim_end())
}

/// Whether a line says something: not blank, not just brackets.
pub(super) fn is_substantive(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphanumeric()).count() >= 3
}

/// The words of a text in lower case; a name in camel case or with underscores is several.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let is_start = !c.is_alphanumeric()
            || last.is_none_or(|last: char| {
                !last.is_alphanumeric()
                    || last.is_lowercase() && c.is_uppercase()
                    || last.is_ascii_digit() != c.is_ascii_digit()
            });
        if is_start {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        last = Some(c);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A word without its ending, so that "retries" and "retry", "dropped" and "drop" are the same.
pub(super) fn stem(word: &str) -> String {
    if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() > 2) {
        return format!("{root}y");
    }
    let cut = |ending: &str| word.strip_suffix(ending).filter(|root| root.len() > 2);
    let root = match cut("ing").or_else(|| cut("ed")) {
        Some(root) => {
            let mut chars = root.chars().rev();
            let is_doubled = chars.next() == chars.next() && !root.ends_with("ss");
            root.get(..root.len() - usize::from(is_doubled)).unwrap_or(root)
        }
        None if word.ends_with("ss") => word,
        None => cut("s").unwrap_or(word),
    };
    root.strip_suffix('e').filter(|root| root.len() > 2).unwrap_or(root).to_owned()
}
