//! One whole review in real Neovims, without any plugin: what is typed, accepted, rejected, refined and undone.

use std::process::Command;

use e2e::{Wire, World, binary, editor};
use serde_json::Value;

use crate::scenario;

/// Drives an editor through a plan; gives what it saw and what passed on the wire. None if it is not installed.
fn drive(name: &str, plan: &str) -> Option<(World, Value, Wire)> {
    let program = editor(name)?;
    let model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let (out, wire) = (world.state().join("seen.json"), world.state().join("wire.jsonl"));
    let mut command = Command::new(program);
    command
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-S"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/editors/review.lua"))
        .envs(world.env().iter().map(|(name, value)| (name, value)))
        .env("WIRETAP", env!("CARGO_BIN_EXE_wiretap"))
        .env("WIRE", &wire)
        .env("SERVER", binary())
        .env("FILE", world.path("shop.py"))
        .env("PLAN", plan)
        .env("OUT", &out);
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        command.env(variable, world.state().join("editor"));
    }
    let output = command.output().expect("the editor starts");
    let seen = std::fs::read_to_string(&out).unwrap_or_default();
    assert!(
        output.status.success(),
        "{name}: {}\n{seen}\n{}\n{}{}",
        output.status,
        std::fs::read_to_string(&wire).unwrap_or_default(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let seen = serde_json::from_str(&seen).expect("what the editor saw");
    Some((world, seen, Wire::read(&wire)))
}

fn review(name: &str, title: &str) {
    let Some((world, seen, wire)) = drive(name, "whole") else { return };
    let steps: Vec<(&str, &str)> = seen["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (step["name"].as_str().unwrap_or_default(), step["text"].as_str().unwrap_or_default()))
        .collect();
    scenario::check_steps(&steps);
    assert_eq!(world.read("shop.py"), scenario::AFTER_UNDO, "byte for byte");
    assert_eq!(seen["next_hunk"], "    result = 0");
    let hover = seen["hover"].as_str().unwrap_or_default();
    assert!(hover.contains("-    result = 0\n+    amount = 0"), "{hover}");
    scenario::check_row(title, &wire);
}

#[test]
fn a_whole_review_in_neovim_0_12() {
    review("nvim-0.12", "Neovim 0.12");
}

#[test]
fn a_whole_review_in_neovim_0_10() {
    review("nvim-0.10", "Neovim 0.10");
}

#[test]
fn ask_and_accept_in_neovim_0_7() {
    let Some((world, _, wire)) = drive("nvim-0.7", "accept") else { return };
    assert_eq!(world.read("shop.py"), scenario::AFTER_ACCEPT, "byte for byte");
    scenario::check_row("Neovim 0.7", &wire);
}
