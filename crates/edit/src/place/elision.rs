//! Which lines stand for code that a model left out, as in `// ... existing code ...`.
//!
//! Goes by the words that models use; a line that only mentions them is not one.

/// Whether `line` is a placeholder for code, as in `// ... existing code ...` or `# rest unchanged`.
pub(super) fn is_elision(line: &str) -> bool {
    const LEADERS: [&str; 10] = ["{/*", "/*", "<!--", "//", "--", "#", "*", ";", "%", "\""];
    let line = line.trim();
    let body = LEADERS.iter().find_map(|leader| line.strip_prefix(leader));
    let is_comment = body.is_some();
    let body = body.unwrap_or(line).trim_start_matches(['/', '#', '*', '-', ';', '!']);
    let body = body.trim_end_matches("-->").trim_end_matches(['}', '/', '*']);
    let body = body.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')'));
    let dotted = body.strip_prefix("...").or_else(|| body.strip_prefix('…'));
    let after = dotted.map(|rest| rest.trim_start_matches(['.', '…', ' ', '(', '[']));
    let lower = after.unwrap_or(body).to_lowercase();
    let names_code = [
        "existing",
        "rest",
        "remaining",
        "unchanged",
        "same",
        "other",
        "previous",
        "keep",
        "no change",
        "code",
        "more",
        "omitted",
        "snip",
    ]
    .iter()
    .any(|word| lower.starts_with(word));
    match dotted {
        Some("") => true,
        // A spread (`...rest`) has no blank behind its dots.
        Some(rest) if is_comment || rest.starts_with([' ', '.']) => lower.is_empty() || names_code,
        Some(_) => false,
        None => is_comment && stands_for_code(&lower),
    }
}

fn stands_for_code(comment: &str) -> bool {
    const PHRASES: [&str; 16] = [
        "existing code",
        "existing implementation",
        "rest unchanged",
        "rest is unchanged",
        "rest remains",
        "rest stays",
        "rest as before",
        "remaining code",
        "remaining implementation",
        "remaining methods",
        "remaining functions",
        "unchanged code",
        "same as before",
        "same as above",
        "code unchanged",
        "code remains",
    ];
    const WHOLES: [&str; 10] =
        ["class", "code", "file", "function", "implementation", "logic", "method", "module", "body", "scope"];
    if comment.len() > 80 {
        return false;
    }
    let is_phrase = PHRASES.iter().any(|phrase| comment.starts_with(phrase)) || comment == "unchanged";
    let rest_of = comment
        .strip_prefix("rest of ")
        .or_else(|| comment.strip_prefix("the rest of "))
        .is_some_and(|rest| {
            rest.split(|c: char| !c.is_alphanumeric())
                .any(|word| WHOLES.contains(&word.trim_end_matches('s')) || word == "class")
        });
    is_phrase || rest_of
}
