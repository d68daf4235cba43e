//! What lies in the state directory, for how long, and what does not.

use e2e::{Model, World, answer};
use rusqlite::params;

use super::{CODE, REWRITTEN, Run, database, left, model, rows};

/// A key as a vendor makes them; put together here, because none may lie in the tree.
fn secret() -> String {
    ["sk", "ant", "api03", "Zq81xW77vbn2KfT0pLmR4sJd9YhCe5Gu"].join("-")
}

/// Whether a text is anywhere in the state directory.
fn is_in_state(world: &World, wanted: &str) -> bool {
    let mut dirs = vec![world.state()];
    let mut files = Vec::new();
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { dirs.push(path) } else { files.push(path) }
        }
    }
    let holds = |bytes: Vec<u8>| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes());
    files.into_iter().any(|path| holds(std::fs::read(path).unwrap_or_default()))
}

#[test]
fn what_was_decided_does_not_come_back() {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut run = Run::start(&world, "a.py", CODE);
    let ids = run.ask("result = 0", "sum them", 3);
    run.kept(&world, |rows| rows.len() == 1);
    run.client.command("hunkwise.reject", &["p1"]);
    run.kept(&world, <[_]>::is_empty);
    run.kill();
    let mut run = Run::start(&world, "a.py", CODE);
    for id in &ids {
        let why = run.refused("hunkwise.accept", id);
        assert!(why.contains("nothing was changed"), "{why}");
    }
    run.end();
}

#[test]
fn an_id_of_an_earlier_run_names_nothing_else() {
    let (world, _model, ids) = left(CODE);
    std::fs::remove_file(world.state().join("hunkwise.db")).expect("the database");
    let mut run = Run::start(&world, "a.py", CODE);
    let new = run.ask("result = 0", "sum them", 3);
    assert!(new.iter().all(|id| !ids.contains(id)), "{new:?}");
    for id in &ids {
        run.refused("hunkwise.accept", id);
        run.refused("hunkwise.reject", id);
    }
    assert_eq!(run.text(), CODE);
    run.end();
}

#[test]
fn what_was_accepted_is_known_and_can_be_undone() {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut run = Run::start(&world, "a.py", CODE);
    let ids = run.ask("result = 0", "sum them", 3);
    run.accept(&ids[1]);
    run.client.command("hunkwise.reject", &[&ids[0], "no"]);
    run.kept(&world, |rows| {
        rows.iter().any(|(_, content)| content.contains("accepted") && content.contains("rejected"))
    });
    let text = run.text();
    run.kill();

    let mut run = Run::start(&world, "a.py", &text);
    assert_eq!(run.pending(1), ids[2..]);
    let answer = run.client.command("hunkwise.undo", &["p1"]);
    assert!(answer["proposal"].is_string(), "{answer}");
    run.client.apply_edit(&mut run.buffer);
    assert_eq!(run.text(), CODE);
    assert_eq!(run.pending(2), ids[1..]);
    run.accept("p1");
    assert_eq!(run.text(), REWRITTEN.replace("amount = 0", "result = 0"));
    run.end();
}

#[test]
fn accepted_text_of_which_nobody_knows_which_it_is_stays() {
    let model = model();
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut run = Run::start(&world, "a.py", CODE);
    let ids = run.ask("result = 0", "sum them", 3);
    run.accept(&ids[0]);
    run.kept(&world, |rows| rows.iter().any(|(_, content)| content.contains("accepted")));
    let text = run.text().replace("    amount = 0\n", "    amount = 0\n    amount = 0\n");
    run.kill();
    let mut run = Run::start(&world, "a.py", &text);
    assert_eq!(run.pending(2), ids[1..]);
    let why = run.refused("hunkwise.undo", "p1");
    assert!(why.contains("nobody knows for certain") && why.contains("nothing was changed"), "{why}");
    assert_eq!(run.text(), text);
    run.end();
}

#[test]
fn what_was_accepted_right_before_the_end_is_accepted() {
    let (world, _model, ids) = left(CODE);
    // The editor had saved it, and nothing of that was written.
    let text = CODE.replace("    result = 0\n", "    amount = 0\n");
    let mut run = Run::start(&world, "a.py", &text);
    assert_eq!(run.pending(2), ids[1..]);
    run.accept("p1");
    assert_eq!(run.text(), REWRITTEN);
    run.end();
}

#[test]
fn a_refinement_goes_on_with_the_conversation() {
    let refined = "<<<<<<< SEARCH\n    return round(result, 2)\n=======\n    return round(result, 4)\n>>>>>>> REPLACE\n";
    let model = Model::new(vec![answer(&["sum them"], super::REWRITE), answer(&["four digits"], refined)]);
    let world = World::new(&format!("//- /a.py\n{CODE}"), Some(&model));
    let mut run = Run::start(&world, "a.py", CODE);
    let ids = run.ask("result = 0", "sum them", 3);
    run.client.command("hunkwise.reject", &[&ids[0], "the name is fine"]);
    run.kept(&world, |rows| rows.iter().any(|(_, content)| content.contains("the name is fine")));
    run.kill();

    let mut run = Run::start(&world, "a.py", CODE);
    assert_eq!(run.pending(2), ids[1..]);
    let answer = run.client.command("hunkwise.refine", &[&ids[2], "four digits"]);
    assert!(answer["proposal"].is_string(), "{answer}");
    run.client.diagnostics(&run.buffer.uri.clone(), |found| {
        found.iter().any(|d| d["message"].to_string().contains("(r2)"))
            && found.iter().all(|d| d["code"] != "working")
    });
    let asked = model.requests().last().expect("a second request").body.to_string();
    for part in ["sum them", "four digits", "the name is fine", "round(result, 2)"] {
        assert!(asked.contains(part), "{part} is not in {asked}");
    }
    run.accept("p1");
    assert_eq!(
        run.text(),
        REWRITTEN.replace("amount = 0", "result = 0").replace("(result, 2)", "(result, 4)")
    );
    run.end();
}

#[test]
fn the_comment_that_asked_goes_with_the_first_hunk() {
    let model = model();
    let with = |text: &str| text.replace("    print(", "    # ai: sum them\n    print(");
    let world = World::new(&format!("//- /a.py\n{}", with(CODE)), Some(&model));
    let mut run = Run::start(&world, "a.py", &with(CODE));
    let uri = run.buffer.uri.clone();
    run.client.diagnostics(&uri, |found| found.iter().any(|d| d["code"] == "directive"));
    let action = run.client.action(&run.buffer, &run.buffer.find("ai:"), "Run");
    run.client.run(&action);
    let ids = run.pending(3);
    run.kept(&world, |rows| rows.len() == 1);
    run.kill();
    let mut run = Run::start(&world, "a.py", &with(CODE));
    assert_eq!(run.pending(3), ids);
    run.accept(&ids[0]);
    assert_eq!(run.text(), CODE.replace("result = 0", "amount = 0"));
    run.end();
}

#[test]
fn a_secret_is_in_nothing_that_is_kept() {
    let code = CODE.replace("import os\n", &format!("import os\nKEY = '{}'\n", secret()));
    let (world, _model, ids) = left(&code);
    assert!(!is_in_state(&world, &secret()), "the secret lies in the state directory");
    assert!(is_in_state(&world, "round(result, 2)"), "the hunks do");
    let mut run = Run::start(&world, "a.py", &code);
    assert_eq!(run.pending(3), ids);
    run.end();
}

#[test]
fn a_proposal_with_a_secret_in_it_is_not_kept() {
    let code = CODE.replace("    print(result)\n", &format!("    print('{}')\n", secret()));
    // The line with the secret is put into a block, which a hunk may do.
    let total = CODE.split("\n\n\n").nth(1).expect("a function");
    let block = "    if True:\n        print('REDACTED_1_END')\n";
    let rewrite = format!("```python\n{}\n```\n", total.replace("    print(result)\n", block));
    let model = Model::new(vec![
        answer(&["sum them"], &rewrite),
        answer(&["tail it"], "```python\ndef tail():\n    return 2\n```\n"),
    ]);
    let world = World::new(&format!("//- /a.py\n{code}"), Some(&model));
    let mut run = Run::start(&world, "a.py", &code);
    run.ask("for price", "sum them", 1);
    let ids = run.ask("return 1", "tail it", 2);
    // The second of the two is kept; so the first had its turn, too.
    run.kept(&world, |rows| rows.iter().any(|(_, content)| content.contains("tail it")));
    assert!(rows(&world).iter().all(|(_, content)| !content.contains("sum them")), "{:#?}", rows(&world));
    run.kill();
    assert!(!is_in_state(&world, &secret()), "the secret lies in the state directory");
    let mut run = Run::start(&world, "a.py", &code);
    let back = run.pending(1);
    assert_eq!(back, [ids.last().expect("a hunk").clone()]);
    run.end();
}

#[test]
fn nothing_is_kept_where_the_settings_say_so() {
    let (world, _model, _) = left(CODE);
    std::fs::write(world.config(), "keep_proposals = false\n").expect("the settings");
    let mut run = Run::start(&world, "a.py", CODE);
    // What there was goes, too.
    run.kept(&world, <[_]>::is_empty);
    run.ask("result = 0", "sum them", 3);
    run.end();
    assert!(rows(&world).is_empty());
}

/// Changes what is kept while no server runs, and opens the document again: no hunk comes, and the user is told once.
#[track_caller]
fn check_left_out(change: impl Fn(Vec<u8>) -> Vec<u8>, why: &str) {
    let (world, _model, ids) = left(CODE);
    let database = database(&world).expect("the database");
    let content: Vec<u8> =
        database.query_row("SELECT content FROM journal", [], |row| row.get(0)).expect("a row");
    database.execute("UPDATE journal SET content = ?", params![change(content)]).expect("it is written");
    drop(database);
    let mut run = Run::start(&world, "a.py", CODE);
    let told = run.client.incoming_notification("window/showMessage")["message"].to_string();
    assert!(told.contains(why) && told.contains("a.py"), "{told}");
    run.refused("hunkwise.accept", &ids[0]);
    run.client.incoming_notification("window/showMessage");
    assert_eq!(run.text(), CODE);
    run.client
        .notify("textDocument/didClose", serde_json::json!({ "textDocument": { "uri": run.buffer.uri } }));
    run.client.open(&run.buffer, "");
    run.client.indexed();
    run.client.taken.retain(|method| *method != "window/showMessage");
    run.end();
}

#[test]
fn what_is_damaged_or_newer_is_left_out_and_told_once() {
    check_left_out(
        |mut content| {
            let at = content.len() / 2;
            content[at] ^= 1;
            content
        },
        "damaged",
    );
    check_left_out(|content| content[..content.len() - 5].to_vec(), "damaged");
    check_left_out(|_| Vec::new(), "damaged");
    check_left_out(
        |content| String::from_utf8_lossy(&content).replacen("proposal 1 ", "proposal 2 ", 1).into_bytes(),
        "newer version",
    );
}

#[test]
fn what_is_older_than_two_weeks_goes() {
    let (world, _model, ids) = left(CODE);
    let database = database(&world).expect("the database");
    database.execute("UPDATE journal SET time = time - 1209601", []).expect("it is written");
    drop(database);
    let mut run = Run::start(&world, "a.py", CODE);
    let new = run.ask("result = 0", "sum them", 3);
    run.kept(&world, |rows| rows.len() == 1 && rows.iter().all(|(name, _)| !name.ends_with("-p1")));
    assert!(new.iter().all(|id| !ids.contains(id)), "{new:?}");
    run.end();
}
