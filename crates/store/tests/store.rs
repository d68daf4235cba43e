//! The store through its front door.

use store::{
    CachedFacts, CachedFile, KeptReceipt, Receipt, ShownLines, Spent, Store, UNDER_WAY, replace_damaged,
    write_review,
};

fn receipt(name: &str) -> Receipt {
    Receipt {
        name: name.to_owned(),
        revision: "p1.r1".to_owned(),
        shown: vec![
            ShownLines { path: "a.py".to_owned(), lines: 0..7, why: "scope".to_owned() },
            ShownLines { path: "b\nc.py".to_owned(), lines: 3..4, why: String::new() },
        ],
        input_tokens: Some(7),
        end: "complete".to_owned(),
        ..Receipt::default()
    }
}

fn names(store: &Store, since: i64) -> Vec<(i64, String)> {
    let kept = store.receipts(since, 9).expect("they are read");
    kept.into_iter().map(|kept| (kept.time, kept.receipt.name)).collect()
}

#[test]
fn receipts_come_back_newest_first() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    for (time, name) in [(1, "a"), (2, "b"), (3, "c")] {
        store.keep_receipt(&receipt(name), time).unwrap();
    }
    let kept = |time, name| KeptReceipt { time, receipt: receipt(name) };
    assert_eq!(store.receipts(0, 2).unwrap(), [kept(3, "c"), kept(2, "b")]);
    assert_eq!(store.receipts(3, 9).unwrap(), [kept(3, "c")]);
}

#[test]
fn a_request_has_one_receipt_and_its_end_stays() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let sent = Receipt { end: UNDER_WAY.to_owned(), input_tokens: None, ..receipt("a") };
    // In whichever order the two are written.
    for receipt in [&sent, &receipt("a"), &sent] {
        store.keep_receipt(receipt, 5).unwrap();
    }
    assert_eq!(store.receipts(0, 9).unwrap(), [KeptReceipt { time: 5, receipt: receipt("a") }]);
}

#[test]
fn old_receipts_go() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let day = 24 * 3600;
    for (time, name) in [(0, "a"), (300 * day, "b"), (401 * day, "c")] {
        store.keep_receipt(&receipt(name), time).unwrap();
    }
    assert_eq!(names(&store, 0), [(401 * day, "c".to_owned()), (300 * day, "b".to_owned())]);
}

#[test]
fn what_was_spent_is_summed_and_what_has_no_price_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let priced = |name, cost| Receipt { cost, output_tokens: Some(2), ..receipt(name) };
    for (time, name, cost) in [(1, "a", Some(9.0)), (2, "b", Some(0.25)), (3, "c", Some(0.5)), (4, "d", None)]
    {
        store.keep_receipt(&priced(name, cost), time).unwrap();
    }
    let expected = Spent { n_requests: 3, input_tokens: 21, output_tokens: 6, cost: 0.75, n_unpriced: 1 };
    assert_eq!(store.spent_since(2).unwrap(), expected);
    assert_eq!(store.spent_since(5).unwrap(), Spent::default());
    store.keep_receipt(&priced("e", None), 90_000).unwrap();
    let last = Spent { n_requests: 1, input_tokens: 7, output_tokens: 2, cost: 0.0, n_unpriced: 1 };
    assert_eq!(store.spent_by_day(2).unwrap(), [(0, expected), (86_400, last)]);
}

#[test]
fn two_writers_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().to_owned();
    let write = move |name: &'static str| {
        let path = path.clone();
        move || {
            let store = Store::open(&path).unwrap();
            (0..100).for_each(|n| store.keep_receipt(&receipt(&format!("{name}{n}")), n).unwrap());
        }
    };
    let (one, two) = (std::thread::spawn(write("a")), std::thread::spawn(write("b")));
    one.join().unwrap();
    two.join().unwrap();
    assert_eq!(Store::open(dir.path()).unwrap().receipts(0, 1_000).unwrap().len(), 200);
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
    store.keep_receipt(&receipt("a"), 1).unwrap();
    assert_eq!(names(&store, 0), [(1, "a".to_owned())]);
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
    Store::open(&state).unwrap().keep_receipt(&receipt("a"), 1).unwrap();
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

#[test]
fn a_request_is_lost_with_its_session() {
    let dir = tempfile::tempdir().expect("a directory");
    let keep = |name: &str, end: &str| {
        let receipt =
            store::Receipt { name: name.to_owned(), end: end.to_owned(), ..store::Receipt::default() };
        store::keep_receipt(dir.path(), &receipt).expect("kept");
    };
    let ends = || {
        let kept = store::Store::open(dir.path()).and_then(|store| store.receipts(0, 9)).expect("read");
        kept.into_iter().rev().map(|kept| kept.receipt.end).collect::<Vec<_>>()
    };
    let first = store::LiveSession::begin(dir.path(), "a1").expect("begun");
    let second = store::LiveSession::begin(dir.path(), "b2").expect("begun");
    keep("a1-1", store::UNDER_WAY);
    keep("b2-1", store::UNDER_WAY);
    keep("b2-2", "complete");
    keep("c3-1", store::UNDER_WAY);
    assert_eq!(store::end_lost(dir.path()).expect("looked"), 1, "only that of a session that never was");
    drop(first);
    assert_eq!(store::end_lost(dir.path()).expect("looked"), 1);
    assert_eq!(ends(), [store::LOST, store::UNDER_WAY, "complete", store::LOST]);
    keep("b2-1", "complete");
    drop(second);
    assert_eq!(store::end_lost(dir.path()).expect("looked"), 0);
}
