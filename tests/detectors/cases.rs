//! Reads labelled hunks; `fixtures/README.md` says how they are written.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use edit::DetectionKind;
use text::{Edit, Text};

/// One proposal with its labels.
pub struct Case {
    pub name: String,
    pub file: String,
    pub ask: String,
    pub packages: Vec<String>,
    before: String,
    pub hunks: Vec<LabelledHunk>,
}

/// A hunk and what is to be said about it.
pub struct LabelledHunk {
    /// One-based line of the label among the case's lines.
    pub line: usize,
    pub labels: BTreeSet<DetectionKind>,
    range: Range<usize>,
    new: String,
}

impl Case {
    /// The text before.
    pub fn before(&self) -> Text {
        Text::from(self.before.as_str())
    }

    /// The hunks as edits.
    pub fn edits(&self) -> Vec<Edit> {
        self.hunks.iter().map(|hunk| Edit::new(hunk.range.clone(), hunk.new.as_str())).collect()
    }

    /// Whether nobody looks at it while detectors are tuned: a third of all, by a hash (FNV-1a) of the name.
    pub fn is_held(&self) -> bool {
        let hash = self.name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (hash >> 32).is_multiple_of(3)
    }
}

/// The cases of every file of a folder, by file name.
pub fn read(folder: &Path) -> Vec<Case> {
    let entries = std::fs::read_dir(folder).expect("the folder of labelled hunks");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let texts = paths.iter().map(|path| std::fs::read_to_string(path).expect("a text"));
    let cases: Vec<Case> = texts.flat_map(|text| parse(&text)).collect();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "each case has a name of its own");
    cases
}

/// The cases of one file.
pub fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        if let Some(name) = line.strip_prefix("== ") {
            cases.push(Case {
                name: name.to_owned(),
                file: String::new(),
                ask: String::new(),
                packages: Vec::new(),
                before: String::new(),
                hunks: Vec::new(),
            });
            number = 1;
            continue;
        }
        let case = cases.last_mut().expect("a file begins with a case");
        let is_head = case.before.is_empty() && case.hunks.is_empty();
        match line.split_once(": ").filter(|_| is_head && !line.starts_with([' ', '-', '+', '@'])) {
            Some(("file", value)) => case.file = value.to_owned(),
            Some(("ask", value)) => case.ask = value.to_owned(),
            Some(("packages", value)) => case.packages = value.split(", ").map(str::to_owned).collect(),
            Some((key, _)) => panic!("{}: unknown key {key}", case.name),
            None => body(case, line, number),
        }
    }
    cases.iter().for_each(complete);
    cases
}

fn body(case: &mut Case, line: &str, number: usize) {
    let (sign, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
    let end = case.before.len();
    match sign {
        "@" => case.hunks.push(LabelledHunk {
            line: number,
            labels: labels(&case.name, rest.trim()),
            range: usize::MAX..usize::MAX,
            new: String::new(),
        }),
        " " => case.before.push_str(&format!("{rest}\n")),
        "-" | "+" => {
            let name = &case.name;
            let hunk = case.hunks.last_mut().unwrap_or_else(|| panic!("{name}: a hunk without a label"));
            if hunk.range.start == usize::MAX {
                hunk.range = end..end;
            }
            assert_eq!(hunk.range.end, end, "{name} line {number}: a hunk without a label");
            if sign == "+" {
                hunk.new.push_str(&format!("{rest}\n"));
            } else {
                case.before.push_str(&format!("{rest}\n"));
                hunk.range.end = case.before.len();
            }
        }
        _ => panic!("{} line {number}: what does {line:?} mean?", case.name),
    }
}

fn labels(name: &str, written: &str) -> BTreeSet<DetectionKind> {
    let known = |label: &str| {
        let kind = DetectionKind::ALL.into_iter().find(|kind| kind.label() == label);
        kind.unwrap_or_else(|| panic!("{name}: unknown label {label}"))
    };
    written.split(", ").filter(|label| *label != "clean").map(known).collect()
}

fn complete(case: &Case) {
    assert!(!case.file.is_empty() && !case.ask.is_empty(), "{}: file or ask is missing", case.name);
    assert!(!case.hunks.is_empty(), "{}: no hunk", case.name);
    for hunk in &case.hunks {
        assert!(hunk.range.start != usize::MAX, "{}: a label without a hunk", case.name);
    }
}
