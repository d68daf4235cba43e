//! Folders of random files.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

const DIRS: [&str; 14] =
    ["", "a", "b", "a/c", "a/c/d", "b/c", "tests", "a/t", "vendor", "a/build", "b/out", "e f", "é", "a/.git"];
const NAMES: [&str; 14] = [
    "x.py",
    "y.py",
    "x.rs",
    "y.ts",
    "a b.go",
    "é.py",
    "test_x.py",
    "x_pb2.py",
    "d.json",
    "secrets.py",
    "x.min.js",
    "x.TSX",
    "[a].py",
    "Makefile",
];
const IGNORE_FILES: [&str; 5] = [".gitignore", ".ignore", ".cursorignore", ".aiexclude", ".hunkwiseignore"];
const RULES: [&str; 22] = [
    "x.py",
    "*.py",
    "!x.py",
    "/a",
    "/a/",
    "c/",
    "!c/",
    "a/**",
    "!a/c/",
    "**/c/x.py",
    "out",
    "/*.ts",
    "!*",
    "*",
    "!/b/",
    "# no rule",
    "",
    "\\[a\\].py",
    "[ab]",
    "a/c",
    "d/**/*.rs",
    "{",
];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(0..from.len())]
}

/// A relative path of a file.
pub fn path(rng: &mut Rng) -> PathBuf {
    Path::new(pick(rng, &DIRS)).join(pick(rng, &NAMES))
}

/// A relative path of a directory other than the root.
pub fn dir(rng: &mut Rng) -> PathBuf {
    PathBuf::from(pick(rng, &DIRS[1..]))
}

/// A relative path of an ignore file.
pub fn ignore_file(rng: &mut Rng) -> PathBuf {
    Path::new(pick(rng, &DIRS)).join(pick(rng, &IGNORE_FILES))
}

/// Some lines of rules.
pub fn rules(rng: &mut Rng) -> String {
    (0..rng.usize(0..4)).map(|_| format!("{}\n", pick(rng, &RULES))).collect()
}

/// A little source with names that other sources have too; sometimes none, or none that is indexed.
pub fn source(rng: &mut Rng) -> Vec<u8> {
    match rng.usize(0..20) {
        0 => return Vec::new(),
        1 => return b"a\0b".to_vec(),
        2 => return vec![b'a', 0xff, b'\n'],
        3 => return b"# @generated\ndef made(): pass\n".to_vec(),
        4 => return "a".repeat(200).into_bytes(),
        _ => {}
    }
    let mut text = String::new();
    for _ in 0..rng.usize(1..5) {
        let (name, other) = (rng.u8(0..12), rng.u8(0..12));
        text += &match rng.usize(0..4) {
            0 => format!("class C{name}:\n    def m{other}(self): return f{other}\n"),
            1 => format!("from m{other} import f{name}\n"),
            2 => format!("fn f{name}(a: C{other}) {{ f{other}(); }}\n"),
            _ => format!("def f{name}(a):\n    return f{other}(a)\n"),
        };
    }
    text.into_bytes()
}

/// Writes a file; does nothing where something else is in the way.
pub fn write(path: &Path, bytes: &[u8]) {
    let is_made = fs::create_dir_all(path.parent().expect("a folder")).is_ok();
    let _ = is_made && fs::write(path, bytes).is_ok();
}

/// All regular files below a folder, links not followed.
pub fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![root.to_owned()];
    while let Some(dir) = pending.pop() {
        for entry in fs::read_dir(dir).expect("it can be had") {
            let entry = entry.expect("it can be had");
            match entry.file_type().expect("it can be had") {
                kind if kind.is_dir() => pending.push(entry.path()),
                kind if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}
