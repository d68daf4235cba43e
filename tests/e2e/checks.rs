//! `hunkwise check`, as a shell sees it: nothing before trust, and nothing left when it is killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use e2e::{Model, World, answer, binary};
use serde_json::{Value, json};

use crate::review::Editor;

/// A package whose build script tells that it runs and then waits for longer than any test.
fn world(build: &str) -> World {
    let world = World::new("//- /src/lib.rs\npub fn a() -> i32 { \"a\" }\n", None);
    world.write("Cargo.toml", "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    if !build.is_empty() {
        world.write("build.rs", build);
    }
    std::fs::create_dir(world.path(".git")).expect("a directory");
    world
}

fn command(world: &World, args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("check").args(args).arg(".").current_dir(world.root()).stdin(Stdio::null());
    command.envs(world.env().iter().map(|(name, value)| (name, value))).env("NO_COLOR", "1");
    command
}

fn run(world: &World, args: &[&str]) -> Output {
    command(world, args).output().expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Entries below a directory, however deep.
pub(crate) fn below(dir: &Path) -> Vec<PathBuf> {
    let entries: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    let deeper = entries.iter().filter(|path| path.is_dir()).flat_map(|path| below(path));
    let deeper: Vec<PathBuf> = deeper.collect();
    entries.into_iter().chain(deeper).collect()
}

/// Processes whose directory or program lies below a directory.
pub(crate) fn processes_in(dir: &Path) -> usize {
    let dir = dir.canonicalize().expect("it is there");
    let is_in = |link: PathBuf| std::fs::read_link(link).is_ok_and(|path| path.starts_with(&dir));
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    processes.filter(|entry| is_in(entry.path().join("cwd")) || is_in(entry.path().join("exe"))).count()
}

pub(crate) fn wait_until(what: &str, limit: Duration, is_so: impl Fn() -> bool) {
    let until = Instant::now() + limit;
    while !is_so() {
        assert!(Instant::now() < until, "not within {limit:?}: {what}");
        // tidy allows sleep: processes and directories of others can only be looked at again
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn nothing_runs_before_trust_and_findings_are_told_after_it() {
    let world = world("");
    let refused = run(&world, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was run"), "{refused:?}");
    assert!(!world.state().join("scratch").exists());
    for args in [&["--trust"][..], &[]] {
        let told = run(&world, args);
        assert_eq!(told.status.code(), Some(1), "{told:?}");
        assert!(stdout(&told).contains("src/lib.rs:1:21: error: mismatched types"), "{}", stdout(&told));
        assert_eq!(below(&world.state().join("scratch")), [] as [PathBuf; 0]);
    }
    assert!(!world.path("Cargo.lock").exists() && !world.path("target").exists());
    assert_eq!(run(&world, &["--revoke"]).status.code(), Some(0));
    assert!(String::from_utf8_lossy(&run(&world, &[]).stderr).contains("nothing was run"));
}

#[test]
fn nothing_is_left_when_it_is_killed() {
    let world = world("fn main() { std::fs::write(\"runs\", \"\").unwrap(); loop { std::thread::park(); } }");
    let mut child =
        command(&world, &["--trust"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let scratch = world.state().join("scratch");
    let runs = || below(&scratch).iter().any(|path| path.ends_with("tree/runs"));
    wait_until("the build script runs", Duration::from_secs(60), runs);
    assert!(processes_in(&scratch) > 0);
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    wait_until("nothing is left", Duration::from_secs(5), || {
        below(&scratch).is_empty() && processes_in(&scratch) == 0
    });
    assert!(!world.path("runs").exists());
}

const ASKED: &str = "pub fn a() -> i32 {\n    // ai: two\n    1\n}\n";
const ANSWER: &str = "```rust\npub fn a() -> i32 {\n    2\n}\n```\n";

/// The package with a file that is asked about, and a model that answers.
fn asked(build: &str) -> (Model, World) {
    let model = Model::new(vec![answer(&[], ANSWER)]);
    let world = World::new(&format!("//- /src/lib.rs\n{ASKED}"), Some(&model));
    world.write("Cargo.toml", "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    if !build.is_empty() {
        world.write("build.rs", build);
    }
    std::fs::create_dir(world.path(".git")).expect("a directory");
    (model, world)
}

fn trust(world: &World) {
    workspace::Trust::grant(&world.state(), &world.root()).expect("trust is kept");
}

/// Every file below a directory with its content and times.
fn fingerprint(dir: &Path) -> String {
    let mut found: Vec<String> = below(dir)
        .into_iter()
        .map(|path| {
            let metadata = std::fs::symlink_metadata(&path).expect("it is there");
            let text = if metadata.is_file() { std::fs::read(&path).expect("a file") } else { Vec::new() };
            format!("{path:?} {:?} {text:?}", metadata.modified().expect("a time"))
        })
        .collect();
    found.sort();
    found.join("\n")
}

const WAITS: &str = "fn main() { std::fs::write(\"runs\", \"\").unwrap(); loop { std::thread::park(); } }";

#[test]
fn an_editor_is_asked_once_whether_a_checkout_is_trusted() {
    let (model, world) = asked("");
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    let hunks = editor.ask(1);
    assert!(
        hunks
            .iter()
            .any(|hunk| hunk["message"].as_str().is_some_and(|text| text.ends_with("✓ parses · ✓ names")))
    );
    let (id, question) = editor.client.incoming_request("window/showMessageRequest");
    let title = question["message"].as_str().expect("a question");
    assert!(
        title.contains("cargo check --all-targets") && title.contains("Do you trust this checkout"),
        "{title}"
    );
    assert!(!editor.world.state().join("scratch").exists(), "nothing runs before the answer");
    editor.client.answer(&id, json!({ "title": "Trust and check" }));
    let uri = editor.buffer.uri.clone();
    editor.client.diagnostics(&uri, |found| {
        found.iter().any(|found| {
            found["message"].as_str().is_some_and(|text| text.contains("✓ parses · ✓ names · ✓ checks"))
        })
    });
    let Editor { world, mut client, .. } = editor;
    client.command("hunkwise.reject", &["all"]);
    assert_eq!(client.shutdown(), 0);
    model.add(answer(&[], ANSWER));
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    let hunks = editor.ask(1);
    assert!(hunks.iter().any(|hunk| hunk["message"].as_str().is_some_and(|text| text.contains("✓ checks"))));
    editor.close();
}

#[test]
fn no_is_kept_and_a_command_asks_again() {
    let (model, world) = asked("");
    model.add(answer(&[], ANSWER));
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    editor.ask(1);
    let (id, _) = editor.client.incoming_request("window/showMessageRequest");
    editor.client.answer(&id, json!({ "title": "Do not trust" }));
    let told = editor.client.incoming_notification("window/showMessage");
    assert!(told["message"].as_str().is_some_and(|text| text.contains("hunkwise.trust")), "{told}");
    let Editor { world, mut client, .. } = editor;
    client.command("hunkwise.reject", &["all"]);
    assert_eq!(client.shutdown(), 0);
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    editor.ask(1);
    // Whatever would be asked by itself would have come before this.
    editor.client.command("hunkwise.trust", &["all"]);
    let (id, _) = editor.client.incoming_request("window/showMessageRequest");
    editor.client.answer(&id, Value::Null);
    assert!(!editor.world.state().join("scratch").exists(), "nothing ran");
    editor.close();
}

#[test]
fn nothing_is_left_when_the_server_is_killed_during_a_check() {
    let (_model, world) = asked(WAITS);
    trust(&world);
    let before = fingerprint(&world.root());
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    editor.run();
    let scratch = editor.world.state().join("scratch");
    let runs = || below(&scratch).iter().any(|path| path.ends_with("tree/runs"));
    wait_until("the build script runs", Duration::from_secs(60), runs);
    let Editor { world, client, .. } = editor;
    // By SIGKILL.
    drop(client);
    wait_until("nothing is left", Duration::from_secs(5), || {
        below(&scratch).is_empty() && processes_in(&scratch) == 0
    });
    assert_eq!(fingerprint(&world.root()), before, "the user's files are as they were, to their times");
}

#[test]
fn a_check_that_takes_long_is_cancelled_from_its_progress_and_the_hunks_are_offered() {
    let (_model, world) = asked(WAITS);
    trust(&world);
    let before = fingerprint(&world.root());
    let mut editor = Editor::open_in(world, "src/lib.rs", ASKED);
    editor.run();
    let token = loop {
        let progress = editor.client.incoming_notification("$/progress");
        if progress["value"]["message"].as_str().is_some_and(|text| text.starts_with("checking: cargo check"))
        {
            break progress["token"].clone();
        }
    };
    let scratch = editor.world.state().join("scratch");
    let runs = || below(&scratch).iter().any(|path| path.ends_with("tree/runs"));
    wait_until("the build script runs", Duration::from_secs(60), runs);
    editor.client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    let hunks = editor.pending(1);
    let is_said =
        |hunk: &Value| hunk["message"].as_str().is_some_and(|text| text.ends_with("checks not run"));
    assert!(hunks.iter().any(is_said), "{hunks:#?}");
    let Editor { world, client, .. } = editor;
    assert_eq!(client.shutdown(), 0);
    wait_until("nothing is left", Duration::from_secs(5), || {
        below(&scratch).is_empty() && processes_in(&scratch) == 0
    });
    assert_eq!(fingerprint(&world.root()), before);
}

#[test]
fn a_repository_names_commands_and_nothing_runs_before_trust() {
    let model = Model::new(vec![answer(&[], "```\ntwo\n```\n"), answer(&[], "```\ntwo\n```\n")]);
    let world = World::new("//- /a.txt\none\n", Some(&model));
    let mark = world.state().join("ran");
    // It would write outside of the copy where it is not confined, and fails where it is.
    let command = format!("touch ran; echo a.txt:1: bad; touch {}; exit 1", mark.display());
    let command = serde_json::to_string(&["sh", "-c", &command]).expect("words");
    world.write(".hunkwise.toml", &format!("[[checks.commands]]\nname = \"lint\"\nrun = {command}\n"));
    std::fs::create_dir(world.path(".git")).expect("a directory");
    let mut editor = Editor::open_in(world, "a.txt", "one\n");
    let uri = editor.buffer.uri.clone();
    editor.client.command("hunkwise.ask", &[&format!("1:0-4@{uri}"), "two"]);
    editor.pending(1);
    let (id, question) = editor.client.incoming_request("window/showMessageRequest");
    assert!(question["message"].as_str().is_some_and(|text| text.contains("touch ran")), "{question}");
    assert!(!editor.world.state().join("scratch").exists() && !mark.exists());
    editor.client.answer(&id, json!({ "title": "Trust and check" }));
    // It says the same without the proposal, so nothing of it is new.
    editor.client.diagnostics(&uri, |found| {
        found.iter().any(|found| found["message"].as_str().is_some_and(|text| text.ends_with("✓ checks")))
    });
    assert!(!editor.world.path("ran").exists());
    editor.close();
}
