//! The store through its front door.

use store::{CachedFacts, CachedFile, Receipt, Store, replace_damaged, write_review};

fn receipt(proposal: &str) -> Receipt {
    Receipt {
        proposal: proposal.to_owned(),
        provider: "model at host".to_owned(),
        model: "model".to_owned(),
        input_tokens: Some(7),
        output_tokens: None,
        sent: vec!["a.py".to_owned(), "b c.py".to_owned()],
    }
}

#[test]
fn receipts_come_back_newest_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    for name in ["p1", "p2", "p3"] {
        store.append_receipt(&receipt(name)).unwrap();
    }
    assert_eq!(store.receipts(2).unwrap(), [receipt("p3"), receipt("p2")]);
}

#[test]
fn two_writers_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let write = move |name: &'static str| {
        let path = path.clone();
        move || {
            let store = Store::open(&path).unwrap();
            (0..100).for_each(|_| store.append_receipt(&receipt(name)).unwrap());
        }
    };
    let (one, two) = (std::thread::spawn(write("p1")), std::thread::spawn(write("p2")));
    one.join().unwrap();
    two.join().unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().receipts(1_000).unwrap().len(), 200);
}

#[test]
fn the_journal_keeps_the_last_content_of_each_checkout() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.put_journal("/a", "p1", b"one").unwrap();
    store.put_journal("/a", "p1", b"two").unwrap();
    store.put_journal("/b", "p1", b"other").unwrap();
    assert_eq!(store.journal("/a", "p1").unwrap(), Some(b"two".to_vec()));
    assert_eq!(store.journal("/b", "p1").unwrap(), Some(b"other".to_vec()));
    assert_eq!(store.journal("/a", "p2").unwrap(), None);
}

#[test]
fn a_damaged_database_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("hunkwise.db"),
        "this is no database, however long it goes on ".repeat(50),
    )
    .unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.append_receipt(&receipt("p1")).unwrap();
    assert_eq!(store.receipts(9).unwrap(), [receipt("p1")]);
    let names: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().any(|name| name.contains("damaged")), "{names:?}");
}

#[test]
fn a_review_document_stays_inside_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    let path = write_review(dir.path(), "../../p1.md", "text").unwrap();
    assert!(path.starts_with(dir.path().join("reviews")), "{}", path.display());
    assert_eq!(std::fs::read_to_string(path).unwrap(), "text");
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let review = write_review(&state, "p1.md", "text").unwrap();
    Store::open(&state).unwrap().append_receipt(&receipt("p1")).unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&state), mode(&review), mode(&state.join("hunkwise.db"))), (0o700, 0o600, 0o600));
}

fn file(path: &str, hash: u8) -> CachedFile {
    CachedFile { path: path.to_owned(), size: 3, mtime_ns: 7, ctime_ns: -7, hash: [hash; 32] }
}

fn facts(hash: u8, form: &str, content: &[u8]) -> CachedFacts {
    CachedFacts { hash: [hash; 32], form: form.to_owned(), content: content.to_owned() }
}

#[test]
fn files_are_known_by_root_and_what_was_read_by_content_and_form() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let both = [file("a.py", 1), file("b c.py", 2)];
    store.put_cached("/a", &both, &[facts(1, "py", b"one"), facts(2, "py", b"two")]).unwrap();
    store.put_cached("/b", &[file("a.py", 3)], &[]).unwrap();
    assert_eq!(store.cached_files("/a").unwrap(), both);
    assert_eq!(store.cached_facts(&[1; 32], "py").unwrap().as_deref(), Some(&b"one"[..]));
    assert_eq!(store.cached_facts(&[1; 32], "rs").unwrap(), None);
    store.put_cached("/a", &[file("a.py", 4)], &[facts(1, "py", b"three")]).unwrap();
    store.forget_cached("/a", &["b c.py".to_owned()]).unwrap();
    assert_eq!(store.cached_files("/a").unwrap(), [file("a.py", 4)]);
    assert_eq!(store.cached_files("/b").unwrap(), [file("a.py", 3)]);
    assert_eq!(store.cached_facts(&[1; 32], "py").unwrap().as_deref(), Some(&b"three"[..]));
}

#[test]
fn what_was_left_lately_is_not_pruned() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    store.put_cached("/a", &[file("a.py", 1)], &[facts(1, "py", b"one")]).unwrap();
    store.forget_cached("/a", &["a.py".to_owned()]).unwrap();
    assert_eq!(store.prune_cached("/a", "py").unwrap(), 0);
    assert!(store.cached_facts(&[1; 32], "py").unwrap().is_some());
}

#[test]
fn two_writers_of_one_checkout_wait_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let write = |first: u8| {
        let path = dir.path().to_owned();
        move || {
            let mut store = Store::open(&path).unwrap();
            for n in 0..50 {
                store
                    .put_cached("/a", &[file(&format!("{first} {n}"), n)], &[facts(n, "py", b"one")])
                    .unwrap();
            }
        }
    };
    let (one, two) = (std::thread::spawn(write(1)), std::thread::spawn(write(2)));
    one.join().unwrap();
    two.join().unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().cached_files("/a").unwrap().len(), 100);
}

#[test]
fn damage_that_shows_while_it_is_used_is_seen_to() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("hunkwise.db");
    let mut store = Store::open(dir.path()).unwrap();
    let many: Vec<CachedFile> =
        (0..2_000).map(|n| file(&format!("a long name of a file {n}.py"), 1)).collect();
    store.put_cached("/a", &many, &[]).unwrap();
    drop(store);
    replace_damaged(dir.path());
    assert_eq!(Store::open(dir.path()).unwrap().cached_files("/a").unwrap().len(), 2_000);
    let mut bytes = std::fs::read(&database).unwrap();
    let end = bytes.len();
    bytes[20_000..end - 20_000].fill(0xee);
    std::fs::write(&database, bytes).unwrap();
    let error = Store::open(dir.path()).unwrap().cached_files("/a").unwrap_err();
    assert!(error.is_damage(), "{error}");
    replace_damaged(dir.path());
    assert_eq!(Store::open(dir.path()).unwrap().cached_files("/a").unwrap(), []);
}
