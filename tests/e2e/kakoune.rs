//! A review in a real Kakoune with kakoune-lsp, in a terminal of its own.

use std::path::Path;

use e2e::editor;

use crate::hands::{self, Desk, Hands, documented};
use crate::terminal::Terminal;

const README: &str = include_str!("../../editors/kakoune/README.md");

struct Kakoune {
    terminal: Terminal,
}

impl Kakoune {
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    fn open(desk: &Desk) -> Option<Box<dyn Hands>> {
        let kak = editor("kak")?;
        // Compiling it takes minutes, so that it is left out where nobody asked for it.
        let client = std::env::var_os("HUNKWISE_EDITORS").map(|dir| Path::new(&dir).join("bin/kak-lsp"))?;
        if !client.exists() {
            eprintln!("skipped: kak-lsp is not installed; `cargo xtask e2e kakoune` does it");
            return None;
        }
        desk.set("kak/kakrc", &documented(README, "## kakoune-lsp"));
        let terminal = desk.open(&[&kak.display().to_string()])?;
        Some(Box::new(Kakoune { terminal }))
    }

    fn command(&self, text: &str) {
        self.terminal.type_text(&format!(":{text}"));
        self.terminal.keys(&["Enter"]);
    }

    /// Leaves insert mode. An Escape with a key right behind it would be read as that key with Alt.
    fn normal_mode(&self) {
        self.terminal.keys(&["Escape"]);
        self.terminal.wait("normal mode", |screen| !screen.contains(" insert "));
    }
}

impl Hands for Kakoune {
    fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    fn go_to(&self, text: &str) {
        self.terminal.keys(&["g", "g", "/"]);
        self.terminal.type_text(&text.replace('+', "\\+"));
        self.terminal.keys(&["Enter"]);
    }

    fn write_above(&self, text: &str) {
        self.terminal.keys(&["O"]);
        self.terminal.wait_for(" insert ");
        // The editor indents the line.
        self.terminal.type_text(text.trim_start());
        self.normal_mode();
    }

    fn write_behind(&self, text: &str) {
        self.terminal.keys(&["A"]);
        self.terminal.wait_for(" insert ");
        self.terminal.type_text(text);
        self.normal_mode();
    }

    fn choose(&self, title: &str) {
        self.command("lsp-code-actions");
        self.terminal.wait_for(&format!("AI: {title}"));
        self.terminal.type_text(&format!("AI: {title}"));
        self.terminal.keys(&["Tab", "Enter"]);
        self.terminal.wait("the prompt to go", |screen| !screen.contains(" prompt - "));
    }

    fn read(&self, part: &str) {
        self.command("lsp-hover");
        self.terminal.wait_for(part);
        self.terminal.keys(&["Escape"]);
        self.terminal.wait("the text to go", |screen| !screen.contains(part));
    }

    fn undo(&self) {
        self.terminal.keys(&["u"]);
    }

    fn save(&self) {
        self.command("write");
    }

    fn quit(&self) {
        self.command("quit");
    }
}

#[test]
fn a_whole_review_in_kakoune() {
    hands::review(Kakoune::open, "Kakoune 2026.05, kak-lsp 22");
}
