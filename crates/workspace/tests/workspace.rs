//! Open documents: changes in every encoding, trees that come late, what may be sent.

use fastrand::Rng;
use syntax::Stop;
use text::{Encoding, Position, PositionRange, Text, fixture};
use workspace::{ContentChange, OnDisk, Uri, Withheld, Workspace};

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn uri() -> Uri {
    Uri::from("file:///w/a.py")
}

/// Offset of a position in a text, by counting characters.
fn offset_of(text: &str, position: Position, encoding: Encoding) -> usize {
    let mut line = 0;
    let mut offset = 0;
    let bytes = text.as_bytes();
    while line < position.line {
        let Some(found) = bytes[offset..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            return text.len();
        };
        offset += found + if bytes[offset + found..].starts_with(b"\r\n") { 2 } else { 1 };
        line += 1;
    }
    let mut units = 0;
    for c in text[offset..].chars() {
        let width = match encoding {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
            Encoding::Utf32 => 1,
        };
        if matches!(c, '\n' | '\r') || units + width > position.character as usize {
            break;
        }
        units += width;
        offset += c.len_utf8();
    }
    offset
}

#[test]
fn changes_of_a_notification_apply_one_after_another() {
    const PIECES: [&str; 9] = ["a", "é", "😀", "\n", "\r\n", "\r", "日本", "", "  x"];
    let mut rng = Rng::with_seed(11);
    let rounds = 3_000 * soak();
    for round in 0..rounds {
        let encoding = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][rng.usize(0..3)];
        let mut naive: String = (0..rng.usize(0..30)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
        let mut workspace = Workspace::new(encoding);
        workspace.open(uri(), "plaintext", 1, &naive);
        let before = naive.clone();
        let mut changes = Vec::new();
        for _ in 0..rng.usize(1..5) {
            let text: String = (0..rng.usize(0..4)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
            if rng.u8(0..10) == 0 {
                naive.clone_from(&text);
                changes.push(ContentChange { range: None, text });
                continue;
            }
            let mut position = || Position { line: rng.u32(0..8), character: rng.u32(0..8) };
            let (one, two) = (position(), position());
            let range = PositionRange { start: one.min(two), end: one.max(two) };
            let start = offset_of(&naive, range.start, encoding);
            let end = offset_of(&naive, range.end, encoding).max(start);
            naive.replace_range(start..end, &text);
            changes.push(ContentChange { range: Some(range), text });
        }
        let changed = workspace.change(&uri(), 2, changes).expect("it is there");
        assert_eq!(changed.after.to_string(), naive, "round {round}: {encoding:?} {before:?}");
        let applied = Text::from(before.as_str()).apply(&changed.changes).expect("it is there");
        assert_eq!(applied.to_string(), naive, "round {round}");
        assert_eq!(workspace.document(&uri()).expect("it is there").text, *naive.as_str());
    }
    eprintln!("counts: notifications {rounds}");
}

#[test]
fn a_change_of_a_document_that_is_not_open_is_refused() {
    let mut workspace = Workspace::new(Encoding::Utf16);
    let error = workspace.change(&uri(), 2, Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "change file:///w/a.py: it is not open");
}

fn typed(workspace: &mut Workspace, version: i32, text: &str) {
    let start = Position { line: 0, character: 0 };
    let change = ContentChange { range: Some(PositionRange { start, end: start }), text: text.to_owned() };
    workspace.change(&uri(), version, vec![change]).expect("the change fits");
}

#[test]
fn a_tree_that_comes_late_is_the_base_of_the_next() {
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.open(uri(), "python", 1, "x = 1\n");
    let job = workspace.parse_job(&uri()).expect("it is there");
    assert!(workspace.parse_job(&uri()).is_none(), "one job at a time");
    typed(&mut workspace, 2, "y = 2\n");
    workspace.parsed(job.run(&Stop::never()).expect("it is there"));
    assert!(workspace.document(&uri()).expect("it is there").is_awaiting_tree());
    let job = workspace.parse_job(&uri()).expect("it is there");
    workspace.parsed(job.run(&Stop::never()).expect("it is there"));
    let document = workspace.document(&uri()).expect("it is there");
    let tree = document.current_tree().expect("nothing was typed since");
    let fresh = syntax::Tree::parse(tree.language(), &document.text, &Stop::never()).expect("it is there");
    assert_eq!(tree.to_sexp(), fresh.to_sexp());
}

#[test]
fn a_tree_of_a_closed_and_reopened_document_is_dropped() {
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.open(uri(), "python", 1, "x = 1\n");
    let job = workspace.parse_job(&uri()).expect("it is there");
    workspace.open(uri(), "python", 1, "def f(): pass\n");
    workspace.parsed(job.run(&Stop::never()).expect("it is there"));
    assert!(workspace.document(&uri()).expect("it is there").is_awaiting_tree());
}

#[test]
fn a_stopped_parse_is_tried_again_after_a_change() {
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.open(uri(), "python", 1, "x = 1\n");
    workspace.parse_job(&uri()).expect("it is there");
    workspace.parse_stopped(&uri());
    assert!(!workspace.document(&uri()).expect("it is there").is_awaiting_tree());
    assert!(workspace.parse_job(&uri()).is_none());
    typed(&mut workspace, 2, "y\n");
    assert!(workspace.parse_job(&uri()).is_some());
}

#[test]
fn uris_are_echoed_and_lead_to_paths() {
    for (uri, path) in [
        ("file:///w/a%20b.py", Some("/w/a b.py")),
        ("file:///w/%C3%A9.py", Some("/w/é.py")),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/w/a.ipynb#X1", None),
        ("nonsense", None),
    ] {
        let found = Uri::from(uri);
        assert_eq!(found.to_string(), uri);
        if cfg!(unix) {
            assert_eq!(found.to_path().map(|path| path.display().to_string()).as_deref(), path, "{uri}");
        }
    }
}

#[test]
fn ignored_files_and_names_of_secrets_are_withheld() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    };
    write(".gitignore", "build/\n!kept.py\n");
    write("sub/.cursorignore", "private*.py\n");
    write("sub/.aiexclude", "*.sql\n");
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.set_roots(vec![Uri::from_path(dir.path()).expect("it is there")]);
    let may = |name: &str| workspace.may_send(&dir.path().join(name)).is_ok();
    for name in ["a.py", "sub/a.py", "private.py", ".env.example", "keys.py", "a.sql"] {
        assert!(may(name), "{name}");
    }
    for name in [
        "build/a.py",
        "build/kept.py",
        "sub/private_a.py",
        "sub/deep/private.py",
        "sub/deep/a.sql",
        ".env",
        ".env.local",
        "prod.env",
        "a/id_rsa",
        "b.pem",
        ".npmrc",
        "x.tfstate",
    ] {
        assert!(!may(name), "{name}");
    }
    let nested = workspace.display_path(&Uri::from_path(&dir.path().join("sub/a.py")).expect("it is there"));
    assert_eq!(nested, "sub/a.py");
}

/// Which files may be sent of a fixture whose workspace has these folders.
#[track_caller]
fn check_sent(files: &str, folders: &[&str], sent: &[&str]) {
    let dir = tempfile::tempdir().expect("a folder");
    let files = fixture::files(files);
    for file in &files {
        let path = dir.path().join(&file.path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("made");
        std::fs::write(path, &file.text).expect("written");
    }
    let mut workspace = Workspace::new(Encoding::Utf16);
    let roots = folders.iter().map(|folder| Uri::from_path(&dir.path().join(folder)).expect("it is there"));
    workspace.set_roots(roots.collect());
    let sources = files.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(".py"));
    let may = sources.filter(|path| workspace.may_send(&dir.path().join(path)).is_ok());
    assert_eq!(may.collect::<Vec<&str>>(), sent);
}

#[test]
fn rules_count_from_the_top_of_the_checkout() {
    const FILES: &str = "//- .git/HEAD\n//- .gitignore\npriv.py\n//- p/.gitignore\n/b/out\n//- p/a/x.py\n//- p/a/priv.py\n//- p/b/out/x.py\n";
    check_sent(FILES, &["p/a"], &["p/a/x.py", "p/b/out/x.py"]);
    check_sent(FILES, &["p/b/out"], &["p/a/x.py", "p/a/priv.py"]);
    check_sent(&FILES.replace(".git/HEAD", "HEAD"), &["p/a"], &["p/a/x.py", "p/a/priv.py", "p/b/out/x.py"]);
}

#[test]
fn a_folder_within_takes_no_rules_away() {
    const FILES: &str = "//- .cursorignore\npriv.py\n//- a/.git/HEAD\n//- a/x.py\n//- a/priv.py\n";
    check_sent(FILES, &["", "a"], &["a/x.py"]);
    check_sent(FILES, &["a"], &["a/x.py", "a/priv.py"]);
}

#[test]
fn what_a_checkout_excludes_is_withheld() {
    const RULES: &str = "//- .git/info/exclude\npriv.py\n//- a/x.py\n//- a/priv.py\n";
    check_sent(RULES, &[""], &["a/x.py"]);
    check_sent(RULES, &["a"], &["a/x.py"]);
    let linked = "//- m/.git/info/exclude\npriv.py\n//- m/.git/worktrees/w/commondir\n../..\n//- w/.git\ngitdir: ../m/.git/worktrees/w\n//- w/x.py\n//- w/priv.py\n";
    check_sent(linked, &["w"], &["w/x.py"]);
}

#[cfg(unix)]
#[test]
fn a_link_may_be_sent_if_what_it_leads_to_may() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let at = |name: &str| dir.path().join(name);
    for folder in ["repo/w/src", "repo/w/priv", "out"] {
        std::fs::create_dir_all(at(folder)).expect("made");
    }
    std::fs::create_dir(at("repo/.git")).expect("it is there");
    std::fs::write(at("repo/.gitignore"), "above.py\n").expect("written");
    std::fs::write(at("repo/w/.aiignore"), "/priv/\n").expect("written");
    for file in ["repo/w/src/a.py", "repo/w/priv/p.py", "repo/w/src/above.py", "repo/w/.env", "out/o.py"] {
        std::fs::write(at(file), "").expect("written");
    }
    for (link, to) in [
        ("a_link.py", "src/a.py"),
        ("p_link.py", "priv/p.py"),
        ("env_link.py", ".env"),
        ("o_link.py", "../../out/o.py"),
        ("src_link", "src"),
        ("priv_link", "priv"),
        ("out_link", "../../out"),
    ] {
        symlink(to, at("repo/w").join(link)).expect("it is there");
    }
    symlink("repo/w", at("w_link")).expect("it is there");
    for root in ["repo/w", "w_link"] {
        let mut workspace = Workspace::new(Encoding::Utf16);
        workspace.set_roots(vec![Uri::from_path(&at(root)).expect("it is there")]);
        let said = |name: &str| match workspace.may_send(&at(root).join(name)) {
            Ok(()) => "sent",
            Err(Withheld::Ignored { .. }) => "ignored",
            Err(Withheld::Secret { .. }) => "secret",
            Err(Withheld::LeadsOut { .. }) => "leads out",
        };
        for (name, expect) in [
            ("src/a.py", "sent"),
            ("a_link.py", "sent"),
            ("src_link/a.py", "sent"),
            ("src_link/new.py", "sent"),
            ("new/new.py", "sent"),
            ("src/above.py", "ignored"),
            ("p_link.py", "ignored"),
            ("priv_link/p.py", "ignored"),
            ("priv_link/new.py", "ignored"),
            ("src/../priv/p.py", "ignored"),
            ("env_link.py", "secret"),
            ("o_link.py", "leads out"),
            ("out_link/o.py", "leads out"),
            ("out_link/new.py", "leads out"),
            ("../../out/o.py", "leads out"),
        ] {
            assert_eq!(said(name), expect, "{root} {name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_snapshot_reads_nothing_outside_the_workspace() {
    let outer = tempfile::tempdir().expect("a folder");
    let root = outer.path().join("w");
    std::fs::create_dir(&root).expect("it is there");
    std::fs::write(outer.path().join("secret.py"), "secret").expect("written");
    std::fs::write(root.join("a.py"), "a").expect("written");
    std::os::unix::fs::symlink(outer.path().join("secret.py"), root.join("link.py")).expect("it is there");
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.set_roots(vec![Uri::from_path(&root).expect("it is there")]);
    let snapshot = workspace.snapshot();
    assert_eq!(snapshot.read(&root.join("a.py")).expect("it is there").to_string(), "a");
    for path in [root.join("link.py"), root.join("../secret.py"), outer.path().join("secret.py")] {
        let error = snapshot.read(&path).unwrap_err().to_string();
        assert!(error.ends_with("outside the workspace"), "{error}");
    }
}

fn replaced(
    workspace: &mut Workspace,
    version: i32,
    lines: std::ops::Range<u32>,
    text: &str,
) -> Vec<(String, String)> {
    let position = |line| Position { line, character: 0 };
    let range = Some(PositionRange { start: position(lines.start), end: position(lines.end) });
    let change = ContentChange { range, text: text.to_owned() };
    let changed = workspace.change(&uri(), version, vec![change]).expect("a change that fits");
    assert_eq!(changed.before.apply(&changed.changes), Ok(changed.after.clone()));
    let shown = changed.changes.edits().iter();
    shown.map(|edit| (changed.before.slice(edit.range.clone()), edit.text.clone())).collect()
}

#[test]
fn an_undo_in_one_piece_is_the_inverse_of_what_was_done() {
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.open(uri(), "python", 1, "def f():\n    # note\n    return 1\n");
    let edits = replaced(&mut workspace, 2, 1..2, "");
    assert_eq!(edits, [("    # note\n".to_owned(), String::new())]);
    replaced(&mut workspace, 3, 1..2, "    return round(1)\n");
    let edits = replaced(&mut workspace, 4, 1..2, "    # note\n    return 1\n");
    let expected = [("", "    # note\n"), ("round(1)", "1")];
    assert_eq!(edits, expected.map(|(old, new)| (old.to_owned(), new.to_owned())));
    let edits = replaced(&mut workspace, 5, 1..3, "    return round(1)\n");
    let expected = [("    # note\n", ""), ("1", "round(1)")];
    assert_eq!(edits, expected.map(|(old, new)| (old.to_owned(), new.to_owned())));
}

#[test]
fn any_way_back_to_an_earlier_text_is_exact() {
    let mut rng = Rng::with_seed(12);
    let rounds = 300 * soak();
    let mut n_back = 0;
    for _ in 0..rounds {
        let mut workspace = Workspace::new(Encoding::Utf8);
        workspace.open(uri(), "plaintext", 1, "a\nb\nc\nd\n");
        let mut texts = vec!["a\nb\nc\nd\n".to_owned()];
        for version in 2..30 {
            let text = if rng.bool() {
                n_back += 1;
                texts[rng.usize(0..texts.len())].clone()
            } else {
                (0..rng.usize(0..6)).map(|_| ["a\n", "b\n", "xy\n", "c"][rng.usize(0..4)]).collect()
            };
            let change = ContentChange { range: None, text: text.clone() };
            let changed = workspace.change(&uri(), version, vec![change]).expect("a whole text fits");
            assert_eq!(changed.after.to_string(), text);
            assert_eq!(changed.before.apply(&changed.changes), Ok(changed.after));
            texts.push(text);
        }
    }
    eprintln!("counts: ways back to an earlier text {n_back}");
}

#[test]
fn packages_are_named_by_manifests_and_by_files_beside_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().canonicalize().expect("it is there");
    std::fs::create_dir_all(root.join("shop/web")).expect("made");
    std::fs::write(root.join("package.json"), "{\"dependencies\": {\"@a/b\": \"^1\", \"zod\": \"*\"}}")
        .expect("it is there");
    std::fs::write(root.join("requirements.txt"), "requests>=2\n").expect("written");
    std::fs::write(root.join("shop/carts.py"), "").expect("written");
    let file = root.join("shop/web/a.py");
    std::fs::write(&file, "").expect("written");
    let uri = Uri::from_path(&file).expect("it is there");
    let mut workspace = Workspace::new(Encoding::Utf16);
    workspace.set_roots(vec![Uri::from_path(&root).expect("it is there")]);
    workspace.open(uri.clone(), "python", 1, "");
    let names = workspace::packages(&workspace.snapshot(), &uri);
    for name in ["@a/b", "zod", "requests", "carts", "shop", "web", "a"] {
        assert!(names.contains(name), "{name} in {names:?}");
    }

    std::fs::remove_file(root.join("package.json")).expect("it is there");
    std::fs::remove_file(root.join("requirements.txt")).expect("it is there");
    assert!(
        workspace::packages(&workspace.snapshot(), &uri).is_empty(),
        "without a manifest nothing is known"
    );
}

#[test]
fn a_file_that_holds_what_was_saved_has_not_changed_when_the_user_types_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.txt");
    let uri = Uri::from_path(&path).expect("it is there");
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.open(uri.clone(), "plaintext", 1, "one\n");
    let whole = |text: &str| vec![ContentChange { range: None, text: text.to_owned() }];
    workspace.change(&uri, 2, whole("two\n")).expect("a change");
    workspace.save(&uri);
    workspace.change(&uri, 3, whole("three\n")).expect("a change");
    let snapshot = workspace.snapshot();
    for (file, on_disk) in [("two\n", OnDisk::Same), ("three\n", OnDisk::Same), ("one\n", OnDisk::Differs)] {
        std::fs::write(&path, file).expect("written");
        assert_eq!(snapshot.on_disk(&uri), on_disk, "{file:?}");
    }
}

#[test]
fn a_file_is_told_from_its_document_by_its_lines() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.txt");
    let uri = Uri::from_path(&path).expect("it is there");
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.open(uri.clone(), "plaintext", 1, "one\ntwo\n");
    let snapshot = workspace.snapshot();
    assert_eq!(snapshot.on_disk(&uri), OnDisk::Gone);
    for (file, on_disk) in [
        ("one\ntwo\n", OnDisk::Same),
        ("\u{feff}one\r\ntwo", OnDisk::Same),
        ("one\n", OnDisk::Differs),
        ("one\ntwo\n\n", OnDisk::Differs),
    ] {
        std::fs::write(&path, file).expect("written");
        assert_eq!(snapshot.on_disk(&uri), on_disk, "{file:?}");
    }
    std::fs::write(&path, [0xff]).expect("written");
    assert_eq!(snapshot.on_disk(&uri), OnDisk::Same, "what cannot be read is not told from it");
    assert_eq!(snapshot.on_disk(&Uri::from("untitled:a.txt")), OnDisk::Same);
}
