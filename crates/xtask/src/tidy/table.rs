//! Reads Markdown tables, because the architecture is written for people first.
//!
//! Owns the syntax of a table under a heading. Must never know what a table means.

/// One row: the first cell names it, the others follow the header.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The line in the document, one-based.
    pub line: usize,
    /// The cells, trimmed, without code marks.
    pub cells: Vec<String>,
}

/// The header and the rows of the first table under the heading `title`, or `None` if there is none.
pub fn under(document: &str, title: &str) -> Option<(Row, Vec<Row>)> {
    let mut rows = document
        .lines()
        .enumerate()
        .skip_while(|(_, line)| heading(line) != Some(title))
        .skip(1)
        .take_while(|(_, line)| heading(line).is_none())
        .skip_while(|(_, line)| !line.starts_with('|'))
        .take_while(|(_, line)| line.starts_with('|'))
        .map(|(idx, line)| Row { line: idx + 1, cells: cells(line) });
    let header = rows.next()?;
    let _ruler = rows.next()?;
    Some((header, rows.collect()))
}

fn heading(line: &str) -> Option<&str> {
    line.starts_with('#').then(|| line.trim_start_matches('#').trim())
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
    inner.split('|').map(|cell| cell.trim().replace('`', "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_first_table_under_its_heading_only() {
        let document =
            "# a\n| no |\n|-|\n| no |\n## Wanted\ntext\n\n| x | `y` |\n|---|---|\n| 1 | |\n\n| later |\n";
        let (header, rows) = under(document, "Wanted").unwrap();
        assert_eq!(header.cells, ["x", "y"]);
        assert_eq!(rows, [Row { line: 10, cells: vec!["1".to_owned(), String::new()] }]);
    }

    #[test]
    fn a_table_under_a_later_heading_is_not_taken() {
        assert_eq!(under("# Wanted\n# Other\n| x |\n|-|\n| 1 |\n", "Wanted"), None);
    }
}
