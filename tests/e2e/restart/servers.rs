//! More servers than one on one state directory.

use e2e::World;
use serde_json::json;

use super::{CODE, REWRITTEN, Run, left, model, rows};

/// Whether it has hunks to decide, as code actions show them.
fn has_hunks(run: &mut Run) -> bool {
    let at = run.buffer.find("result = 0");
    let actions = run.client.actions(&run.buffer, &at);
    actions.iter().any(|action| action["title"].to_string().contains("Accept hunk"))
}

#[test]
fn hunks_of_a_living_server_are_its_own_and_another_gets_them_when_it_is_gone() {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut first = Run::start(&world, "a.py", CODE);
    let ids = first.ask("result = 0", "sum them", 3);
    first.kept(&world, |rows| rows.len() == 1);
    let owner = rows(&world)[0].0.clone();
    let mut second = Run::start(&world, "a.py", CODE);
    second.client.indexed();
    let why = second.refused("hunkwise.accept", &ids[0]);
    assert!(why.contains("nothing was changed"), "{why}");
    assert_eq!(rows(&world)[0].0, owner, "it is the first one's");
    first.kill();
    // It looks again by itself: nobody opens the file anew.
    assert_eq!(second.pending(3), ids);
    assert_ne!(rows(&world)[0].0, owner, "it is the second one's");
    second.accept("p1");
    assert_eq!(second.text(), REWRITTEN);
    second.end();
}

#[test]
fn of_two_servers_that_start_at_once_one_gets_them() {
    let (world, _model, ids) = left(CODE);
    let mut runs = [Run::start(&world, "a.py", CODE), Run::start(&world, "a.py", CODE)];
    let has = loop {
        if let Some(has) = runs.iter_mut().position(has_hunks) {
            break has;
        }
    };
    let [one, other] = runs;
    let (mut winner, mut loser) = if has == 0 { (one, other) } else { (other, one) };
    assert_eq!(rows(&world).len(), 1);
    loser.refused("hunkwise.accept", &ids[0]);
    winner.accept("p1");
    assert_eq!(winner.text(), REWRITTEN);
    winner.end();
    loser.end();
}

#[test]
fn hunks_of_a_server_that_was_ended_are_back() {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut run = Run::start(&world, "a.py", CODE);
    let ids = run.ask("result = 0", "sum them", 3);
    let uri = run.buffer.uri.clone();
    run.client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    // At once: what was not written yet is written before the end.
    run.end();
    let mut run = Run::start(&world, "a.py", CODE);
    assert_eq!(run.pending(3), ids);
    // And once more, from the server that took them over.
    run.kept(&world, |rows| rows.len() == 1);
    run.kill();
    let mut run = Run::start(&world, "a.py", CODE);
    assert_eq!(run.pending(3), ids);
    run.accept("p1");
    assert_eq!(run.text(), REWRITTEN);
    run.kept(&world, <[_]>::is_empty);
    run.end();
}
