//! How much of a prompt a provider has seen before: follow-ups, refinements and repairs begin as the request before them did.
//!
//! The share is the longest common prefix of two prompts (instructions and messages, one text behind the other), in bytes, as
//! a part of the length of the one before: what a provider that keeps prefixes can read from its cache.

use std::path::Path;

use e2e::{Buffer, Client, Model, World, answer};
use model::recorded::{Received, RecordedAnswer};
use serde_json::{Value, json};
use text::Encoding;

/// The least share.
const AIM_PERCENT: usize = 85;

const PATH: &str = "text/src/change_set.rs";

/// Sources of this tree, as a project.
fn world(model: &Model, context_tokens: usize) -> World {
    let world = World::new("", Some(model));
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for dir in ["text/src", "edit/src", "edit/src/place", "syntax/src"] {
        for entry in std::fs::read_dir(crates.join(dir)).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                world.write(&format!("{dir}/{name}"), &std::fs::read_to_string(&path).expect("a source"));
            }
        }
    }
    world.write("AGENTS.md", "Prefer early returns. Comments give reasons.\n");
    std::fs::write(world.config(), format!("context_tokens = {context_tokens}\n")).expect("settings");
    world
}

fn prompt(received: &Received) -> String {
    let text = |content: &Value| -> String {
        match content.as_array() {
            Some(blocks) => blocks.iter().filter_map(|block| block["text"].as_str()).collect(),
            None => content.as_str().expect("a text").to_owned(),
        }
    };
    let messages = received.body["messages"].as_array().expect("messages").iter();
    let texts = messages.map(|message| text(&message["content"]));
    std::iter::once(text(&received.body["system"])).chain(texts).collect()
}

fn share(before: &str, now: &str) -> usize {
    let common = before.bytes().zip(now.bytes()).take_while(|(one, other)| one == other).count();
    common * 100 / before.len()
}

/// Whether a mark stands at the end of what the next request begins with: the first of two blocks of the first message.
fn stable_bytes(received: &Received) -> usize {
    let blocks = received.body["messages"][0]["content"].as_array().expect("blocks");
    assert!(blocks.iter().all(|block| block["cache_control"].is_object()), "each end is marked");
    if blocks.len() < 2 { 0 } else { blocks[0]["text"].as_str().expect("a text").len() }
}

fn pending(client: &mut Client, uri: &str, n: usize) {
    client.diagnostics(uri, |found| {
        let arrives = |d: &Value| d["message"].as_str().is_some_and(|text| text.contains("arriving"));
        found.iter().filter(|d| d["code"] == "hunk" && !arrives(d)).count() == n
            && found.iter().all(|d| d["code"] != "working")
    });
}

/// The shares, one after the other.
fn check(context_tokens: usize) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(PATH);
    let code = std::fs::read_to_string(source).expect("the source");
    let at = code.find("fn map_offset").expect("the function");
    // Its comment belongs to it.
    let start = code[..at].rfind("\n\n").expect("a line between") + 2;
    let len = code[start..].find("\n    }\n").expect("its end") + "\n    }\n".len();
    let function = &code[start..start + len];
    let changed = function
        .replace("let mut shift = 0_isize;", "let mut shift: isize = 0;")
        .replace("shift += edit", "shift = shift + edit")
        .replace("offset.saturating_add_signed(shift)\n    }", "offset.wrapping_add_signed(shift)\n    }");
    let no = || RecordedAnswer::status(400, "{\"error\":{\"message\":\"not now\"}}");
    let broken = || RecordedAnswer::new(&[], "```rust\n...\n```\n");
    let model = Model::new(vec![
        answer(&["carefully"], &format!("```rust\n{changed}```\n")),
        RecordedAnswer { contains: vec!["louder".to_owned()], ..no() },
        RecordedAnswer { contains: vec!["one hunk".to_owned()], ..no() },
        RecordedAnswer { contains: vec!["after an accept".to_owned()], ..no() },
    ]);
    let world = world(&model, context_tokens);
    let capabilities =
        json!({ "general": { "positionEncodings": ["utf-8"] }, "workspace": { "applyEdit": true } });
    let mut client = Client::initialized(&world, capabilities);
    client.taken.push("window/showMessage");
    let mut buffer = Buffer::new(world.uri(PATH), &code, Encoding::Utf8);
    client.open(&buffer, "rust");
    client.indexed();
    let uri = buffer.uri.clone();
    client.command("hunkwise.ask", &[&format!("1:{at}-{at}@{uri}"), "change it carefully"]);
    pending(&mut client, &uri, 3);
    client.command("hunkwise.refine", &["p1", "louder"]);
    pending(&mut client, &uri, 3);
    client.command("hunkwise.reject", &["p1.r1.h3", "no"]);
    pending(&mut client, &uri, 2);
    client.command("hunkwise.refine", &["p1.r1.h1", "only this one hunk"]);
    pending(&mut client, &uri, 2);
    client.command("hunkwise.accept", &["p1.r1.h1"]);
    client.apply_edit(&mut buffer);
    pending(&mut client, &uri, 1);
    client.command("hunkwise.refine", &["p1", "after an accept"]);
    pending(&mut client, &uri, 1);
    (0..3).for_each(|_| model.add(broken()));
    client.command("hunkwise.refine", &["p1", "and now a repair"]);
    client.diagnostics(&uri, |found| found.iter().all(|d| d["code"] != "working"));
    let requests = model.requests();
    let kinds = ["follow-up", "one hunk", "after an accept", "another follow-up", "repair", "second repair"];
    assert_eq!(requests.len(), kinds.len() + 1);
    let prompts: Vec<String> = requests.iter().map(prompt).collect();
    let first = text::estimate_tokens(&prompts[0]);
    let mut shares = Vec::new();
    for ((pair, requests), kind) in prompts.windows(2).zip(requests.windows(2)).zip(kinds) {
        let share = share(&pair[0], &pair[1]);
        shares.push(format!("{kind} {share}"));
        assert!(share >= AIM_PERCENT, "{context_tokens} tokens of context, {kind}: {share} %");
        assert!(stable_bytes(&requests[0]) > 0, "{kind}: the end of the prefix is marked");
    }
    client.shutdown();
    format!(
        "context {context_tokens}, first prompt {first} tokens, % of the prompt before: {}",
        shares.join(", ")
    )
}

#[test]
fn a_small_context_is_begun_with_again() {
    eprintln!("counts: {}", check(1_200));
}

#[test]
fn a_large_context_is_begun_with_again() {
    eprintln!("counts: {}", check(4_800));
}
