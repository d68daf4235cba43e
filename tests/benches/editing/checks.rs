//! Typing, accepting and rejecting while a check of the project keeps every core busy, beside the same with no check.
//!
//! The floor is measured before and after, not beside: the check takes the processor from it too.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::actions::{N_HUNKS, Review};
use crate::edits::Change;
use crate::pipe::Pipe;
use crate::table::{Table, Times};

/// Between two acts: the server is idle when one comes, as it is for a person.
const PAUSE: Duration = Duration::from_millis(10);

/// A check that ends with the server only: a loop for each of two cores, and a file that says that they run.
const SETTINGS: &str = "[checks]\nwait_s = 0\nfound = false\n[[checks.commands]]\nname = \"busy\"\nlimit_s = 600\nrun = [\"sh\", \"-c\", \"touch runs; (while :; do :; done) & while :; do :; done\"]\n";

/// Times of one server.
#[derive(Default)]
struct Acts {
    text: Times,
    actions: Times,
    accept: Times,
    landed: Times,
    reject: Times,
}

/// Measures all acts.
pub fn measure() {
    let mut table = Table::new("while a check keeps two cores busy, against the same with no check");
    let (mut busy, mut idle) = (Acts::default(), Acts::default());
    acts(false, &mut idle);
    acts(true, &mut busy);
    acts(false, &mut idle);
    table.row("a letter: text", &busy.text, &idle.text);
    table.row("codeAction", &busy.actions, &idle.actions);
    table.row("accept: the edit", &busy.accept, &idle.accept);
    table.row("accept: text", &busy.landed, &idle.landed);
    table.row("reject", &busy.reject, &idle.reject);
    table.print();
}

/// Goes through the hunks of one request: types above each, asks what can be done, accepts one and rejects the next.
fn acts(is_checked: bool, times: &mut Acts) {
    let review = Review::new();
    let world = review.world();
    std::fs::write(world.config(), if is_checked { SETTINGS } else { "[checks]\nenabled = false\n" })
        .expect("settings");
    workspace::Trust::grant(&world.state(), &world.root()).expect("trust is kept");
    let mut server = review.open();
    review.ask(&mut server);
    if is_checked {
        command(&mut server, "hunkwise.verify", "p1");
        wait_for_check(&world.state().join("scratch"));
    }
    let uri = review.uri();
    for number in (1..=N_HUNKS).step_by(2) {
        for (n_removed, text) in [(0, "x"), (1, "")] {
            pause();
            let change = Change { line: 1, character: 6, n_removed, text: text.to_owned() };
            times.text.add(server.time_text("textDocument/didChange", &uri, &[change]));
        }
        pause();
        times.actions.add(server.time_request("textDocument/codeAction", review.params(1)));
        pause();
        times.accept.add(command(&mut server, "hunkwise.accept", &format!("p1.r1.h{number}")));
        let edits = server.take_edit().expect("an edit to accept the hunk by");
        times.landed.add(server.time_edit(&uri, &edits));
        pause();
        times.reject.add(command(&mut server, "hunkwise.reject", &format!("p1.r1.h{}", number + 1)));
    }
    server.end();
}

fn command(server: &mut Pipe, name: &str, id: &str) -> Duration {
    let params: Value = json!({ "command": name, "arguments": [id] });
    server.time_request("workspace/executeCommand", params)
}

fn pause() {
    // tidy allows sleep: a person does not act without a pause, and what is measured is a server that is woken
    sleep(PAUSE);
}

/// Waits until the loops of the check run.
fn wait_for_check(scratch: &Path) {
    let started = Instant::now();
    let runs = || {
        let dirs = std::fs::read_dir(scratch).into_iter().flatten().flatten();
        dirs.into_iter().any(|dir| dir.path().join("tree/runs").exists())
    };
    while !runs() {
        assert!(started.elapsed() < Duration::from_secs(60), "the check does not run");
        // tidy allows sleep: files of other processes can only be looked at again
        sleep(Duration::from_millis(20));
    }
}
