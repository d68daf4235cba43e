//! A terminal that a program runs in: keys in, screen out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// Nothing on a loaded machine takes this long.
const LIMIT: Duration = Duration::from_secs(60);

/// A terminal of tmux.
pub(crate) struct Terminal {
    tmux: PathBuf,
    socket: PathBuf,
}

impl Terminal {
    /// Runs a command in a terminal of so many columns and lines.
    pub(crate) fn start(
        tmux: PathBuf,
        dir: &Path,
        (width, height): (u32, u32),
        command: &[&str],
        env: &[(String, String)],
    ) -> Terminal {
        let terminal = Terminal { tmux, socket: dir.join("tmux.socket") };
        let (width, height) = (width.to_string(), height.to_string());
        let mut arguments: Vec<String> =
            ["-f", "/dev/null", "new-session", "-d", "-x", &width, "-y", &height].map(str::to_owned).to_vec();
        for (name, value) in env {
            arguments.extend(["-e".to_owned(), format!("{name}={value}")]);
        }
        arguments.extend(command.iter().map(|word| (*word).to_owned()));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // The search path is taken from here, whatever `-e` says.
        terminal.tmux_with(&arguments, env.iter().filter(|(name, _)| name == "PATH"));
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        self.tmux_with(arguments, [].iter())
    }

    fn tmux_with<'a>(&self, arguments: &[&str], env: impl Iterator<Item = &'a (String, String)>) -> String {
        let mut command = Command::new(&self.tmux);
        command.arg("-S").arg(&self.socket).args(arguments).env("TERM", "xterm-256color").env_remove("TMUX");
        command.envs(env.map(|(name, value)| (name, value)));
        let output = command.output().expect("tmux runs");
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sends keys by their names.
    pub(crate) fn keys(&self, keys: &[&str]) {
        let mut arguments = vec!["send-keys"];
        arguments.extend(keys);
        self.tmux(&arguments);
    }

    /// Types text.
    pub(crate) fn type_text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// The same with the escape sequences that color it, and with the blanks at the end of lines, which have colors, too.
    pub(crate) fn colored_screen(&self) -> String {
        self.tmux(&["capture-pane", "-e", "-N", "-p"])
    }

    /// Column and line of the cursor.
    pub(crate) fn cursor(&self) -> (usize, usize) {
        let shown = self.tmux(&["display-message", "-p", "#{cursor_x} #{cursor_y}"]);
        let mut numbers = shown.split_whitespace().map(|number| number.parse().expect("a number"));
        (numbers.next().expect("a column"), numbers.next().expect("a line"))
    }

    /// Waits until the program has ended, and the terminal with it.
    #[track_caller]
    pub(crate) fn wait_end(&self) {
        let started = Instant::now();
        let has_ended = || {
            let mut command = Command::new(&self.tmux);
            command.arg("-S").arg(&self.socket).arg("has-session").env_remove("TMUX");
            !command.output().expect("tmux runs").status.success()
        };
        while !has_ended() {
            assert!(started.elapsed() < LIMIT, "the program did not end:\n{}", self.screen());
            // tidy allows sleep: a terminal tells nobody when its program ends
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the screen is as wanted, and gives it.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if is_there(&screen) {
                return screen;
            }
            assert!(started.elapsed() < LIMIT, "{what} did not come:\n{screen}");
            // tidy allows sleep: a terminal tells nobody when its screen changes
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until some text is on the screen.
    #[track_caller]
    pub(crate) fn wait_for(&self, part: &str) -> String {
        self.wait(part, |screen| screen.contains(part))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // The server may be gone with its last program.
        let _ = Command::new(&self.tmux).arg("-S").arg(&self.socket).arg("kill-server").output();
    }
}
