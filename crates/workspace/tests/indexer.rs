//! The index of a folder through its front door.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use syntax::{Facts, Stop, language_for};
use workspace::{Indexer, IndexerOptions, Report};

fn folder(files: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for name in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "def on_disk(): pass\n").expect("a file");
    }
    dir
}

fn indexer(root: &Path) -> Indexer {
    let indexer = Indexer::new(root, IndexerOptions::default());
    indexer.update(&Stop::never());
    indexer
}

fn open(indexer: &Indexer, path: &Path, text: &str) {
    let language = language_for("", &path.to_string_lossy()).expect("a language");
    let facts = Facts::read(language, text, &Stop::never()).expect("nothing stops it");
    indexer.set_open(path, language, text, facts);
}

/// The files of an index with the names that they define.
#[track_caller]
fn check(indexer: &Indexer, expect: &[&str]) {
    let index = indexer.index().read();
    let files = index.files().map(|(_, file)| {
        let names = file.definitions.iter().map(|definition| index.text(definition.name));
        [&*file.path].into_iter().chain(names).collect::<Vec<&str>>().join(" ")
    });
    assert_eq!(files.collect::<Vec<String>>(), expect);
}

#[test]
fn an_open_document_wins_until_it_is_closed() {
    let dir = folder(&["a.py"]);
    let indexer = indexer(dir.path());
    open(&indexer, &dir.path().join("a.py"), "def typed(): pass\n");
    check(&indexer, &["a.py typed"]);
    indexer.touched(&[PathBuf::new()]);
    indexer.update(&Stop::never());
    check(&indexer, &["a.py typed"]);
    indexer.closed(&dir.path().join("a.py"));
    indexer.update(&Stop::never());
    check(&indexer, &["a.py on_disk"]);
}

#[test]
fn an_open_document_is_there_before_any_file_is() {
    let dir = folder(&["a.py"]);
    let indexer = Indexer::new(dir.path(), IndexerOptions::default());
    open(&indexer, &dir.path().join("new.py"), "def typed(): pass\n");
    check(&indexer, &["new.py typed"]);
    assert!(!indexer.index().is_complete());
    indexer.update(&Stop::never());
    assert!(indexer.index().is_complete());
    check(&indexer, &["a.py on_disk", "new.py typed"]);
    indexer.closed(&dir.path().join("new.py"));
    indexer.update(&Stop::never());
    check(&indexer, &["a.py on_disk"]);
}

#[test]
fn what_is_withheld_is_not_indexed_when_it_is_open_either() {
    let dir = folder(&[]);
    fs::write(dir.path().join(".aiexclude"), "private.py\n").unwrap();
    let indexer = indexer(dir.path());
    for name in ["private.py", "secrets.py", "vendor/a.py", "in/.git/a.py", "data.json", "a.py"] {
        open(&indexer, &dir.path().join(name), "def typed(): pass\n");
    }
    open(&indexer, Path::new("/elsewhere/b.py"), "def typed(): pass\n");
    check(&indexer, &["a.py typed"]);
    fs::write(dir.path().join(".aiexclude"), "a.py\n").unwrap();
    indexer.touched(&[dir.path().join(".aiexclude")]);
    indexer.update(&Stop::never());
    check(&indexer, &["private.py typed"]);
}

#[test]
fn files_belong_to_the_innermost_folder() {
    let dir = folder(&["a.py", "in/b.py", "in/deep/c.py"]);
    let nested = vec![dir.path().join("in")];
    let outer = Indexer::new(dir.path(), IndexerOptions { nested, ..IndexerOptions::default() });
    outer.update(&Stop::never());
    open(&outer, &dir.path().join("in/b.py"), "def typed(): pass\n");
    outer.touched(&[dir.path().join("in/deep/c.py")]);
    outer.update(&Stop::never());
    check(&outer, &["a.py on_disk"]);
    check(&indexer(&dir.path().join("in")), &["b.py on_disk", "deep/c.py on_disk"]);
}

#[test]
fn only_what_was_touched_is_looked_at() {
    let dir = folder(&["a.py", "in/b.py"]);
    let indexer = indexer(dir.path());
    for name in ["a.py", "in/b.py", "in/c.py"] {
        fs::write(dir.path().join(name), "def written(): pass\n").unwrap();
    }
    indexer.touched(&[dir.path().join("in/c.py")]);
    indexer.update(&Stop::never());
    // `a.py` and `in/b.py` are read again because they had just been written when they were read first.
    check(&indexer, &["a.py written", "in/b.py written", "in/c.py written"]);
    indexer.touched(&[Path::new("/elsewhere/c.py").to_owned()]);
    let report = indexer.update(&Stop::never());
    assert_eq!((report.n_parsed, report.n_removed, report.is_complete), (0, 0, true));
}

#[test]
fn an_update_that_is_stopped_is_finished_by_the_next() {
    let dir = folder(&["a.py", "in/b.py"]);
    let indexer = Indexer::new(dir.path(), IndexerOptions::default());
    let stop = Stop::new(None, Some(Arc::new(AtomicBool::new(true))));
    assert!(!indexer.update(&stop).is_complete);
    assert!(!indexer.index().is_complete());
    let Report { is_complete, n_parsed, .. } = indexer.update(&Stop::never());
    assert_eq!((is_complete, n_parsed), (true, 2));
    check(&indexer, &["a.py on_disk", "in/b.py on_disk"]);
}
