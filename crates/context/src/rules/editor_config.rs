//! What `.editorconfig` says about one path, in words of our own.
//!
//! Only numbers and known words are taken, so that nothing the file says can be read as an instruction.

use std::collections::BTreeMap;

use workspace::{RulesFile, RulesKind, matches_glob};

/// The keys that concern what a model writes.
const KEYS: [&str; 5] = ["indent_style", "indent_size", "tab_width", "max_line_length", "end_of_line"];

/// Sentences about a path, and the files that they are from; empty where nothing is said.
pub(super) fn layout(files: &[RulesFile], path: &str) -> (String, Vec<String>) {
    let configs: Vec<&RulesFile> = files.iter().filter(|file| file.kind == RulesKind::EditorConfig).collect();
    // The nearest that says `root = true` ends the search upwards.
    let first = configs.iter().rposition(|file| is_root(&file.text)).unwrap_or(0);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut paths = Vec::new();
    for file in configs.into_iter().skip(first) {
        let below = match file.dir.as_str() {
            "" => Some(path),
            dir => path.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/')),
        };
        let Some(below) = below else { continue };
        let found = of_path(&file.text, below);
        if !found.is_empty() {
            paths.push(file.path.clone());
            known.extend(found);
        }
    }
    let said = worded(&known);
    if said.is_empty() { (said, Vec::new()) } else { (said, paths) }
}

fn is_root(text: &str) -> bool {
    let preamble = lines(text).take_while(|line| !line.starts_with('['));
    preamble.filter_map(pair).any(|(key, value)| key == "root" && value == "true")
}

/// Lines without comments, trimmed.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once('=')?;
    Some((key.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase()))
}

/// What one file says about a path below its directory.
fn of_path(text: &str, path: &str) -> Vec<(String, String)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut found = Vec::new();
    let mut is_meant = false;
    for line in lines(text) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let of = if section.contains('/') { path } else { name };
            is_meant = matches_glob(section, of);
        } else if is_meant
            && let Some((key, value)) = pair(line).filter(|(key, _)| KEYS.contains(&key.as_str()))
        {
            found.push((key, value));
        }
    }
    found
}

fn worded(known: &BTreeMap<String, String>) -> String {
    let value = |key: &str| known.get(key).map_or("", String::as_str);
    let number = |key: &str| value(key).parse::<u16>().ok().filter(|n| (1..=1_000).contains(n));
    let width = number("indent_size").or_else(|| number("tab_width"));
    let indent = match (value("indent_style"), width) {
        ("tab", _) => Some("Indent with tabs.".to_owned()),
        ("space", Some(width)) => Some(format!("Indent with {width} spaces.")),
        ("space", None) => Some("Indent with spaces.".to_owned()),
        (_, Some(width)) => Some(format!("A step of indentation is {width} wide.")),
        (_, None) => None,
    };
    let length = number("max_line_length").map(|length| format!("Lines have at most {length} characters."));
    let ending = match value("end_of_line") {
        "lf" => Some("Lines end with LF."),
        "crlf" => Some("Lines end with CR LF in the file; write plain line breaks, they are converted."),
        "cr" => Some("Lines end with CR in the file; write plain line breaks, they are converted."),
        _ => None,
    };
    [indent, length, ending.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
