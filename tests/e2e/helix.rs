//! Reviews in a real Helix, in a terminal of its own, without any plugin.

use e2e::editor;

use crate::hands::{self, Desk, Hands, documented};
use crate::terminal::Terminal;

const README: &str = include_str!("../../editors/helix/README.md");

struct Helix {
    terminal: Terminal,
}

impl Helix {
    fn open(desk: &Desk) -> Option<Box<dyn Hands>> {
        let hx = editor("hx")?;
        // The other server of the documented settings is not installed.
        let languages = documented(README, "languages.toml").replace("\"pyright\", ", "");
        desk.set("helix/languages.toml", &languages);
        let shown = documented(README, "config.toml");
        desk.set("helix/config.toml", &format!("{shown}idle-timeout = 50\nauto-format = false\n"));
        let terminal = desk.open(&[&hx.display().to_string()])?;
        Some(Box::new(Helix { terminal }))
    }

    /// Leaves insert mode. An Escape with a key right behind it would be read as that key with Alt.
    fn normal_mode(&self) {
        if self.terminal.screen().contains(" INS ") {
            self.terminal.keys(&["Escape"]);
            self.terminal.wait_for(" NOR ");
        }
    }
}

impl Hands for Helix {
    fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    fn go_to(&self, text: &str) {
        self.normal_mode();
        self.terminal.keys(&["g", "g", "/"]);
        self.terminal.wait_for("search:");
        self.terminal.type_text(&text.replace('+', "\\+"));
        self.terminal.keys(&["Enter"]);
        self.terminal.wait("the end of the search", |screen| !screen.contains("search:"));
        self.terminal.keys(&[";"]);
    }

    fn write_above(&self, text: &str) {
        self.terminal.keys(&["O"]);
        // The editor indents the line.
        self.terminal.type_text(text.trim_start());
        self.normal_mode();
    }

    fn write_behind(&self, text: &str) {
        self.terminal.keys(&["A"]);
        self.terminal.type_text(text);
        self.normal_mode();
    }

    fn choose(&self, title: &str) {
        self.terminal.keys(&["Space", "a"]);
        let menu = self.terminal.wait_for(title);
        let entries: Vec<&str> = menu.lines().filter(|line| line.contains("AI: ")).collect();
        let titles: Vec<&str> = entries.iter().filter_map(|line| line.split("AI: ").nth(1)).collect();
        let index = titles.iter().position(|entry| entry.starts_with(title)).expect("an entry of the menu");
        for _ in 0..index {
            self.terminal.keys(&["Down"]);
        }
        self.terminal.keys(&["Enter"]);
    }

    fn read(&self, part: &str) {
        self.terminal.keys(&["Space", "k"]);
        self.terminal.wait_for(part);
        self.terminal.keys(&["Escape"]);
        self.terminal.wait("the text to go", |screen| !screen.contains(part));
    }

    fn undo(&self) {
        self.normal_mode();
        self.terminal.keys(&["u"]);
    }

    fn save(&self) {
        self.normal_mode();
        self.terminal.type_text(":write!");
        self.terminal.keys(&["Enter"]);
    }

    fn quit(&self) {
        self.terminal.type_text(":quit!");
        self.terminal.keys(&["Enter"]);
    }
}

#[test]
fn a_whole_review_in_helix() {
    hands::review(Helix::open, "Helix 25.07");
}

#[test]
fn the_rest_in_helix() {
    hands::rest(Helix::open);
}
