//! What a name alone says about whether a secret is behind it.
//!
//! Owns the words. Must never take what is said about a secret (`token_url`, `password_field`) for the secret.

/// Names of secrets, in lower case without separators. Names that end so are meant too: `authtoken`.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "accountkey",
    "sharedkey",
    "authkey",
    "privatekey",
    "secretkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "servicekey",
    "credential",
    "credentials",
    "bearer",
];

/// Whole words that name a secret.
const WORDS: &[&str] = &["pass", "pw"];

/// Words behind a secret's name that make it the name of something else.
const ABOUT: &[&str] = &[
    "algorithm",
    "alias",
    "arn",
    "budget",
    "class",
    "column",
    "count",
    "cookie",
    "endpoint",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
    "format",
    "hash",
    "hasher",
    "hashers",
    "header",
    "id",
    "ids",
    "index",
    "key",
    "kind",
    "label",
    "len",
    "length",
    "limit",
    "location",
    "max",
    "message",
    "min",
    "mode",
    "name",
    "names",
    "param",
    "parameter",
    "path",
    "pattern",
    "placeholder",
    "policy",
    "prefix",
    "provider",
    "re",
    "ref",
    "regex",
    "reset",
    "size",
    "source",
    "store",
    "suffix",
    "ttl",
    "type",
    "uri",
    "url",
    "version",
];

/// Words that make a key one that everybody may see.
const PUBLIC: &[&str] = &["public", "pub", "csrf", "xsrf", "site", "publishable"];

/// Whether a name is that of a secret.
pub(super) fn is_of_secret(name: &str) -> bool {
    let words = words(name);
    let mut flat = String::new();
    let mut behind: Option<usize> = None;
    for (idx, word) in words.iter().enumerate() {
        flat.push_str(word);
        if NAMES.iter().any(|secret| flat.ends_with(secret)) || WORDS.contains(&word.as_str()) {
            behind = Some(idx + 1);
        }
    }
    let Some(behind) = behind else { return false };
    let is_about = words.iter().skip(behind).any(|word| ABOUT.contains(&word.as_str()));
    !is_about && !words.iter().any(|word| PUBLIC.contains(&word.as_str()))
}

/// The words of a name in lower case, without digits at their ends: `dbPassword2` is `db`, `password`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (idx, c) in chars.iter().enumerate() {
        let before = idx.checked_sub(1).and_then(|idx| chars.get(idx));
        let is_next_lower = chars.get(idx + 1).is_some_and(|next| next.is_lowercase());
        let is_hump = c.is_uppercase()
            && before.is_some_and(|before| !before.is_uppercase() || is_next_lower && before.is_alphabetic());
        if !c.is_alphanumeric() || is_hump {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.push(word);
    let trimmed = words.iter().map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
    trimmed.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, is_secret: bool) {
        for name in names.split(' ') {
            assert_eq!(is_of_secret(name), is_secret, "{name}");
        }
    }

    #[test]
    fn names_of_secrets() {
        check(
            "password DB_PASSWORD dbPassword2 authtoken api-key APIKey secretKey SECRET_KEY_BASE pass SMTP_PASS",
            true,
        );
    }

    #[test]
    fn names_of_something_about_a_secret() {
        check(
            "tokenizer tokens token_url passwordField public_key csrfToken access_key_id compass key bypass",
            false,
        );
    }
}
