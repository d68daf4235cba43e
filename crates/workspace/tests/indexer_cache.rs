//! An index that is made again from what was kept, whatever became of that.

#[path = "indexer/content.rs"]
mod content;

use std::fs;
use std::path::{Path, PathBuf};

use content::content;
use fastrand::Rng;
use syntax::Stop;
use workspace::{Indexer, IndexerOptions, Report};

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

fn index(root: &Path, state_dir: Option<&Path>) -> (Report, String) {
    let options = IndexerOptions { state_dir: state_dir.map(Path::to_owned), ..IndexerOptions::default() };
    let indexer = Indexer::new(root, options);
    let report = indexer.update(&Stop::never());
    let content = content(&indexer.index().read());
    (report, content)
}

fn folder(n_files: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for n in 0..n_files {
        fs::write(dir.path().join(format!("f{n}.py")), format!("def f{n}(): pass\n")).expect("a file");
    }
    dir
}

#[test]
fn a_second_start_parses_nothing() {
    let (dir, state) = (folder(300), tempfile::tempdir().unwrap());
    let (first, expect) = index(dir.path(), Some(state.path()));
    let (second, found) = index(dir.path(), Some(state.path()));
    assert_eq!((first.n_parsed, first.n_cached), (300, 0));
    assert_eq!((second.n_parsed, second.n_cached, second.n_indexed), (0, 300, 300));
    assert_eq!(found, expect);
}

#[test]
fn files_that_did_not_change_for_long_are_not_even_read() {
    // Building the tests took longer than a stamp takes to be trusted.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../text/src");
    let state = tempfile::tempdir().unwrap();
    let (first, expect) = index(&root, Some(state.path()));
    let (second, found) = index(&root, Some(state.path()));
    assert!(first.n_indexed > 5 && first.n_read == first.n_indexed, "{first:?}");
    assert_eq!((second.n_read, second.n_cached), (0, first.n_indexed));
    assert_eq!(found, expect);
}

#[test]
fn a_rename_and_a_branch_that_is_come_back_to_are_not_parsed() {
    let (dir, state) = (folder(2), tempfile::tempdir().unwrap());
    let (here, there) = (dir.path().join("f0.py"), dir.path().join("sub.py"));
    let options = IndexerOptions { state_dir: Some(state.path().to_owned()), ..IndexerOptions::default() };
    let indexer = Indexer::new(dir.path(), options);
    let parsed = |touched: &[PathBuf]| {
        indexer.touched(touched);
        indexer.update(&Stop::never()).n_parsed
    };
    assert_eq!(parsed(&[]), 2);
    fs::rename(&here, &there).unwrap();
    assert_eq!(parsed(&[here.clone(), there.clone()]), 0);
    let before = fs::read(&there).unwrap();
    fs::write(&there, "def other(): pass\n").unwrap();
    assert_eq!(parsed(std::slice::from_ref(&there)), 1);
    fs::write(&there, before).unwrap();
    assert_eq!(parsed(&[there]), 0);
}

#[test]
fn without_a_place_to_keep_it_the_index_is_the_same() {
    let dir = folder(20);
    let (_, expect) = index(dir.path(), None);
    let (report, found) = index(dir.path(), Some(&dir.path().join("f0.py")));
    assert_eq!((report.n_parsed, found), (20, expect));
}

#[test]
fn two_at_once_get_in_nobodys_way() {
    let (dir, state) = (folder(400), tempfile::tempdir().unwrap());
    let (_, expect) = index(dir.path(), None);
    std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| index(dir.path(), Some(state.path()))));
        for one in both {
            assert_eq!(one.join().unwrap().1, expect);
        }
    });
    assert_eq!(index(dir.path(), Some(state.path())).0.n_parsed, 0);
}

#[test]
fn a_damaged_database_is_made_again() {
    let (dir, n_rounds, mut n_used) = (folder(60), 30 * soak(), 0);
    let (_, expect) = index(dir.path(), None);
    let whole = tempfile::tempdir().unwrap();
    index(dir.path(), Some(whole.path()));
    let database = fs::read(whole.path().join("hunkwise.db")).unwrap();
    for seed in 0..n_rounds {
        let mut rng = Rng::with_seed(seed as u64);
        let mut bytes = database.clone();
        match rng.usize(0..4) {
            0 => bytes.truncate(rng.usize(0..database.len())),
            1 => {
                let start = rng.usize(0..database.len());
                let end = (start + rng.usize(1..20_000)).min(database.len());
                bytes[start..end].fill(rng.u8(..));
            }
            _ => (0..rng.usize(1..200)).for_each(|_| bytes[rng.usize(0..database.len())] = rng.u8(..)),
        }
        let state = tempfile::tempdir().unwrap();
        fs::write(state.path().join("hunkwise.db"), bytes).unwrap();
        let (report, found) = index(dir.path(), Some(state.path()));
        assert!(found == expect, "seed {seed}: {report:?}");
        n_used += usize::from(report.n_cached > 0);
        let (report, found) = index(dir.path(), Some(state.path()));
        assert!(found == expect, "seed {seed}, again: {report:?}");
    }
    println!("counts: damaged databases {n_rounds}, of which still of use {n_used}");
}
