//! A folder of made-up sources in four languages, whose names overlap as those of a project do.

use std::fs;
use std::path::Path;

use fastrand::Rng;

/// Files of one directory.
const PER_DIR: usize = 25;

const WORDS: [&str; 40] = [
    "parse", "read", "write", "open", "close", "index", "file", "path", "name", "value", "token", "range",
    "line", "text", "scope", "node", "tree", "cache", "state", "event", "queue", "batch", "limit", "count",
    "order", "item", "list", "table", "row", "field", "type", "kind", "error", "result", "client", "server",
    "request", "answer", "session", "report",
];

/// Writes `n_files` files of about 3 KB.
pub fn write(root: &Path, n_files: usize) {
    let mut rng = Rng::with_seed(n_files as u64);
    for idx in 0..n_files {
        let n_dir = idx / PER_DIR;
        let dir = root.join(format!("{}_{}/{}_{n_dir}", word(n_dir / 40), n_dir / 40, word(n_dir)));
        if idx % PER_DIR == 0 {
            fs::create_dir_all(&dir).expect("a folder");
        }
        let (ending, text) = source(&mut rng, idx);
        fs::write(dir.join(format!("{}_{idx}.{ending}", word(idx))), text).expect("a file");
    }
}

fn word(idx: usize) -> &'static str {
    WORDS[idx % WORDS.len()]
}

/// A name of two or three words; one in ten is this file's own.
fn name(rng: &mut Rng, idx: usize) -> String {
    let mut name = format!("{}_{}", WORDS[rng.usize(0..40)], WORDS[rng.usize(0..40)]);
    match rng.usize(0..10) {
        0 => name += &format!("_{idx}"),
        1..5 => name += &format!("_{}", WORDS[rng.usize(0..40)]),
        _ => {}
    }
    name
}

fn source(rng: &mut Rng, idx: usize) -> (&'static str, String) {
    let mut text = String::new();
    let ending = ["py", "ts", "go", "rs"][idx % 4];
    for _ in 0..12 {
        let names: Vec<String> = (0..9).map(|_| name(rng, idx)).collect();
        let [f, a, b, c, d, e, g, h, i] = names.as_slice() else { continue };
        text += &match ending {
            "py" => format!(
                "def {f}({a}, {b}=None):\n    # The {c} of a {d}.\n    {e} = {g}({a})\n    if {b} is None:\n        return {h}.{i}({e}, \"{c} {d}\")\n    return {e}\n\n"
            ),
            "ts" => format!(
                "export function {f}({a}: string, {b}?: number): number {{\n  // The {c} of a {d}.\n  const {e} = {g}({a});\n  if ({b} === undefined) {{\n    return {h}.{i}({e}, \"{c} {d}\");\n  }}\n  return {e};\n}}\n\n"
            ),
            "go" => format!(
                "// {f} gives the {c} of a {d}.\nfunc {f}({a} string, {b} int) int {{\n\t{e} := {g}({a})\n\tif {b} == 0 {{\n\t\treturn {h}.{i}({e}, \"{c} {d}\")\n\t}}\n\treturn {e}\n}}\n\n"
            ),
            _ => format!(
                "/// The {c} of a {d}.\npub fn {f}({a}: &str, {b}: Option<u32>) -> u32 {{\n    let {e} = {g}({a});\n    if {b}.is_none() {{\n        return {h}.{i}({e}, \"{c} {d}\");\n    }}\n    {e}\n}}\n\n"
            ),
        };
    }
    (ending, text)
}
