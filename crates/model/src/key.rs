//! Keys: a type that cannot be printed, where a key came from, and the removal of secrets from text.
//!
//! Must never put a secret into an error, a log line or a `Debug` output.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::mistaken::may_be_key;

/// Shortest secret that is masked in text: a shorter one would blank out ordinary words.
const MIN_MASKED_LEN: usize = 6;

/// What stands in the place of a secret.
const MASKED: &str = "***";

/// A key to a provider. Wiped from memory when dropped; `Debug` and `Display` show `***`.
#[derive(Clone)]
pub struct Key(Zeroizing<String>);

impl Key {
    /// A key without surrounding white space; `None` when nothing is left, or when it could not stand in a header.
    pub fn new(text: &str) -> Option<Key> {
        let text = text.trim();
        let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Key(Zeroizing::new(text.to_owned())))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASKED)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASKED)
    }
}

/// Where a key came from, in words a person can look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// No key is sent.
    None,
    /// An environment variable of this name.
    Env(String),
    /// The user's command; this is its program.
    Command(String),
    /// A file only the user can read.
    File(PathBuf),
    /// The keyring of the operating system; this is the entry's name.
    Keyring(String),
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeySource::None => f.write_str("no key"),
            KeySource::Env(name) => write!(f, "the environment variable {name}"),
            KeySource::Command(program) => write!(f, "the command `{program}`"),
            KeySource::File(path) => write!(f, "the file {}", path.display()),
            KeySource::Keyring(name) => write!(f, "the keyring's entry `{name}`"),
        }
    }
}

/// Secrets that must not show in text that others wrote, such as an error body that echoes the key.
#[derive(Clone, Default)]
pub(crate) struct Mask(Vec<Zeroizing<String>>);

impl Mask {
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= MIN_MASKED_LEN {
            self.0.push(Zeroizing::new(secret.to_owned()));
        }
    }

    /// The text with every secret replaced.
    pub(crate) fn clean(&self, text: &mut String) {
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), MASKED);
            }
        }
    }
}

/// An address without user name and password, and without what may be a key in any other place.
pub(crate) fn without_credentials(address: &str) -> String {
    let start = address.find("://").map_or(0, |scheme| scheme + 3);
    let shown = match address.rfind('@').filter(|at| *at >= start) {
        Some(at) => {
            let (before, after) = (address.get(..start), address.get(at..));
            format!("{}{MASKED}{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        None => address.to_owned(),
    };
    if may_be_key(&shown) { MASKED.to_owned() } else { shown }
}
