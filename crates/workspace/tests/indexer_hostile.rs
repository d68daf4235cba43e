//! Folders that hold what no project should: each such thing has a stated end, and the rest of the folder is indexed.

use std::fs;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use syntax::Stop;
use workspace::{Indexer, IndexerOptions, Limits};

/// Indexes what `make` makes beside one good file, and says which files there are and what is left out.
#[track_caller]
fn check(make: impl Fn(&Path), expect: Expect) {
    check_within(Limits::default(), make, expect);
}

#[track_caller]
fn check_within(limits: Limits, make: impl Fn(&Path), expect: Expect) {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("good.py"), "def good(): pass\n").expect("a file");
    make(dir.path());
    let indexer = Indexer::new(dir.path(), IndexerOptions { limits, ..IndexerOptions::default() });
    let report = indexer.update(&Stop::never());
    indexer.touched(&[PathBuf::new()]);
    let again = indexer.update(&Stop::never());
    assert_eq!((report.n_indexed, &report.left_out), (again.n_indexed, &again.left_out));
    let index = indexer.index().read();
    let files: Vec<String> = index.files().map(|(_, file)| format!("{:?}\n", file.path)).collect();
    let notice = report.notice().unwrap_or_default();
    expect.assert_eq(&format!("{}{notice}", files.concat()));
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

#[test]
fn what_is_no_text_is_left_out() {
    let make = |dir: &Path| {
        write(&dir.join("zero.py"), b"a = '\0'\n");
        write(&dir.join("latin.py"), b"a = '\xe9'\n");
        write(&dir.join("also.rs"), b"\xff\xfe");
        write(&dir.join("picture.png"), b"\0\0");
    };
    check(
        make,
        expect![[r#"
            "good.py"
            3 files left out: 1 binary, 2 not UTF-8"#]],
    );
}

#[test]
fn a_line_that_nobody_wrote_is_left_out() {
    let make = |dir: &Path| {
        write(&dir.join("min.js"), format!("a={}\n", "1+".repeat(500_000)).as_bytes());
        write(&dir.join("long.py"), format!("a = '{}'\n", "1".repeat(19_000)).as_bytes());
    };
    check(
        make,
        expect![[r#"
            "good.py"
            "long.py"
            1 file left out: 1 with a line that nobody wrote"#]],
    );
}

#[test]
fn a_hundred_megabytes_are_not_even_read() {
    let make = |dir: &Path| {
        // No bytes are written: they would be zeros if they were read.
        fs::File::create(dir.join("line.py")).and_then(|file| file.set_len(100 << 20)).expect("a file");
    };
    check(
        make,
        expect![[r#"
            "good.py"
            1 file left out: 1 too large"#]],
    );
}

#[test]
fn a_file_of_two_hundred_thousand_lines_is_indexed() {
    let make = |dir: &Path| {
        let lines: String = (0..200_000).map(|line| format!("a{} = 1\n", line % 5_000)).collect();
        write(&dir.join("long.py"), lines.as_bytes());
    };
    check(
        make,
        expect![[r#"
            "good.py"
            "long.py"
        "#]],
    );
}

#[test]
fn what_is_nested_without_end_is_indexed() {
    let make = |dir: &Path| {
        write(&dir.join("deep.py"), "[".repeat(15_000).as_bytes());
        write(&dir.join("deep.rs"), "{".repeat(15_000).as_bytes());
        write(&dir.join("deep.ts"), "a(".repeat(9_000).as_bytes());
        let mut path = dir.to_owned();
        (0..200).for_each(|_| path.push("d"));
        write(&path.join("deep.go"), b"package deep\n");
    };
    check(
        make,
        expect![[r#"
            "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/deep.go"
            "deep.py"
            "deep.rs"
            "deep.ts"
            "good.py"
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    write(&outside.path().join("in/outside.py"), b"a = 1\n");
    let make = |dir: &Path| {
        symlink(dir, dir.join("loop")).unwrap();
        symlink("../good.py", dir.join("loop.py")).unwrap();
        symlink("self.py", dir.join("self.py")).unwrap();
        symlink("nowhere.py", dir.join("broken.py")).unwrap();
        symlink(outside.path().join("in"), dir.join("in")).unwrap();
        symlink(outside.path().join("in/outside.py"), dir.join("outside.py")).unwrap();
        symlink("/dev/zero", dir.join("zero.py")).unwrap();
    };
    check(
        make,
        expect![[r#"
            "good.py"
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_are_left_out() {
    let make = |dir: &Path| {
        let made = std::process::Command::new("mkfifo").arg(dir.join("pipe.py")).status();
        assert!(made.expect("mkfifo runs").success());
        std::os::unix::net::UnixListener::bind(dir.join("socket.py")).expect("a socket");
    };
    check(
        make,
        expect![[r#"
            "good.py"
            2 files left out: 2 not a regular file"#]],
    );
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_left_out() {
    use std::os::unix::fs::PermissionsExt as _;
    let make = |dir: &Path| {
        write(&dir.join("closed.py"), b"a = 1\n");
        write(&dir.join("in/a.py"), b"a = 1\n");
        for name in ["closed.py", "in"] {
            fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o000)).unwrap();
        }
    };
    let probe = tempfile::tempdir().unwrap();
    make(probe.path());
    // The superuser reads everything.
    let expect = if fs::read_dir(probe.path().join("in")).is_ok() {
        expect![[r#"
            "closed.py"
            "good.py"
            "in/a.py"
        "#]]
    } else {
        expect![[r#"
            "good.py"
            2 files left out: 2 unreadable"#]]
    };
    check(make, expect);
}

#[cfg(target_os = "linux")]
#[test]
fn names_of_any_bytes_have_a_stated_end() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let make = |dir: &Path| {
        write(&dir.join("two\nlines.py"), b"a = 1\n");
        write(&dir.join("with space/a b.py"), b"a = 1\n");
        write(&dir.join("back\\slash.py"), b"a = 1\n");
        write(&dir.join(OsStr::from_bytes(b"\xff.py")), b"a = 1\n");
        write(&dir.join(OsStr::from_bytes(b"\xff.png")), b"");
        write(&dir.join(OsStr::from_bytes(b"\xff/a.py")), b"a = 1\n");
    };
    check(
        make,
        expect![[r#"
            "back\\slash.py"
            "good.py"
            "two\nlines.py"
            "with space/a b.py"
            2 files left out: 2 with a name that is not UTF-8"#]],
    );
}

#[test]
fn rules_count_for_what_lies_below_and_cannot_be_undone_there() {
    let make = |dir: &Path| {
        write(&dir.join(".gitignore"), b"secret_*\n[\n\xff\n");
        write(&dir.join("a/.gitignore"), b"!secret_a.py\nb/\n");
        write(&dir.join("a/b/.gitignore"), b"!*\n");
        for name in ["a/a.py", "a/secret_a.py", "a/b/b.py", "c/secret_c/d/e.py", "c/.env.py", "c/id_rsa"] {
            write(&dir.join(name), b"a = 1\n");
        }
        fs::create_dir_all(dir.join("c/.ignore/.gitignore")).unwrap();
    };
    check(
        make,
        expect![[r#"
            "a/a.py"
            "good.py"
        "#]],
    );
}

#[test]
fn what_is_over_the_limits_is_left_out_and_sources_come_first() {
    let make = |dir: &Path| {
        for name in ["a/tests/a.py", "b.py", "c.py", "d.py", "e.py"] {
            write(&dir.join(name), b"def one(): pass\n");
        }
    };
    check_within(
        Limits { n_files: 3, ..Limits::default() },
        make,
        expect![[r#"
            "b.py"
            "c.py"
            "d.py"
            3 files left out: 3 over the limit of the index"#]],
    );
    check_within(
        Limits { total_bytes: 33, file_bytes: 16, ..Limits::default() },
        make,
        expect![[r#"
            "b.py"
            "c.py"
            4 files left out: 1 too large, 3 over the limit of the index"#]],
    );
}
