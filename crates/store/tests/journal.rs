//! Rows of sessions, and who has them.

use std::path::Path;

use store::{Left, LiveSession, RowId, Store, take_numbers};

fn id(root: &str, name: &str) -> RowId {
    RowId { root: root.to_owned(), name: name.to_owned() }
}

fn put(store: &Store, owner: &str, root: &str, name: &str, content: &str) {
    store
        .keep_rows(owner, &[(id(root, name), content.as_bytes().to_vec())], &[])
        .expect("the rows are written");
}

#[track_caller]
fn check(state_dir: &Path, owner: &str, root: &str, rows: &[(&str, &str)], n_living: usize) {
    let left =
        Store::open(state_dir).and_then(|store| store.left_rows(state_dir, owner, root)).expect("it is read");
    let row = |(name, content): &(&str, &str)| ((*name).to_owned(), content.as_bytes().to_vec());
    assert_eq!(left, Left { rows: rows.iter().map(row).collect(), n_living });
}

#[test]
fn what_a_session_leaves_is_the_last_that_it_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    put(&store, "a", "/f", "p1", "one");
    put(&store, "a", "/f", "p2", "two");
    put(&store, "a", "/f", "p1", "three");
    put(&store, "a", "/g", "p1", "other");
    check(dir.path(), "b", "/f", &[("a-p1", "three"), ("a-p2", "two")], 0);
    // What is its own it has already.
    check(dir.path(), "a", "/f", &[], 0);
    store.keep_rows("a", &[], &[id("/f", "p1")]).unwrap();
    check(dir.path(), "b", "/f", &[("a-p2", "two")], 0);
}

#[test]
fn rows_of_a_living_session_are_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let live = LiveSession::begin(dir.path(), "a").unwrap();
    put(&store, "a", "/f", "p1", "one");
    check(dir.path(), "b", "/f", &[], 1);
    drop(live);
    check(dir.path(), "b", "/f", &[("a-p1", "one")], 0);
}

#[test]
fn of_all_that_race_for_a_row_one_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (0..20).for_each(|n| put(&store, "a", "/f", &format!("p{n}"), "content"));
    let racers: Vec<_> = (0..4)
        .map(|n| {
            let path = dir.path().to_owned();
            std::thread::spawn(move || {
                let (owner, store) = (format!("racer{n}"), Store::open(&path).unwrap());
                let live = LiveSession::begin(&path, &owner).unwrap();
                let rows = store.left_rows(&path, &owner, "/f").unwrap().rows;
                let taken = rows.into_iter().filter(|(name, _)| store.take_row(&owner, "/f", name).unwrap());
                (taken.count(), live)
            })
        })
        .collect();
    let taken: Vec<(usize, LiveSession)> = racers.into_iter().map(|racer| racer.join().unwrap()).collect();
    assert_eq!(taken.iter().map(|(n_taken, _)| n_taken).sum::<usize>(), 20);
    check(dir.path(), "z", "/f", &[], 20);
}

#[test]
fn a_row_that_was_taken_over_goes_on_under_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    put(&store, "a", "/f", "p1", "one");
    let live = LiveSession::begin(dir.path(), "b").unwrap();
    assert!(store.take_row("b", "/f", "a-p1").unwrap());
    assert!(!store.take_row("c", "/f", "a-p1").unwrap(), "it has another owner");
    check(dir.path(), "c", "/f", &[], 1);
    drop(live);
    check(dir.path(), "c", "/f", &[("b-a-p1", "one")], 0);
    store.keep_rows("b", &[], &[id("/f", "a-p1")]).unwrap();
    check(dir.path(), "c", "/f", &[], 0);
}

#[test]
fn all_can_be_removed_but_what_others_have() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let live = LiveSession::begin(dir.path(), "a").unwrap();
    put(&store, "a", "/f", "p1", "one");
    put(&store, "b", "/f", "p1", "two");
    put(&store, "c", "/g", "p1", "three");
    store.remove_rows(dir.path(), "b").unwrap();
    drop(live);
    check(dir.path(), "z", "/f", &[("a-p1", "one")], 0);
    check(dir.path(), "z", "/g", &[], 0);
}

#[test]
fn numbers_are_given_out_once() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(take_numbers(dir.path(), 1_000).unwrap(), 1);
    let take = |n| {
        let path = dir.path().to_owned();
        std::thread::spawn(move || (0..50).map(|_| take_numbers(&path, n).unwrap()).collect::<Vec<_>>())
    };
    let takers = [take(1), take(1), take(1)];
    let mut taken: Vec<u32> = takers.into_iter().flat_map(|taker| taker.join().unwrap()).collect();
    taken.sort_unstable();
    assert_eq!(taken, (1_001..1_151).collect::<Vec<_>>());
    std::fs::write(dir.path().join("numbers"), "4294967000\n").unwrap();
    assert_eq!(take_numbers(dir.path(), 1_000).unwrap(), 1);
    std::fs::write(dir.path().join("numbers"), "no number").unwrap();
    assert!(take_numbers(dir.path(), 1).is_err());
}
