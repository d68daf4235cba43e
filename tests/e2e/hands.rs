//! What a user does by hand in an editor that runs in a terminal: the review of `scenario`, and what it leaves out.
//!
//! Owns the steps and what is there after each. Each editor says by which keys it is done.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use e2e::{Model, Sender, Wire, World, answer, binary, editor};

use crate::scenario;
use crate::terminal::Terminal;

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

/// Wide enough for what is said behind a line.
const SIZE: (u32, u32) = (180, 40);

/// An editor in a terminal that has `shop.py` open, by its keys.
pub(crate) trait Hands {
    /// Where it runs.
    fn terminal(&self) -> &Terminal;
    /// Puts the cursor on the first place of a text.
    fn go_to(&self, text: &str);
    /// Writes a line of its own above the one of the cursor.
    fn write_above(&self, text: &str);
    /// Writes at the end of the cursor's line.
    fn write_behind(&self, text: &str);
    /// Chooses an action for the place of the cursor by the beginning of its title.
    fn choose(&self, title: &str);
    /// Shows what is to be said of the place of the cursor, waits for a part of it, and puts it away.
    fn read(&self, part: &str);
    /// Takes the last change back.
    fn undo(&self);
    /// Writes the file.
    fn save(&self);
    /// Ends the editor, whose file is saved.
    fn quit(&self);

    /// Goes to a text and chooses an action.
    fn act(&self, text: &str, title: &str) {
        self.go_to(text);
        self.choose(title);
    }

    /// What the buffer holds, by way of its file, once a part is there.
    fn text(&self, world: &World, part: &str) -> String {
        let started = Instant::now();
        loop {
            self.save();
            // While it is being replaced, it is not there.
            let text = std::fs::read_to_string(world.path("shop.py")).unwrap_or_default();
            if text.contains(part) {
                return text;
            }
            assert!(
                started.elapsed() < LIMIT,
                "{part} was not written:\n{text}\n{}",
                self.terminal().screen()
            );
            // tidy allows sleep: an editor tells nobody when it has written a file
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A world with `shop.py` in it, an own place for an editor's settings, and a `hunkwise` that writes every message down.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) model: Model,
}

impl Desk {
    pub(crate) fn new(code: &str, model: Model) -> Desk {
        let world = World::new("", Some(&model));
        world.write("shop.py", code);
        let desk = Desk { world, model };
        std::fs::create_dir_all(desk.settings().join("bin")).expect("a directory for settings");
        // Some editors end or kill their children's group, and the terminal hangs up, before all that was said is read; the
        // wiretap stands back from all of it.
        let script = format!(
            "#!/bin/sh\ntrap '' HUP TERM\nexec 3<&0\n$(command -v setsid) '{}' '{}' '{}' \"$@\" <&3 & wait\n",
            env!("CARGO_BIN_EXE_wiretap"),
            desk.wire().display(),
            binary().display(),
        );
        desk.program("hunkwise", &script);
        desk
    }

    /// Where an editor keeps everything of its own.
    pub(crate) fn settings(&self) -> PathBuf {
        self.world.state().join("editor")
    }

    /// Writes a file of the editor's settings and gives its path.
    pub(crate) fn set(&self, name: &str, text: &str) -> String {
        let path = self.settings().join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory for settings");
        std::fs::write(&path, text).expect("settings are written");
        path.display().to_string()
    }

    fn wire(&self) -> PathBuf {
        self.world.state().join("wire.jsonl")
    }

    #[cfg(unix)]
    fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.settings().join("bin").join(name);
        std::fs::write(&path, script).expect("a script");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a program");
    }

    #[cfg(not(unix))]
    fn program(&self, _name: &str, _script: &str) {}

    /// Opens `shop.py` with a command. None where there is no terminal to be had.
    pub(crate) fn open(&self, command: &[&str]) -> Option<Terminal> {
        let tmux = editor("tmux")?;
        let mut env = self.world.env().to_vec();
        for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"] {
            env.push((variable.to_owned(), self.settings().display().to_string()));
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let editors = std::env::var_os("HUNKWISE_EDITORS").map(|dir| Path::new(&dir).join("bin"));
        let dirs = [Some(self.settings().join("bin")), editors];
        let path = std::env::join_paths(dirs.into_iter().flatten().chain(std::env::split_paths(&path)));
        env.push(("PATH".to_owned(), path.expect("a path").to_string_lossy().into_owned()));
        let file = self.world.path("shop.py").display().to_string();
        let terminal = Terminal::start(tmux, &self.world.state(), SIZE, &[command, &[&file]].concat(), &env);
        terminal.wait_for("def total");
        Some(terminal)
    }
}

/// The block of a README's code that stands behind a line.
#[track_caller]
pub(crate) fn documented(readme: &str, line: &str) -> String {
    let (_, behind) = readme.split_once(line).expect("the line of the README");
    let (_, block) = behind.split_once("```").expect("a block");
    let (_, block) = block.split_once('\n').expect("its language");
    block.split_once("```").expect("its end").0.to_owned()
}

/// The review of `scenario`. At the end it is compared with the row of that title in `editors/README.md`.
pub(crate) fn review(start: impl FnOnce(&Desk) -> Option<Box<dyn Hands>>, title: &str) {
    let desk = Desk::new(scenario::CODE, scenario::model());
    let Some(hands) = start(&desk) else { return };
    let terminal = hands.terminal();

    hands.go_to("result = 0");
    hands.write_above("    # ai: sum only what is not None, round, and name the result");
    terminal.wait_for("AI instruction");
    hands.act("ai: sum", "Run");
    terminal.wait_for("AI 3/3 (r1): changes 1 line");
    hands.go_to("result += price");
    hands.read("if price is not None:");

    hands.act("result += price", "Accept hunk 2/3");
    terminal.wait_for("if price is not None:");
    assert_eq!(hands.text(&desk.world, "is not None:"), scenario::AFTER_ACCEPT);

    hands.act("result = 0", "Reject hunk 1/3");
    terminal.wait("the rejected hunk to go", |screen| !screen.contains("AI 1/3"));

    hands.act("return result", "Refine hunk 3/3");
    terminal.wait_for("# ai:");
    hands.go_to("# ai:");
    hands.write_behind("two digits are not enough");
    terminal.wait_for("AI instruction");
    hands.act("ai: two digits", "Run");
    terminal.wait_for("AI 3/3 (r2)");

    hands.act("return result", "Accept hunk 3/3");
    terminal.wait_for("round(result, 4)");
    hands.undo();
    terminal.wait("the hunk after undo", |screen| {
        screen.contains("AI 3/3 (r2)") && !screen.contains("round(result, 4)")
    });
    assert_eq!(hands.text(&desk.world, "# ai: two"), scenario::AFTER_UNDO, "byte for byte");
    hands.quit();
    scenario::check_row(title, &Wire::read(&desk.wire()));
}

const ALL: &str = "import os\n\n\ndef total(prices):\n    amount = 0\n    for price in prices:\n        if price is not None:\n            result += price\n    print(result)\n    return round(result, 2)\n\n# ai: later\n";

/// What the review leaves out, in a file with CRLF: ask by a command, cancel, accept the whole file, undo, reject all.
pub(crate) fn rest(start: impl FnOnce(&Desk) -> Option<Box<dyn Hands>>) {
    let mut held = answer(&["sum only what is not None"], scenario::REWRITE);
    held.hold = Some(1);
    let model = Model::new(vec![held, answer(&["sum only what is not None"], scenario::REWRITE)]);
    // An instruction that nobody runs shows when the server is ready.
    let code = format!("{}\n# ai: later\n", scenario::CODE).replace('\n', "\r\n");
    let desk = Desk::new(&code, model);
    let Some(hands) = start(&desk) else { return };
    let terminal = hands.terminal();

    terminal.wait_for("AI instruction");
    hands.act("def total", "Ask AI");
    terminal.wait("another instruction", |screen| screen.matches("# ai:").count() == 2);
    hands.go_to("# ai:");
    hands.write_behind("sum only what is not None");
    terminal.wait("both to be seen", |screen| screen.matches("AI instruction").count() == 2);
    hands.act("ai: sum", "Run");
    desk.model.wait_held(1);
    terminal.wait_for("AI working");
    hands.act("ai: sum", "Cancel");
    desk.model.wait_closed();
    terminal.wait("the work to end", |screen| !screen.contains("AI working"));

    hands.act("ai: sum", "Run");
    terminal.wait_for("AI 3/3 (r1): changes 1 line");
    hands.act("return result", "Accept all 3 hunks");
    terminal.wait_for("round(result, 2)");
    assert_eq!(hands.text(&desk.world, "round"), ALL.replace('\n', "\r\n"), "byte for byte");

    hands.undo();
    terminal.wait("the hunks after undo", |screen| {
        screen.contains("AI 3/3 (r1)") && !screen.contains("round(result, 2)")
    });
    let asked = code.replace("def total", "# ai: sum only what is not None\r\ndef total");
    assert_eq!(hands.text(&desk.world, "# ai: sum"), asked, "byte for byte");
    hands.act("return result", "Reject all hunks");
    terminal.wait("the rejected hunks to go", |screen| !screen.contains("AI 3/3"));
    assert_eq!(hands.text(&desk.world, "# ai: sum"), asked, "byte for byte");
    hands.quit();
    let wire = Wire::read(&desk.wire());
    let commands: Vec<&str> = wire
        .params(Sender::Editor, "workspace/executeCommand")
        .filter_map(|params| params["command"].as_str())
        .collect();
    assert_eq!(
        commands,
        [
            "hunkwise.ask",
            "hunkwise.run",
            "hunkwise.cancel",
            "hunkwise.run",
            "hunkwise.accept",
            "hunkwise.reject"
        ]
    );
}
