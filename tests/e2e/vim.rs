//! Reviews in a real Vim with ALE, in a terminal of its own.

use std::path::PathBuf;

use e2e::editor;

use crate::hands::{self, Desk, Hands, documented};
use crate::terminal::Terminal;

const README: &str = include_str!("../../editors/vim/README.md");

/// How ALE ends its list of actions.
const PROMPT: &str = "Type number and <Enter>";

struct Vim {
    terminal: Terminal,
}

impl Vim {
    fn open(desk: &Desk) -> Option<Box<dyn Hands>> {
        let vim = editor("vim")?;
        // Beside the editor's own files, for it was unpacked with it.
        let ale: PathBuf = std::env::var_os("HUNKWISE_EDITORS")?.into();
        let settings = format!(
            "set nocompatible noswapfile autoindent shortmess+=I viminfo=\nlet g:ale_echo_cursor = 0\nset runtimepath^={}\nfiletype plugin indent on\n{}",
            ale.join("forky/usr/share/vim-ale").display(),
            documented(README, "## ALE"),
        );
        let vimrc = desk.set("vimrc", &settings);
        let terminal = desk.open(&[&vim.display().to_string(), "-u", &vimrc])?;
        Some(Box::new(Vim { terminal }))
    }

    fn command(&self, text: &str) {
        self.terminal.type_text(&format!(":{text}"));
        self.terminal.keys(&["Enter"]);
    }

    /// Leaves insert mode. An Escape with a key right behind it would be read as that key with Alt.
    fn normal_mode(&self) {
        self.terminal.keys(&["Escape"]);
        self.terminal.wait("normal mode", |screen| !screen.contains("-- INSERT --"));
    }
}

impl Hands for Vim {
    fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    fn go_to(&self, text: &str) {
        self.command(&format!("call cursor(1, 1) | call search('{text}', 'c')"));
    }

    fn write_above(&self, text: &str) {
        self.terminal.keys(&["O"]);
        self.terminal.wait_for("-- INSERT --");
        // The editor indents the line.
        self.terminal.type_text(text.trim_start());
        self.normal_mode();
    }

    fn write_behind(&self, text: &str) {
        self.terminal.keys(&["A"]);
        self.terminal.wait_for("-- INSERT --");
        self.terminal.type_text(text);
        self.normal_mode();
    }

    fn choose(&self, title: &str) {
        self.command("ALECodeAction");
        let menu = self.terminal.wait_for(PROMPT);
        let wanted = format!(") AI: {title}");
        let entry = menu.lines().find(|line| line.contains(&wanted)).expect("an entry of the menu");
        let number = entry.split(')').next().expect("its number").trim();
        self.terminal.type_text(number);
        self.terminal.keys(&["Enter"]);
        self.terminal.wait("the list to go", |screen| !screen.contains(PROMPT));
    }

    fn read(&self, part: &str) {
        self.command("ALEHover");
        self.terminal.wait_for(part);
        self.command("pclose");
        self.terminal.wait("the text to go", |screen| !screen.contains(part));
    }

    fn undo(&self) {
        self.terminal.keys(&["u"]);
    }

    fn save(&self) {
        self.command("write!");
    }

    fn quit(&self) {
        self.command("quit!");
    }
}

#[test]
fn a_whole_review_in_vim() {
    hands::review(Vim::open, "Vim 9.2, ALE 4.0");
}

#[test]
fn the_rest_in_vim() {
    hands::rest(Vim::open);
}
