//! Line numbers that a model copied in front of every line.

/// `lines` without the numbers that stand in front of each and count up by one; none if they do not, or `own` lines of the
/// scope are numbered too.
pub(super) fn stripped(lines: &[String], own: &[&str]) -> Option<Vec<String>> {
    let is_numbered = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    if lines.len() < 2 || own.iter().filter(|line| is_numbered(line)).count() * 2 > own.len() {
        return None;
    }
    [" | ", ": ", "\t"].into_iter().find_map(|mark| {
        let mut next = None;
        lines
            .iter()
            .map(|line| {
                let start = line.trim_start();
                let rest = start.trim_start_matches(|c: char| c.is_ascii_digit());
                let number: u64 = start.get(..start.len() - rest.len())?.parse().ok()?;
                if next.replace(number.checked_add(1)?).is_some_and(|expected| expected != number) {
                    return None;
                }
                // The blank behind the mark goes with trailing blanks on empty lines.
                let content =
                    rest.strip_prefix(mark).or_else(|| rest.strip_prefix(mark.trim_end_matches(' ')));
                content.map(str::to_owned)
            })
            .collect()
    })
}
