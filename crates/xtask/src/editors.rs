//! Installs the real editors that the end-to-end tests drive, into a per-user cache.
//!
//! Owns the list of editors, the layout of the cache (`bin/NAME` runs an editor, `editors.json` names its version) and the
//! decision what is found and what is missing. Must never write outside the cache, need root, or name a package mirror.

mod apt;
mod cache;
pub(crate) mod on_path;
mod relink;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use cache::Cache;

/// One program that tests execute as `bin/NAME` under the cache.
#[derive(Debug)]
pub struct Editor {
    /// File name under `bin/`, and the name that the summary uses.
    pub name: &'static str,
    /// The Debian suite whose package holds this version.
    suite: &'static str,
    /// Packages to unpack; what they depend on comes along.
    packages: &'static [&'static str],
    /// The program inside the unpacked suite.
    program: &'static str,
    /// Environment of the program: a variable and a path inside the unpacked suite.
    variables: &'static [(&'static str, &'static str)],
    /// Flags that come before all others, each with a path inside the unpacked suite.
    flags: &'static [(&'static str, &'static str)],
    /// Asks for the version.
    version_flag: &'static str,
    /// What the first line of the version must begin with.
    version_starts: &'static str,
    /// Names to try on PATH where no package can be unpacked.
    path_names: &'static [&'static str],
}

/// Every program that the editor tests use; `tmux` gives Helix a terminal.
pub const EDITORS: &[Editor] = &[
    Editor {
        name: "nvim-0.12",
        suite: "forky",
        packages: &["neovim"],
        program: "usr/bin/nvim",
        variables: &[("VIMRUNTIME", "usr/share/nvim/runtime")],
        flags: &[],
        version_flag: "--version",
        version_starts: "NVIM v0.12",
        path_names: &["nvim", "nvim-0.12"],
    },
    Editor {
        name: "nvim-0.10",
        suite: "trixie",
        packages: &["neovim"],
        program: "usr/bin/nvim",
        variables: &[("VIMRUNTIME", "usr/share/nvim/runtime")],
        flags: &[],
        version_flag: "--version",
        version_starts: "NVIM v0.10",
        path_names: &["nvim", "nvim-0.10"],
    },
    Editor {
        name: "nvim-0.7",
        suite: "bookworm",
        packages: &["neovim"],
        program: "usr/bin/nvim",
        variables: &[("VIMRUNTIME", "usr/share/nvim/runtime")],
        flags: &[],
        version_flag: "--version",
        version_starts: "NVIM v0.7",
        path_names: &["nvim", "nvim-0.7"],
    },
    Editor {
        name: "hx",
        suite: "forky",
        packages: &["hx"],
        program: "usr/lib/hx/hx",
        variables: &[("HELIX_RUNTIME", "usr/lib/hx/runtime")],
        flags: &[],
        version_flag: "--version",
        version_starts: "helix ",
        path_names: &["hx", "helix"],
    },
    Editor {
        name: "emacs",
        suite: "forky",
        packages: &["emacs-nox", "ncurses-base"],
        program: "usr/bin/emacs-nox",
        variables: &[
            ("EMACSLOADPATH", "usr/share/emacs/3*/lisp"),
            ("EMACSDATA", "usr/share/emacs/3*/etc"),
            ("EMACSDOC", "usr/share/emacs/3*/etc"),
            ("EMACSPATH", "usr/libexec/emacs/3*/*"),
            ("TERMINFO_DIRS", "usr/share/terminfo"),
        ],
        flags: &[("--dump-file", "usr/libexec/emacs/3*/*/*.pdmp")],
        version_flag: "--version",
        version_starts: "GNU Emacs 30",
        path_names: &["emacs", "emacs-nox"],
    },
    Editor {
        name: "kak",
        suite: "forky",
        packages: &["kakoune"],
        program: "usr/bin/kak",
        variables: &[("KAKOUNE_RUNTIME", "usr/share/kak")],
        flags: &[],
        version_flag: "-version",
        version_starts: "Kakoune",
        path_names: &["kak"],
    },
    Editor {
        name: "vim",
        suite: "forky",
        packages: &["vim-nox", "vim-ale", "ncurses-base"],
        program: "usr/bin/vim.nox",
        variables: &[("VIMRUNTIME", "usr/share/vim/vim9*"), ("TERMINFO_DIRS", "usr/share/terminfo")],
        flags: &[],
        version_flag: "--version",
        version_starts: "VIM - Vi IMproved 9",
        path_names: &["vim"],
    },
    Editor {
        name: "tmux",
        suite: "bookworm",
        packages: &["tmux", "ncurses-base", "ncurses-term"],
        program: "usr/bin/tmux",
        variables: &[("TERMINFO_DIRS", "usr/share/terminfo")],
        flags: &[],
        version_flag: "-V",
        version_starts: "tmux ",
        path_names: &["tmux"],
    },
];

/// The suite that also brings the program that relinks the others.
const TOOL_SUITE: &str = "bookworm";
const RELINK_PACKAGE: &str = "patchelf";

/// An editor that can be executed, or why it cannot.
#[derive(Debug)]
pub struct Status {
    /// The editor's name.
    pub name: &'static str,
    /// The first line that the program says about its version, or the reason why there is none.
    pub version: Result<String, String>,
    /// Whether a missing editor is a failure on this operating system when `CI=true`.
    pub is_required: bool,
}

/// What an installation left behind.
#[derive(Debug)]
pub struct Installed {
    /// The directory to pass on as `HUNKWISE_EDITORS`.
    pub dir: PathBuf,
    /// One entry per editor of [`EDITORS`], in that order.
    pub editors: Vec<Status>,
}

/// Installs what is missing and says which editors run.
///
/// `is_fresh` installs everything again. Safe to call from several processes at once: the second waits for the first.
/// Fails only if the cache itself cannot be used; an editor that cannot be had is in the answer.
pub fn install(is_fresh: bool) -> Result<Installed> {
    let cache = Cache::open()?;
    let _lock = cache.lock()?;
    let has_packages = cfg!(target_os = "linux") && on_path::find("apt-get").is_some();
    let failures = if has_packages { install_suites(&cache, is_fresh) } else { Vec::new() };
    if !has_packages {
        on_path::link(&cache)?;
    }
    let editors: Vec<Status> = EDITORS
        .iter()
        .map(|editor| Status {
            name: editor.name,
            version: editor.version_in(&cache.bin()).map_err(|reason| {
                failures
                    .iter()
                    .find(|(suite, _)| *suite == editor.suite)
                    .map_or(reason, |(suite, reason)| format!("unpack from {suite}: {reason}"))
            }),
            is_required: cfg!(target_os = "linux"),
        })
        .collect();
    cache.record(&editors)?;
    Ok(Installed { dir: cache.root().to_owned(), editors })
}

/// The browser in which VS Code is driven.
const CHROMIUM: &str = "usr/lib/chromium/chromium";
/// What it needs; a browser without a font draws no text.
const CHROMIUM_PACKAGES: &[&str] = &["chromium", "fonts-dejavu-core", RELINK_PACKAGE];
const LIBRARIES: &str = if cfg!(target_arch = "aarch64") {
    "usr/lib/aarch64-linux-gnu/pulseaudio:usr/lib/aarch64-linux-gnu"
} else {
    "usr/lib/x86_64-linux-gnu/pulseaudio:usr/lib/x86_64-linux-gnu"
};
/// Its environment. Some of its libraries look for others by a path of their own, which these come before.
const CHROMIUM_VARIABLES: &[(&str, &str)] =
    &[("LD_LIBRARY_PATH", LIBRARIES), ("FONTCONFIG_PATH", "etc/fonts"), ("XDG_DATA_HOME", "usr/share")];

/// Installs a browser as `bin/chromium` below a directory, if it is not there yet.
pub fn chromium(dir: &Path) -> Result<()> {
    let cache = Cache::at(dir)?;
    let _lock = cache.lock()?;
    let recipe = format!("{} 1\n", CHROMIUM_PACKAGES.join(" "));
    if cache.is_stamped(TOOL_SUITE, &recipe) {
        return Ok(());
    }
    let mirror = apt::mirror(&cache)?;
    apt::unpack(&cache, &mirror, TOOL_SUITE, CHROMIUM_PACKAGES)?;
    let suite = cache.suite(TOOL_SUITE);
    relink::program(&suite, &suite, CHROMIUM)?;
    relink::wrap(&suite, CHROMIUM, CHROMIUM_VARIABLES, &[], &cache.bin().join("chromium"))?;
    cache.stamp(TOOL_SUITE, &recipe)
}

/// What is in the cache now, without installing anything.
pub fn list() -> Result<Installed> {
    let cache = Cache::open()?;
    let editors = EDITORS
        .iter()
        .map(|editor| Status {
            name: editor.name,
            version: editor.version_in(&cache.bin()),
            is_required: cfg!(target_os = "linux"),
        })
        .collect();
    Ok(Installed { dir: cache.root().to_owned(), editors })
}

/// Installs every suite that is not there yet, all at once; gives the suites that failed with the reason.
fn install_suites(cache: &Cache, is_fresh: bool) -> Vec<(&'static str, String)> {
    let wanted: Vec<&str> =
        suites().into_iter().filter(|suite| is_fresh || !is_complete(cache, suite)).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mirror = match apt::mirror(cache) {
        Ok(mirror) => mirror,
        Err(error) => return wanted.into_iter().map(|suite| (suite, format!("{error:#}"))).collect(),
    };
    let fetched: Vec<(&str, Result<()>)> = thread::scope(|scope| {
        let jobs: Vec<_> = wanted
            .iter()
            .map(|suite| (*suite, scope.spawn(|| apt::unpack(cache, &mirror, suite, &packages(suite)))))
            .collect();
        jobs.into_iter()
            .map(|(suite, job)| (suite, job.join().unwrap_or_else(|_| bail!("unpacking {suite} panicked"))))
            .collect()
    });
    // The relinking program is in one of the suites, so this waits for all of them.
    fetched
        .into_iter()
        .filter_map(|(suite, outcome)| {
            let error = outcome.and_then(|()| finish(cache, suite)).err()?;
            Some((suite, format!("{error:#}")))
        })
        .collect()
}

/// Makes the programs of an unpacked suite runnable and stamps the suite.
fn finish(cache: &Cache, suite: &str) -> Result<()> {
    for editor in EDITORS.iter().filter(|editor| editor.suite == suite) {
        relink::program(&cache.suite(suite), &cache.suite(TOOL_SUITE), editor.program)?;
        let wrapper = cache.bin().join(editor.name);
        relink::wrap(&cache.suite(suite), editor.program, editor.variables, editor.flags, &wrapper)?;
    }
    cache.stamp(suite, &recipe(suite))
}

fn is_complete(cache: &Cache, suite: &str) -> bool {
    cache.is_stamped(suite, &recipe(suite))
        && EDITORS
            .iter()
            .filter(|editor| editor.suite == suite)
            .all(|editor| editor.version_in(&cache.bin()).is_ok())
}

/// What a stamp holds: the suite is installed again when this changes.
fn recipe(suite: &str) -> String {
    format!("{} 1\n", packages(suite).join(" "))
}

fn suites() -> Vec<&'static str> {
    let mut suites: Vec<&str> = EDITORS.iter().map(|editor| editor.suite).collect();
    suites.sort_unstable();
    suites.dedup();
    suites
}

fn packages(suite: &str) -> Vec<&'static str> {
    let mut packages: Vec<&str> = EDITORS
        .iter()
        .filter(|editor| editor.suite == suite)
        .flat_map(|editor| editor.packages.iter().copied())
        .collect();
    if suite == TOOL_SUITE {
        packages.push(RELINK_PACKAGE);
    }
    packages
}

impl Editor {
    /// The version of `bin/NAME`, or why it does not run or is another version.
    fn version_in(&self, bin: &Path) -> Result<String, String> {
        let program = bin.join(self.name);
        if !program.exists() {
            return Err("not installed".to_owned());
        }
        self.version_of(&program).map_err(|error| format!("{error:#}"))
    }

    fn version_of(&self, program: &Path) -> Result<String> {
        let output = output_when_free(Command::new(program).arg(self.version_flag))
            .with_context(|| format!("run {} {}", program.display(), self.version_flag))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().next().unwrap_or_default().trim().to_owned();
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            bail!("{} {} failed: {}", program.display(), self.version_flag, complaint.trim());
        }
        if !line.starts_with(self.version_starts) {
            bail!("{} is {line}, wanted {}", program.display(), self.version_starts.trim());
        }
        Ok(line)
    }
}

/// The output of a program that was just written.
///
/// A process that another thread starts holds the written file open until it has become its own program; the system refuses
/// to run the file in that moment.
fn output_when_free(command: &mut Command) -> io::Result<Output> {
    for _ in 0..BUSY_TRIES {
        match command.output() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => thread::sleep(BUSY_PAUSE),
            outcome => return outcome,
        }
    }
    command.output()
}

/// Starting a process takes a few milliseconds; a busy machine may need many times that.
const BUSY_TRIES: u32 = 200;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// What is said of the Neovim 0.12 whose program is this script.
    fn version(script: &str) -> Result<String, String> {
        let bin = tempfile::tempdir().unwrap();
        let editor = EDITORS.iter().find(|editor| editor.name == "nvim-0.12").unwrap();
        let program = bin.path().join(editor.name);
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        editor
            .version_in(bin.path())
            .map_err(|reason| reason.replace(&program.display().to_string(), "PROGRAM"))
    }

    #[test]
    fn the_first_line_is_the_version() {
        assert_eq!(version("echo NVIM v0.12.4; echo Build type: Release").unwrap(), "NVIM v0.12.4");
    }

    #[test]
    fn another_version_is_not_taken_for_the_wanted_one() {
        assert_eq!(version("echo NVIM v0.13.0").unwrap_err(), "PROGRAM is NVIM v0.13.0, wanted NVIM v0.12");
    }

    #[test]
    fn a_program_that_does_not_start_says_why() {
        assert_eq!(
            version("echo no such library >&2; exit 127").unwrap_err(),
            "PROGRAM --version failed: no such library"
        );
    }

    #[test]
    fn every_suite_is_installed_once_and_one_brings_the_relinking_program() {
        assert_eq!(suites(), ["bookworm", "forky", "trixie"]);
        let with_tool: Vec<&str> =
            suites().into_iter().filter(|suite| packages(suite).contains(&RELINK_PACKAGE)).collect();
        assert_eq!(with_tool, [TOOL_SUITE]);
    }
}
