//! The front matter of a rules file: keys and values between two lines `---`.
//!
//! Written by hand and often no valid YAML (`globs: *.py` is none), so it is read line by line: `key: value`, and lines
//! `- item` under a key without one. What cannot be read is skipped.

/// Keys and values of a file.
#[derive(Debug, Default)]
pub(super) struct FrontMatter<'a> {
    pairs: Vec<(&'a str, &'a str)>,
    /// Where the text begins behind it.
    pub(super) end: usize,
}

impl<'a> FrontMatter<'a> {
    /// What stands in front of a text; empty where there is none, or where it does not end.
    pub(super) fn of(text: &'a str) -> FrontMatter<'a> {
        let mut offset = 0;
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for (idx, line) in text.split_inclusive('\n').enumerate() {
            offset += line.len();
            let line = if idx == 0 { line.trim_start_matches('\u{feff}') } else { line }.trim_end();
            match (idx, line) {
                (0, "---") => {}
                (0, _) => break,
                (_, "---") => return FrontMatter { pairs, end: offset },
                (_, line) => {
                    let item = line.trim_start().strip_prefix("- ");
                    let last = pairs.last().map(|(key, _)| *key);
                    if let Some((item, key)) = item.zip(last) {
                        pairs.push((key, item));
                    } else if let Some((key, value)) = line.split_once(':') {
                        pairs.push((key.trim(), value));
                    }
                }
            }
        }
        FrontMatter::default()
    }

    /// The values under a key, without quotes; none for an empty one.
    pub(super) fn values(&self, key: &str) -> Vec<&'a str> {
        let given = self.pairs.iter().filter(|(known, _)| *known == key);
        given.flat_map(|(_, value)| split(value)).collect()
    }

    /// The first value under a key; empty for none.
    pub(super) fn value(&self, key: &str) -> &'a str {
        self.values(key).first().copied().unwrap_or_default()
    }
}

/// The parts of a value between commas that stand in no braces, with or without brackets round all.
fn split(value: &str) -> Vec<&str> {
    let value = value.trim();
    let value = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (offset, c) in value.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(value.get(start..offset).unwrap_or_default());
                start = offset + 1;
            }
            _ => {}
        }
    }
    parts.push(value.get(start..).unwrap_or_default());
    let bare = |part: &'_ str| -> bool { !part.is_empty() };
    parts.into_iter().map(|part| part.trim().trim_matches(['"', '\''])).filter(|part| bare(part)).collect()
}
