//! A key that was put where something else belongs: the name of a variable, a path, a program, a proxy.
//!
//! Owns the judgement of what must not be shown for that reason. It is one-sided: what may be a key counts as one.

use std::path::Path;

/// Beginnings of keys as vendors make them.
const KEY_PREFIXES: [&str; 12] =
    ["sk-", "sk_", "pk-", "pk_", "gsk_", "xai-", "hf_", "ghp_", "github_pat_", "AIza", "AKIA", "eyJ"];

/// With such a beginning, a word of so many characters is no name.
const MIN_PREFIXED_LEN: usize = 10;

/// Letters and digits in a row of which no name has so many.
const MIN_MIXED_RUN: usize = 16;

/// The same for letters, or digits, alone.
const MIN_PLAIN_RUN: usize = 32;

/// No variable that holds a key has a longer name.
const MAX_NAME_LEN: usize = 64;

/// Whether a text may be a key or hold one, so that it must not be shown.
pub fn may_be_key(text: &str) -> bool {
    let is_separator = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let has_prefix = |word: &str| {
        word.len() >= MIN_PREFIXED_LEN && KEY_PREFIXES.iter().any(|prefix| word.starts_with(prefix))
    };
    text.split(is_separator).any(has_prefix)
        || text.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
            let n_digits = run.bytes().filter(u8::is_ascii_digit).count();
            let is_mixed = n_digits > 0 && n_digits < run.len();
            run.len() >= if is_mixed { MIN_MIXED_RUN } else { MIN_PLAIN_RUN }
        })
}

/// Whether a text may be the name of an environment variable, and not the key that belongs into it.
pub fn is_variable_name(text: &str) -> bool {
    let has = |is_so: fn(&u8) -> bool| text.bytes().any(|byte| is_so(&byte));
    let is_all_kinds = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    !text.is_empty()
        && text.len() <= MAX_NAME_LEN
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && !is_all_kinds
        && !may_be_key(text)
}

/// A path to show; without its name where that may be a key.
pub(crate) fn shown_path(path: &Path) -> String {
    let shown = path.display().to_string();
    if may_be_key(&shown) { "the file that it names".to_owned() } else { shown }
}

/// A program to show, without its arguments; without its name where that may be a key, or is a whole command.
pub(crate) fn shown_program(program: &str) -> String {
    match program.contains(char::is_whitespace) || may_be_key(program) {
        true => "the program that it names".to_owned(),
        false => format!("`{program}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_are_told_from_keys() {
        for name in ["ANTHROPIC_API_KEY", "KEY2", "work_key", "_K", "AZURE_OPENAI_API_KEY", "OpenAiKey"] {
            assert!(is_variable_name(name), "{name}");
        }
        let long = "K".repeat(65);
        let hex = ["a94a8fe5ccb19ba6", "1c4c0873d391e987"].concat();
        for text in
            ["", "1K", "my key", "$KEY", "KEY=1", "sk-abc", "Ab1_Cd2_Ef3", long.as_str(), hex.as_str()]
        {
            assert!(!is_variable_name(text), "{text}");
        }
    }

    #[test]
    fn paths_and_programs_are_told_from_keys() {
        for text in ["~/.config/keys/openai.txt", "~/work-2024/key", "pass", "/usr/bin/op", "key.pem"] {
            assert!(!may_be_key(text), "{text}");
        }
        assert_eq!(shown_program("pass"), "`pass`");
        assert_eq!(shown_program("pass show key"), "the program that it names");
    }
}
