//! Whether a change leaves secrets where they are.
//!
//! Owns the comparison. A line with a secret may move with its neighbors and be indented anew, and that is all: whoever
//! wrote the change has not seen what it holds. Must never say what a secret is.

use super::{Redaction, placeholder};

/// Why a change may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Touched {
    /// A line with a secret would be changed, dropped, doubled or put elsewhere.
    #[error("it would change a line with a secret that the model was not shown")]
    Secret,
    /// A placeholder stands for nothing.
    #[error("it has a placeholder of a secret that there is not")]
    Unknown,
}

/// What stands for a secret in a line that is compared; no text of a project has it.
const MARK: char = '\0';

impl Redaction {
    /// Whether a change from `old` to `new` keeps every line with a secret as it is, but for blanks round it and a comma or
    /// semicolon at its end, and brings no placeholder that stands for nothing.
    pub fn keeps(&self, old: &str, new: &str) -> Result<(), Touched> {
        if self.secret_lines(old) != self.secret_lines(new) {
            Err(Touched::Secret)
        } else if self.n_unknown(new) > self.n_unknown(old) {
            Err(Touched::Unknown)
        } else {
            Ok(())
        }
    }

    /// The lines with secrets, in order, with a mark and a number for each.
    fn secret_lines(&self, text: &str) -> Vec<String> {
        if !self.secrets.iter().any(|secret| text.contains(secret.as_str())) {
            return Vec::new();
        }
        let is_real = |secret: &str| !placeholder::is_one(secret);
        let marked = self.replaced(text, self.known(text), |number, secret| {
            if is_real(secret) { format!("{MARK}{number}{MARK}") } else { secret.to_owned() }
        });
        let lines = marked.lines().filter(|line| line.contains(MARK));
        lines.map(|line| line.trim().trim_end_matches([',', ';']).to_owned()).collect()
    }

    /// How often `text` has what looks like a placeholder and is no text that was hidden for its looks.
    fn n_unknown(&self, text: &str) -> usize {
        let known = placeholder::all(text).filter_map(|range| text.get(range));
        placeholder::n_heads(text) - known.filter(|text| self.numbers.contains_key(*text)).count()
    }
}
