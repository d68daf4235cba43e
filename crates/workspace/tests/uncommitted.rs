//! What is not committed yet, of a checkout that `git` made.

#[path = "repository/git.rs"]
mod repository;

use std::fs;
use std::path::Path;

use text::Encoding;
use workspace::{NoDiff, Uncommitted, Uri, Workspace};

use repository::git;

/// A checkout at `dir` whose last commit has these files, each of its name.
fn checkout(dir: &Path, files: &[&str]) {
    for file in files {
        fs::create_dir_all(dir.join(file).parent().expect("a folder")).expect("a folder");
        fs::write(dir.join(file), format!("{file}\n")).expect("a file");
    }
    git(dir, &["init", "-q"]);
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "-m", "all"]);
}

fn uncommitted(folder: &Path) -> Result<Uncommitted, NoDiff> {
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.set_roots(vec![Uri::from_path(folder).expect("an absolute path")]);
    workspace.snapshot().uncommitted(folder)
}

/// The changed lines of the diff of a folder.
#[track_caller]
fn check(folder: &Path, expect: &[&str]) {
    let found = uncommitted(folder).expect("a diff").diff;
    let is_changed = |line: &&str| line.starts_with(['+', '-']);
    assert_eq!(found.lines().filter(is_changed).collect::<Vec<&str>>(), expect);
}

#[test]
fn a_diff_is_of_the_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    checkout(dir.path(), &["a.py", "in/b.py"]);
    fs::write(dir.path().join("a.py"), "changed\n").expect("written");
    fs::write(dir.path().join("in/b.py"), "changed\n").expect("written");
    check(&dir.path().join("in"), &["--- a/b.py", "+++ b/b.py", "-in/b.py", "+changed"]);
}

#[test]
fn a_work_tree_elsewhere_is_not_looked_at() {
    let dir = tempfile::tempdir().expect("a folder");
    let (here, elsewhere) = (dir.path().join("here"), dir.path().join("elsewhere"));
    checkout(&here, &["a.py"]);
    fs::create_dir(&elsewhere).expect("a folder");
    fs::write(elsewhere.join("a.py"), "secret\n").expect("written");
    git(&here, &["config", "core.worktree", elsewhere.to_str().expect("UTF-8")]);
    check(&here, &[]);
    fs::write(here.join("a.py"), "changed\n").expect("written");
    check(&here, &["--- a/a.py", "+++ b/a.py", "-a.py", "+changed"]);
}

#[test]
fn a_linked_work_tree_has_its_own_changes() {
    let dir = tempfile::tempdir().expect("a folder");
    let (main, linked) = (dir.path().join("main"), dir.path().join("linked"));
    checkout(&main, &["a.py"]);
    git(&main, &["worktree", "add", "-q", "--detach", "../linked"]);
    fs::write(main.join("a.py"), "in main\n").expect("written");
    fs::write(linked.join("a.py"), "in linked\n").expect("written");
    check(&linked, &["--- a/a.py", "+++ b/a.py", "-a.py", "+in linked"]);
}

#[test]
fn what_is_no_repository_has_no_diff_of_the_one_around_it() {
    let dir = tempfile::tempdir().expect("a folder");
    checkout(dir.path(), &["a.py", "in/b.py"]);
    fs::create_dir(dir.path().join("in/.git")).expect("a folder");
    let found = uncommitted(&dir.path().join("in"));
    assert!(matches!(found, Err(NoDiff::Failed(_))), "{found:?}");
}
