//! Nothing of what may not be sent enters a context, however much the scope asks for it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use session::{FileAsk, gather_for_file};

/// Every kind of ignore file, each with a folder of its own to hide.
const IGNORE_FILES: [&str; 9] = [
    ".gitignore",
    ".ignore",
    ".aiignore",
    ".aiexclude",
    ".cursorignore",
    ".cursorindexingignore",
    ".codeiumignore",
    ".continueignore",
    ".hunkwiseignore",
];

/// Source files with names that usually hold secrets.
const SECRET_FILES: [&str; 3] = ["secrets.py", ".env.py", "deep/secrets.py"];

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
    fs::write(path, text).expect("written");
}

/// A folder where everything that may not be sent defines something that `main.py` uses, and one file that may.
fn folder(root: &Path) {
    let mut uses = Vec::new();
    let mut hide = |path: String| {
        let name = format!("hidden_rate_{}", uses.len());
        write(root, &path, &format!("def {name}(region):\n    return 'sk-hidden'\n"));
        uses.push(name);
    };
    for (n, file) in IGNORE_FILES.iter().enumerate() {
        write(root, file, &format!("/kept_back_{n}/\n"));
        hide(format!("kept_back_{n}/rates.py"));
        // Another kind of file cannot take it back in.
        let other = IGNORE_FILES[(n + 1) % IGNORE_FILES.len()];
        write(root, &format!("kept_back_{n}/{other}"), "!rates.py\n");
    }
    // One in a folder hides what lies in it.
    write(root, "inner/.gitignore", "rates.py\n");
    hide("inner/rates.py".to_owned());
    SECRET_FILES.iter().for_each(|path| hide((*path).to_owned()));
    write(root, "shown.py", "def shown_rate(region):\n    return 1\n");
    let imports: String = uses.iter().map(|name| format!("from somewhere import {name}\n")).collect();
    let body: String = uses.iter().map(|name| format!("    {name}(1)\n")).collect();
    write(
        root,
        "main.py",
        &format!("{imports}from shown import shown_rate\n\ndef total():\n{body}    shown_rate(1)\n"),
    );
}

#[test]
fn what_may_not_be_sent_is_not_shown() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().canonicalize().expect("it is there");
    folder(&root);
    let outside = tempfile::tempdir().expect("a folder");
    write(outside.path(), "linked.py", "def hidden_link(region):\n    return 1\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path(), root.join("link")).expect("linked");
    let n_lines = fs::read_to_string(root.join("main.py")).expect("read").lines().count();
    let first = n_lines - IGNORE_FILES.len() - SECRET_FILES.len() - 3;
    for budget_tokens in [200, 4_000, 100_000] {
        let instruction = "hidden rate hidden_link secrets @hidden_rate_0".to_owned();
        let ask = FileAsk::new(&root, Path::new("main.py"), first..n_lines);
        let found = gather_for_file(&FileAsk { instruction, budget_tokens, ..ask }).expect("it is read");
        let paths: BTreeSet<&str> = found.context.excerpts.iter().map(|excerpt| &*excerpt.path).collect();
        assert!(paths.is_subset(&BTreeSet::from(["main.py", "shown.py"])), "{paths:?}");
        assert!(paths.contains("shown.py"), "what may be sent is found");
        let text: String = found.context.excerpts.iter().map(|excerpt| &*excerpt.text).collect();
        assert!(!text.contains("sk-hidden") && !text.contains("def hidden"), "{text}");
    }
    // Asked about itself, a file that may not be sent has no context.
    let ask = FileAsk::new(&root, Path::new("secrets.py"), 0..2);
    let found = gather_for_file(&FileAsk { budget_tokens: 4_000, ..ask }).expect("it is read");
    assert!(found.context.excerpts.is_empty());
    assert_eq!(found.context.withheld.len(), 1);
}
