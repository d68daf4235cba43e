//! Patterns of paths, as rules files write them.

use globset::GlobBuilder;

/// Longer patterns match nothing: nobody writes one by hand.
const MAX_PATTERN_BYTES: usize = 512;

/// Whether a path matches a pattern; both have `/`, and the path is relative to what the pattern is relative to.
///
/// `*` and `?` stop at `/`, `**/` is any number of directories, `{a,b}` either, `[a-z]` one of. A pattern that ends in `/`
/// is all that lies below. One that cannot be read matches nothing.
pub fn matches_glob(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim().trim_start_matches("./").trim_start_matches('/');
    if pattern.is_empty() || pattern.len() > MAX_PATTERN_BYTES {
        return false;
    }
    let below = if pattern.ends_with('/') { "**" } else { "" };
    let glob = GlobBuilder::new(&format!("{pattern}{below}")).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

#[cfg(test)]
mod tests {
    use super::matches_glob;

    #[track_caller]
    fn check(pattern: &str, matching: &[&str], others: &[&str]) {
        for path in matching {
            assert!(matches_glob(pattern, path), "{pattern} matches {path}");
        }
        for path in others {
            assert!(!matches_glob(pattern, path), "{pattern} does not match {path}");
        }
    }

    #[test]
    fn a_star_stops_at_a_slash() {
        check("*.py", &["a.py"], &["src/a.py", "a.pyi"]);
        check("src/*.py", &["src/a.py"], &["src/b/a.py"]);
    }

    #[test]
    fn two_stars_go_down() {
        check("**/*.{ts,tsx}", &["a.ts", "src/b/a.tsx"], &["a.js"]);
        check("src/**", &["src/a.py", "src/b/a.py"], &["a.py"]);
        check("**", &["a.py", "src/a.py"], &[]);
    }

    #[test]
    fn a_directory_is_all_below_it() {
        check("./src/", &["src/a.py", "src/b/a.py"], &["a.py", "lib/src/a.py"]);
    }

    #[test]
    fn what_cannot_be_read_matches_nothing() {
        check("", &[], &["a.py", ""]);
        check("[", &[], &["a.py", "["]);
        check("{a,", &[], &["a"]);
        check(&"a".repeat(1000), &[], &["a"]);
    }
}
