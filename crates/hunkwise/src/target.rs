//! `PATH[:LINE[-LINE]]`

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A file and the one-based lines an edit is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    pub(crate) lines: Option<RangeInclusive<usize>>,
}

/// Reads a target. A colon that no line number follows belongs to the path.
pub(crate) fn parse(text: &str) -> anyhow::Result<Target> {
    let whole = || Ok(Target { path: PathBuf::from(text), lines: None });
    let Some((path, lines)) = text.rsplit_once(':') else { return whole() };
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else { return whole() };
    anyhow::ensure!(first >= 1, "{text}: lines count from 1");
    anyhow::ensure!(first <= last, "{text}: the first line is behind the last");
    anyhow::ensure!(!path.is_empty(), "{text}: the path is missing");
    Ok(Target { path: PathBuf::from(path), lines: Some(first..=last) })
}

/// The path in front of the last colon and what follows it, where that is no line number: what a mistyped target was to be.
pub(crate) fn mistyped(text: &str) -> Option<(&Path, &str)> {
    let (path, lines) = text.rsplit_once(':')?;
    (!path.is_empty()).then_some((Path::new(path), lines))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::parse;

    #[track_caller]
    fn check(text: &str, path: &str, lines: Option<(usize, usize)>) {
        let target = parse(text).expect("a target");
        assert_eq!(target.path, PathBuf::from(path));
        assert_eq!(target.lines.map(|lines| lines.into_inner()), lines);
    }

    #[test]
    fn lines_follow_the_last_colon() {
        check("a.py", "a.py", None);
        check("a.py:3", "a.py", Some((3, 3)));
        check("a.py:3-9", "a.py", Some((3, 9)));
        check("C:\\a.py", "C:\\a.py", None);
        check("C:\\a.py:4", "C:\\a.py", Some((4, 4)));
        check("odd:name", "odd:name", None);
    }

    #[test]
    fn impossible_lines_are_refused() {
        for text in ["a.py:0", "a.py:9-3", ":3"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
