//! One whole review in a real Helix, in a terminal of its own, without any plugin.

use std::thread;
use std::time::{Duration, Instant};

use e2e::{Wire, World, binary, editor};

use crate::scenario;
use crate::terminal::Terminal;

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

struct Helix {
    terminal: Terminal,
}

impl Helix {
    /// Leaves insert mode. An Escape with a key right behind it would be read as that key with Alt.
    fn normal_mode(&self) {
        if self.terminal.screen().contains(" INS ") {
            self.terminal.keys(&["Escape"]);
            self.terminal.wait_for(" NOR ");
        }
    }

    /// Puts the cursor on the first match of a pattern.
    fn go_to(&self, pattern: &str) {
        self.normal_mode();
        self.terminal.keys(&["g", "g", "/"]);
        self.terminal.wait_for("search:");
        self.terminal.type_text(pattern);
        self.terminal.keys(&["Enter"]);
        self.terminal.wait("the end of the search", |screen| !screen.contains("search:"));
        self.terminal.keys(&[";"]);
    }

    /// Chooses an action of the menu by its title.
    fn act(&self, pattern: &str, title: &str) {
        self.go_to(pattern);
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

    /// What the buffer holds, by way of its file.
    fn text(&self, world: &World, part: &str) -> String {
        let started = Instant::now();
        loop {
            self.normal_mode();
            self.terminal.type_text(":write!");
            self.terminal.keys(&["Enter"]);
            // While it is being replaced, it is not there.
            let text = std::fs::read_to_string(world.path("shop.py")).unwrap_or_default();
            if text.contains(part) {
                return text;
            }
            assert!(started.elapsed() < LIMIT, "{part} was not written:\n{text}\n{}", self.terminal.screen());
            // tidy allows sleep: an editor tells nobody when it has written a file
            thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_whole_review_in_helix() {
    let (Some(hx), Some(tmux)) = (editor("hx"), editor("tmux")) else { return };
    let model = scenario::model();
    let world = World::new(&format!("//- /shop.py\n{}", scenario::CODE), Some(&model));
    let wire = world.state().join("wire.jsonl");
    let settings = world.state().join("editor");
    std::fs::create_dir_all(settings.join("helix")).expect("a directory for settings");
    // Helix kills its child at the end, and its terminal hangs up, before all that was said is read; the wiretap stands
    // back from both.
    let languages = format!(
        "[language-server.hunkwise]\ncommand = \"sh\"\nargs = [\"-c\", 'trap \"\" HUP; exec 3<&0; \"$@\" <&3 & wait', \"sh\", {:?}, {:?}, {:?}, \"lsp\"]\n\n[[language]]\nname = \"python\"\nlanguage-servers = [\"hunkwise\"]\n",
        env!("CARGO_BIN_EXE_wiretap"),
        wire.display().to_string(),
        binary().display().to_string(),
    );
    std::fs::write(settings.join("helix/languages.toml"), languages).expect("settings are written");
    std::fs::write(
        settings.join("helix/config.toml"),
        "[editor]\nidle-timeout = 50\nauto-format = false\nend-of-line-diagnostics = \"hint\"\n",
    )
    .expect("settings are written");
    let mut env = world.env().to_vec();
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] {
        env.push((variable.to_owned(), settings.display().to_string()));
    }
    let (program, file) = (hx.display().to_string(), world.path("shop.py").display().to_string());
    let terminal = Terminal::start(tmux, &world.state(), (120, 40), &[&program, &file], &env);
    let helix = Helix { terminal };
    helix.terminal.wait_for("def total");

    helix.go_to("result = 0");
    helix.terminal.keys(&["O"]);
    helix.terminal.type_text("# ai: sum only what is not None, round, and name the result");
    helix.normal_mode();
    helix.terminal.wait_for("AI instruction");
    helix.act("ai: sum", "Run");
    helix.terminal.wait_for("AI 3/3 (r1): changes 1 line");

    helix.act("result \\+= price", "Accept hunk 2/3");
    helix.terminal.wait_for("if price is not None:");
    assert_eq!(helix.text(&world, "is not None:"), scenario::AFTER_ACCEPT);

    helix.act("result = 0", "Reject hunk 1/3");
    helix.terminal.wait("the rejected hunk to go", |screen| !screen.contains("AI 1/3"));

    helix.act("return result", "Refine hunk 3/3");
    helix.terminal.wait_for("# ai:");
    helix.go_to("# ai:");
    helix.terminal.keys(&["A"]);
    helix.terminal.type_text("two digits are not enough");
    helix.normal_mode();
    helix.terminal.wait_for("AI instruction");
    helix.act("ai: two digits", "Run");
    helix.terminal.wait_for("AI 3/3 (r2)");

    helix.act("return result", "Accept hunk 3/3");
    helix.terminal.wait_for("round(result, 4)");
    helix.normal_mode();
    helix.terminal.keys(&["u"]);
    helix.terminal.wait("the hunk after undo", |screen| {
        screen.contains("AI 3/3 (r2)") && !screen.contains("round(result, 4)")
    });
    assert_eq!(helix.text(&world, "# ai: two"), scenario::AFTER_UNDO, "byte for byte");
    helix.terminal.type_text(":quit!");
    helix.terminal.keys(&["Enter"]);
    scenario::check_row("Helix 25.07", &Wire::read(&wire));
}
