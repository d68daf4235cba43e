//! The store through its front door.

use store::{Receipt, Store, write_review};

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
