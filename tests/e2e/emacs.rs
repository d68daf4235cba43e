//! Reviews in a real Emacs, in a terminal of its own, with the client that it has, eglot.

use e2e::editor;

use crate::hands::{self, Desk, Hands, documented};
use crate::terminal::Terminal;

const README: &str = include_str!("../../editors/emacs/README.md");

/// Settings that keep the test's Emacs from writing files and from compiling.
const QUIET: &str = "(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-startup-screen t\n      native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)\n";

/// How the question for an action begins.
const PROMPT: &str = "Pick an action";

struct Emacs {
    terminal: Terminal,
}

impl Emacs {
    fn eglot(desk: &Desk) -> Option<Box<dyn Hands>> {
        let emacs = editor("emacs")?;
        let settings = documented(README, "## eglot");
        let init = desk.set("init.el", &format!("{QUIET}{settings}"));
        let terminal = desk.open(&[&emacs.display().to_string(), "-nw", "-Q", "-l", &init])?;
        Some(Box::new(Emacs { terminal }))
    }

    fn command(&self, name: &str) {
        self.terminal.keys(&["M-x"]);
        self.terminal.type_text(name);
        self.terminal.keys(&["Enter"]);
    }
}

impl Hands for Emacs {
    fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    fn go_to(&self, text: &str) {
        self.command("beginning-of-buffer");
        self.terminal.keys(&["C-s"]);
        self.terminal.type_text(text);
        self.terminal.keys(&["Enter"]);
    }

    fn write_above(&self, text: &str) {
        self.terminal.keys(&["C-a", "C-o"]);
        self.terminal.type_text(text);
    }

    fn write_behind(&self, text: &str) {
        self.terminal.keys(&["C-e"]);
        self.terminal.type_text(text);
    }

    fn choose(&self, title: &str) {
        self.command("eglot-code-actions");
        self.terminal.wait_for(PROMPT);
        self.terminal.type_text(&format!("AI: {title}"));
        self.terminal.keys(&["Tab", "Enter"]);
        self.terminal.wait("the prompt to go", |screen| !screen.contains(PROMPT));
    }

    fn read(&self, part: &str) {
        self.command("eldoc-doc-buffer");
        self.terminal.wait_for(part);
        self.terminal.keys(&["C-x", "1"]);
        self.terminal.wait("the text to go", |screen| !screen.contains(part));
    }

    fn undo(&self) {
        self.terminal.keys(&["C-/"]);
    }

    fn save(&self) {
        self.terminal.keys(&["C-x", "C-s"]);
    }

    fn quit(&self) {
        self.terminal.keys(&["C-x", "C-c"]);
    }
}

#[test]
fn a_whole_review_in_emacs_with_eglot() {
    hands::review(Emacs::eglot, "Emacs 30.2, eglot");
}

#[test]
fn the_rest_in_emacs_with_eglot() {
    hands::rest(Emacs::eglot);
}
