//! Fills the templates below `crates/xtask/dist`.
//!
//! Owns the form of a blank. Must never leave one.

use anyhow::{Result, bail, ensure};

/// `template` with each `@NAME@` replaced by the value of that name.
///
/// Fails for a blank without a value, and for a value without a blank.
pub fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = template.to_owned();
    for (name, value) in values {
        let blank = format!("@{name}@");
        ensure!(template.contains(&blank), "a template has no blank {blank}");
        ensure!(!value.contains(&blank), "the value of {blank} holds the blank");
        filled = filled.replace(&blank, value);
    }
    let words: Vec<&str> = filled.split('@').collect();
    let inner = words.get(1..words.len().saturating_sub(1)).unwrap_or_default();
    if let Some(name) = inner.iter().find(|word| is_name(word)) {
        bail!("a template has a blank without a value: @{name}@");
    }
    Ok(filled)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|char| char.is_ascii_uppercase() || char == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_is_filled_and_every_value_used() {
        let filled = fill("pkg@VERSION@ by a@b.c, @VERSION@", &[("VERSION", "1")]).unwrap();
        assert_eq!(filled, "pkg1 by a@b.c, 1");
        let error = |template: &str| fill(template, &[("VERSION", "1")]).unwrap_err().to_string();
        assert_eq!(error("none"), "a template has no blank @VERSION@");
        assert_eq!(error("@VERSION@ @URL@"), "a template has a blank without a value: @URL@");
    }
}
