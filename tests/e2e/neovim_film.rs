//! One review in a terminal with the Neovim plugin, from the question to the file, and its screens as a film.

use e2e::{Model, World, answer, editor};
use serde_json::{Value, json};

use crate::neovim_plugin::{environment, script};
use crate::scenario;
use crate::terminal::Terminal;

const SIZE: (u32, u32) = (88, 16);

/// The first hunk was rejected, the second accepted, the third accepted as it was refined.
const DONE: &str = "import os\n\n\ndef total(prices):\n    result = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 4)\n";

/// Screens with the keys that led to them and how long they are to be seen.
struct Film {
    terminal: Terminal,
    frames: Vec<Value>,
}

impl Film {
    fn keep(&mut self, keys: &str, does: &str, ms: u32) {
        let screen = with_cursor(&self.terminal.colored_screen(), self.terminal.cursor());
        self.frames.push(json!({ "screen": screen, "keys": keys, "does": does, "ms": ms }));
    }

    /// Presses keys and keeps the screen once it shows a part.
    #[track_caller]
    fn press(&mut self, keys: &str, part: &str, does: &str) {
        self.terminal.type_text(keys);
        self.until(part);
        self.keep(keys, does, 1_600);
    }

    /// Presses keys and keeps the screen once the cursor is in a line of it.
    #[track_caller]
    fn go(&mut self, keys: &str, line: usize) {
        self.terminal.type_text(keys);
        self.terminal.wait("the cursor at the hunk", |_| self.terminal.cursor().1 == line);
        self.keep(keys, "go to the next", 1_200);
    }

    #[track_caller]
    fn until(&self, part: &str) {
        self.terminal.wait(part, |screen| squeezed(screen).contains(part));
    }

    /// Types an instruction, in two pieces for the eye, and sends it.
    #[track_caller]
    fn answer(&mut self, first: &str, rest: &str) {
        for text in [first, rest] {
            self.terminal.type_text(text);
            self.until(text.trim());
            self.keep("", "say what should change", 900);
        }
        self.terminal.keys(&["Enter"]);
    }
}

/// The screen without runs of blanks.
fn squeezed(screen: &str) -> String {
    screen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A screen with escape sequences in which the cell of the cursor is inverted.
fn with_cursor(screen: &str, (column, row): (usize, usize)) -> String {
    let mut lines: Vec<String> = screen.lines().map(str::to_owned).collect();
    let Some(line) = lines.get_mut(row) else { return screen.to_owned() };
    let (mut cell, mut is_escape, mut shown) = (0, false, String::new());
    for c in line.chars() {
        let is_shown = !is_escape && c != '\u{1b}';
        if is_shown && cell == column {
            shown.push_str(&format!("\u{1b}[7m{c}\u{1b}[27m"));
        } else {
            shown.push(c);
        }
        cell += usize::from(is_shown);
        is_escape = !(is_shown || is_escape && c.is_ascii_alphabetic());
    }
    if cell <= column {
        shown.push_str(&format!("\u{1b}[0m{}\u{1b}[7m \u{1b}[27m", " ".repeat(column - cell)));
    }
    *line = shown;
    lines.join("\n")
}

/// `HUNKWISE_FILM` names a file for the screens, which `cargo xtask picture review` makes a moving picture of.
#[test]
fn a_review_from_the_question_to_the_file() {
    let (Some(program), Some(tmux)) = (editor("nvim-0.12"), editor("tmux")) else { return };
    let mut rewrite = answer(&["sum only what is not None"], scenario::REWRITE);
    rewrite.hold = Some(4);
    let model = Model::new(vec![
        rewrite,
        answer(
            &["two digits are not enough"],
            "<<<<<<< SEARCH\n    return round(result, 2)\n=======\n    return round(result, 4)\n>>>>>>> REPLACE\n",
        ),
    ]);
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let (program, init, file) = (program, script("plugin_init.lua"), world.path("shop.py"));
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let words = [path(&program), "-i".into(), "NONE".into(), "-u".into(), path(&init), path(&file)];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let terminal = Terminal::start(tmux, &world.state(), SIZE, &words, &environment(&world));
    let mut film = Film { terminal, frames: Vec::new() };

    film.until("return result");
    // The statusline says it as soon as the server runs, and then there are keys.
    film.until("shop.py AI");
    film.terminal.keys(&["5", "G"]);
    film.keep("", "a function, the cursor in it", 1_200);
    film.press("\\ha", "What should change here?", "ask for an edit");
    film.answer("sum only what is not None,", " round, and name the result");
    model.wait_held(1);
    film.until("AI streaming");
    film.keep("Enter", "the answer arrives", 1_200);
    model.release();
    film.until("return result AI 3/3 (r1): changes 1 line in `total`");
    film.keep("", "three hunks: what goes is highlighted, what comes stands below it", 3_200);
    film.terminal.type_text("\\hn");
    film.terminal.wait("the rejected hunk gone", |screen| !screen.contains("AI 1/3"));
    film.keep("\\hn", "reject the first", 1_600);
    film.go("]h", 6);
    film.terminal.type_text("\\hy");
    film.terminal.wait("the accepted hunk in the text", |screen| !screen.contains("AI 2/3"));
    film.keep("\\hy", "accept it: only now it is in the file", 2_000);
    film.go("]h", 9);
    film.press("\\hr", "What should change in this hunk?", "refine it");
    film.answer("two digits", " are not enough");
    film.until("return result AI 3/3 (r2): changes 1 line in `total`");
    film.keep("Enter", "another revision of this hunk alone", 2_600);
    film.terminal.type_text("\\hy");
    film.until("10 return round(result, 4)");
    film.keep("\\hy", "accept it", 2_600);
    film.terminal.type_text(":wq");
    film.terminal.keys(&["Enter"]);
    film.terminal.wait_end();
    assert_eq!(world.read("shop.py"), DONE, "byte for byte");

    if let Some(path) = std::env::var_os("HUNKWISE_FILM") {
        std::fs::write(path, Value::from(film.frames).to_string()).expect("the film is written");
    }
}

#[test]
fn the_cursor_is_seen_in_its_cell() {
    assert_eq!(
        with_cursor("ab\n\u{1b}[1mcd\u{1b}[0m", (1, 1)),
        "ab\n\u{1b}[1mc\u{1b}[7md\u{1b}[27m\u{1b}[0m"
    );
    assert_eq!(with_cursor("ab", (3, 0)), "ab\u{1b}[0m \u{1b}[7m \u{1b}[27m");
}
