//! What an index knows of the last commits, of checkouts that `git` made.

#[path = "repository/git.rs"]
mod repository;

use std::fs;
use std::path::Path;
use std::process::Command;

use syntax::Stop;
use workspace::{Indexer, IndexerOptions};

use repository::git;

/// One more commit, with these files.
fn commit(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    git(dir, &["init", "-q"]);
    git(dir, &["add", "-A", "-f"]);
    git(dir, &["commit", "-q", "--no-verify", "-m", "message"]);
}

fn indexer(root: &Path, state: Option<&Path>) -> Indexer {
    let options = IndexerOptions { state_dir: state.map(Path::to_owned), ..IndexerOptions::default() };
    let indexer = Indexer::new(root, options);
    indexer.update(&Stop::never());
    indexer
}

/// How many commits ago words, and files where there is a dot, were written.
#[track_caller]
fn check(indexer: &Indexer, expect: &[(&str, Option<u32>)]) {
    let index = indexer.index().read();
    for (what, commits) in expect {
        let found = match what.contains('.') {
            true => index.commits_since_file(what),
            false => index.name(what).and_then(|name| index.commits_since_word(name)),
        };
        assert_eq!(found, *commits, "{what}");
    }
}

#[test]
fn words_and_files_of_the_last_commits_are_known_by_their_age() {
    let dir = tempfile::tempdir().expect("a folder");
    commit(dir.path(), &[("old.py", "def oldest(): pass\n"), ("b.py", "def second(): pass\n")]);
    commit(dir.path(), &[("b.py", "def second(): pass\ndef newest(): pass\n")]);
    let indexer = indexer(dir.path(), None);
    check(&indexer, &[("oldest", Some(1)), ("newest", Some(0)), ("old.py", Some(1)), ("b.py", Some(0))]);
    commit(dir.path(), &[("c.py", "def last(): pass\n")]);
    indexer.touched(&[dir.path().join("c.py")]);
    indexer.update(&Stop::never());
    check(&indexer, &[("last", Some(0)), ("newest", Some(1)), ("oldest", Some(2)), ("c.py", Some(0))]);
}

#[test]
fn a_folder_within_the_checkout_has_its_own_paths() {
    let dir = tempfile::tempdir().expect("a folder");
    commit(dir.path(), &[("in/a.py", "def inside(): pass\n"), ("b.py", "def outside(): pass\n")]);
    check(
        &indexer(&dir.path().join("in"), None),
        &[("a.py", Some(0)), ("inside", Some(0)), ("b.py", None), ("outside", None)],
    );
}

#[test]
fn what_may_not_be_sent_has_no_say() {
    let dir = tempfile::tempdir().expect("a folder");
    let files = [
        (".gitignore", "hidden.py\n"),
        ("hidden.py", "def hidden(): pass\n"),
        ("a.py", "def hidden_or_not(hidden): pass\n"),
        (".env", "hidden_or_not=1\n"),
    ];
    commit(dir.path(), &files);
    commit(dir.path(), &[("hidden.py", "def hidden(): hidden_or_not()\n")]);
    let known = [("hidden", Some(1)), ("hidden_or_not", Some(1)), ("hidden.py", None), (".env", None)];
    check(&indexer(dir.path(), None), &known);
}

#[test]
fn what_is_kept_says_the_same_as_git() {
    let (dir, state) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    commit(dir.path(), &[("a.py", "def first(): pass\n")]);
    commit(dir.path(), &[("a.py", "def second(): first()\n")]);
    let known = [("first", Some(0)), ("second", Some(0)), ("a.py", Some(0))];
    check(&indexer(dir.path(), Some(state.path())), &known);
    // The objects of the commits are gone: what is known now was kept.
    fs::remove_dir_all(dir.path().join(".git/objects")).expect("removed");
    fs::create_dir_all(dir.path().join(".git/objects")).expect("made");
    check(&indexer(dir.path(), Some(state.path())), &known);
}

#[test]
fn no_repository_and_no_commit_say_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.py"), "def first(): pass\n").expect("a file");
    check(&indexer(dir.path(), None), &[("first", None), ("a.py", None)]);
    git(dir.path(), &["init", "-q"]);
    check(&indexer(dir.path(), None), &[("first", None), ("a.py", None)]);
}

#[cfg(unix)]
#[test]
fn no_program_of_the_repository_is_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().expect("a folder");
    let (program, mark) = (dir.path().join("program"), dir.path().join("mark"));
    fs::write(&program, format!("#!/bin/sh\ntouch {}\ncat\n", mark.display())).expect("a file");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it may run");
    let repository = dir.path().join("repository");
    let attributes = "*.py diff=evil filter=evil\n";
    commit(&repository, &[("a.py", "def first(): pass\n"), (".gitattributes", attributes)]);
    // A commit with something like a signature.
    let commit = Command::new("git").arg("-C").arg(&repository).args(["cat-file", "commit", "HEAD"]).output();
    let text = String::from_utf8(commit.expect("git runs").stdout).expect("UTF-8");
    let signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n\n";
    fs::write(dir.path().join("commit"), text.replacen("\n\n", &format!("\n{signature}"), 1))
        .expect("a file");
    let path = dir.path().join("commit");
    let path = path.to_str().expect("UTF-8");
    let written = Command::new("git")
        .arg("-C")
        .arg(&repository)
        .args(["hash-object", "-t", "commit", "-w", path])
        .output();
    let name = String::from_utf8(written.expect("git runs").stdout).expect("UTF-8");
    git(&repository, &["update-ref", "HEAD", name.trim()]);
    let program = program.to_str().expect("UTF-8");
    for setting in [
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "filter.evil.clean",
        "gpg.program",
        "core.fsmonitor",
        "core.pager",
        "pager.log",
        "core.sshCommand",
        "credential.helper",
    ] {
        git(&repository, &["config", setting, program]);
    }
    git(&repository, &["config", "log.showSignature", "true"]);
    check(&indexer(&repository, None), &[("first", Some(0)), ("a.py", Some(0))]);
    assert!(!mark.exists(), "a program of the repository ran");
    // Without a word from us, git runs it.
    let _ = Command::new("git").arg("-C").arg(&repository).args(["log", "-p"]).output();
    assert!(mark.exists(), "the repository would have run it");
}
