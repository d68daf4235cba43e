//! Answers of a model are kept without keys, hosts and home paths, and given again by the recorded model.

use std::process::{Command, Output, Stdio};

use e2e::{Model, World, answer, binary};
use model::Protocol;
use model::recorded::{RecordedAnswer, Recording};
use serde_json::json;

use crate::review::Editor;

const CODE: &str = "def area(w, h):\n    return w + h\n";
const KEY: &str = "a-key-for-the-recorded-model";

fn run(world: &World, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(binary());
    command.args(args).current_dir(world.root()).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(world.env().iter().map(|(name, value)| (name, value)));
    let Output { status, stdout, stderr } = command.output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout) + &text(stderr))
}

fn fresh(model: &Model) -> World {
    let mut world = World::new(&format!("//- /a.py\n{CODE}"), Some(model));
    let home = world.state().display().to_string();
    world.set("HOME", &home);
    world.set("FORGE_TOKEN", "forge-0123456789");
    std::fs::write(world.config(), "[provider]\ntimeouts.retry_delay_ms = 1\n").expect("settings");
    world
}

/// The files as they are after some edits, each with its exit code.
fn edited(world: &World, record: &[&str], messages: &[&str]) -> Vec<(Option<i32>, String)> {
    let mut seen = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        world.write("a.py", CODE);
        let to = format!("recorded-{n}.toml");
        let record: Vec<&str> =
            record.iter().map(|arg| if *arg == "TO" { to.as_str() } else { arg }).collect();
        let args = [&record[..], &["edit", "a.py:2", "-m", message, "--yes"]].concat();
        let (code, said) = run(world, &args);
        assert!(code.is_some_and(|code| code != 5), "{said}");
        seen.push((code, world.read("a.py")));
    }
    seen
}

#[test]
fn what_is_recorded_holds_no_key_host_or_home_and_is_given_again() {
    let model = Model::new(Vec::new());
    let world = fresh(&model);
    let (host, home) = (model.base_url().replace("http://", ""), world.state().display().to_string());
    let here = world.root().display().to_string();
    let told = format!("Asked {host} with {KEY} and forge-0123456789 from {home}/x in {here}.\n");
    let code = |new: &str| format!("{told}```python\ndef area(w, h):\n    return {new}\n```\n");
    model.add(answer(&["multiply"], &code("w * h")));
    model.add(RecordedAnswer {
        stop: model::recorded::RecordedStop::MaxTokens,
        ..answer(&["longer"], &code("w * h"))
    });
    let cut = model::recorded::Fault::CloseBeforeEnd;
    model.add(RecordedAnswer { fault: Some(cut), ..answer(&["cut"], &code("w - h")) });
    for _ in 0..3 {
        let body = json!({ "error": { "message": format!("{host} is busy, {KEY}") } }).to_string();
        model.add(RecordedAnswer { contains: vec!["busy".to_owned()], ..RecordedAnswer::status(529, body) });
    }
    // The home directory cannot name an exchange; the line before it does.
    let with_home = format!("divide\nas in {home}/y");
    model.add(answer(&["divide"], &code("w / h")));
    let messages = ["multiply", "longer", "cut", "busy", with_home.as_str()];
    let seen = edited(&world, &["record", "--to", "TO"], &messages);
    let codes: Vec<_> = seen.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [Some(0), Some(3), Some(3), Some(3), Some(0)], "{seen:?}");
    let files: Vec<String> = (0..5).map(|n| world.read(&format!("recorded-{n}.toml"))).collect();
    for file in &files {
        for hidden in [KEY, "forge-0123456789", &host, "127.0.0.1", &home, &here] {
            assert!(!file.contains(hidden), "{hidden} is in {file}");
        }
    }
    assert!(files[0].contains("Asked host.invalid with *** and *** from ~/x in .."), "{}", files[0]);
    for protocol in [Protocol::AnthropicMessages, Protocol::OpenaiChat, Protocol::Ollama] {
        let answers = files.iter().flat_map(|file| Recording::from_toml(file).expect("a recording").answers);
        let again = Model::over(protocol, answers.collect());
        assert_eq!(edited(&fresh(&again), &[], &messages), seen, "{protocol}");
        assert_eq!(again.requests().len(), 5, "{protocol}");
    }
}

#[test]
fn the_server_records_a_whole_session_and_no_file_is_overwritten() {
    let directive = "def area(w, h):\n    # ai: multiply\n    return w + h\n";
    let rewrite = "```python\ndef area(w, h):\n    return w * h\n```\n";
    let model = Model::new(vec![
        answer(&["multiply"], rewrite),
        answer(&["abs"], &rewrite.replace("w * h", "abs(w * h)")),
    ]);
    let world = fresh(&model);
    world.write("kept.toml", "mine");
    let (code, said) = run(&world, &["record", "--to", "kept.toml", "edit", "a.py:2", "-m", "x", "--yes"]);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("nothing was asked") && world.read("kept.toml") == "mine", "{said}");
    assert!(model.requests().is_empty());
    world.write("a.py", directive);
    let client = e2e::Client::start_as(&world, &["record", "--to", "session.toml", "lsp"]);
    let mut editor = Editor::started(world, client, "a.py", directive);
    editor.ask(1);
    editor.client.command("hunkwise.refine", &["p1", "use abs"]);
    editor.client.diagnostics(&editor.buffer.uri.clone(), |found| {
        found
            .iter()
            .any(|mark| mark["data"]["id"] == "p1.r2.h1" && !mark["message"].to_string().contains("arriving"))
    });
    let recording = Recording::from_toml(&editor.world.read("session.toml")).expect("a recording");
    let named: Vec<&[String]> = recording.answers.iter().map(|answer| answer.contains.as_slice()).collect();
    assert_eq!(named, [["multiply"], ["use abs"]]);
    editor.close();
}

#[test]
fn the_demo_takes_recorded_answers() {
    let model = Model::new(Vec::new());
    let world = fresh(&model);
    let recorded = "[[answers]]\ntext = '''\nI decline.\n'''\nstop = 'refusal'\nrefusal = 'not today'\n";
    world.write("answers.toml", recorded);
    let (code, said) = run(&world, &["demo", "--scripted", "--answers", "answers.toml"]);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("the recorded answer could not be used") && said.contains("not today"), "{said}");
}
