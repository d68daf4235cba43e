//! The indexes of the folders, as the server tells of them: whatever happens in the editor and on disk, in the end they say
//! what new ones say.

#[path = "index/desk.rs"]
mod desk;
#[path = "../../crates/workspace/tests/indexer/tree.rs"]
mod tree;

use desk::Desk;

/// Edits between two looks at the index.
const N_EDITS: usize = 40;

/// Looks per workspace.
const N_LOOKS: usize = 20;

fn soak() -> usize {
    std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
}

#[test]
fn after_random_edits_the_indexes_say_what_new_ones_say() {
    let mut n_edits = 0;
    for seed in 0..soak() {
        let mut desk = Desk::new(seed as u64);
        for look in 0..N_LOOKS {
            for _ in 0..desk.rng.usize(1..2 * N_EDITS) {
                desk.step();
                n_edits += 1;
            }
            desk.check(&format!("seed {seed} look {look}"));
        }
        let Desk { n_opened, n_typed, n_on_disk, n_replaced, n_starts, .. } = desk;
        println!("counts: documents opened {n_opened}, changes typed {n_typed}, changes on disk {n_on_disk}");
        println!("counts: files replaced by branch switches {n_replaced}, server starts {n_starts}");
        desk.end();
    }
    println!("counts: edits the index followed {n_edits}, looks at it {}", soak() * N_LOOKS);
}

#[test]
fn a_folder_within_another_has_the_only_index_of_its_files() {
    let mut desk = Desk::new(0);
    desk.write("a/x.py", b"def f1(): pass\n");
    desk.write("y.py", b"def f2(): pass\n");
    desk.check("one folder");
    desk.set_inner(true);
    desk.check("a folder within");
    desk.set_inner(false);
    desk.check("one folder again");
    desk.end();
}

#[test]
fn documents_that_are_open_are_in_the_index_of_a_folder_that_is_added() {
    let mut desk = Desk::new(0);
    desk.write("a/x.py", b"def f1(): pass\n");
    desk.open("a/x.py");
    desk.change("a/x.py", "def f3(): pass\n");
    desk.check("one folder");
    desk.set_inner(true);
    desk.check("a folder within");
    desk.end();
}
