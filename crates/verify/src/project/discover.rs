//! Which commands a project offers, by its own files.
//!
//! Owns the list of tools that are known. Looks for the manifest nearest to each changed file, so that in a checkout of many
//! projects the right one is found. Must never run anything, not even to ask a tool for its version.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{CheckCommand, DEFAULT_LIMIT, Origin, with_slashes};
use crate::Format;
use crate::run::on_path;

/// A command that the project's files make likely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// It.
    pub command: CheckCommand,
    /// The program, where it is not there.
    pub missing: Option<String>,
}

/// What is offered for files of a workspace, which are absolute, with `path` as search path; what all of it would be if no
/// file is named. Nothing of it is run.
pub fn offered(root: &Path, files: &[PathBuf], path: &str) -> Vec<Offer> {
    let found: BTreeSet<(usize, PathBuf, Vec<String>)> = KINDS
        .iter()
        .enumerate()
        .flat_map(|(idx, kind)| kind.dirs(root, files).into_iter().map(move |(dir, files)| (idx, dir, files)))
        .collect();
    let mut offers = Vec::new();
    for (idx, dir, files) in found {
        let Some(kind) = KINDS.get(idx) else { continue };
        let site = Site { root, dir: &dir, files: &files, path };
        offers.extend((kind.commands)(&site));
    }
    offers
}

/// A language's projects.
struct Kind {
    /// Endings of files that its tools look at.
    endings: &'static [&'static str],
    /// Any of these makes a directory a project.
    manifests: &'static [&'static str],
    commands: fn(&Site<'_>) -> Vec<Offer>,
}

const KINDS: [Kind; 5] = [
    Kind { endings: &["rs", "toml"], manifests: &["Cargo.toml"], commands: rust },
    Kind {
        endings: &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "vue", "svelte"],
        manifests: &["package.json", "tsconfig.json", "jsconfig.json"],
        commands: node,
    },
    Kind {
        endings: &["py", "pyi"],
        manifests: &[
            "pyproject.toml",
            "setup.cfg",
            "setup.py",
            "ruff.toml",
            ".ruff.toml",
            "mypy.ini",
            ".mypy.ini",
            "pytest.ini",
            "tox.ini",
        ],
        commands: python,
    },
    Kind { endings: &["go"], manifests: &["go.mod"], commands: go },
    Kind { endings: &["java"], manifests: &["pom.xml"], commands: java },
];

impl Kind {
    /// The directories of projects, relative, each with its files relative to it. Files of one project go together.
    fn dirs(&self, root: &Path, files: &[PathBuf]) -> Vec<(PathBuf, Vec<String>)> {
        let is_project = |dir: &Path| self.manifests.iter().any(|manifest| dir.join(manifest).is_file());
        if files.is_empty() {
            return if is_project(root) { vec![(PathBuf::new(), Vec::new())] } else { Vec::new() };
        }
        let mut found: Vec<(PathBuf, Vec<String>)> = Vec::new();
        for file in files {
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or("");
            if !self.endings.contains(&ending) {
                continue;
            }
            let above = file.ancestors().skip(1).take_while(|dir| dir.starts_with(root));
            let Some(dir) = above.into_iter().find(|dir| is_project(dir)) else { continue };
            let (Ok(below), Ok(name)) = (dir.strip_prefix(root), file.strip_prefix(dir)) else { continue };
            let Some(name) = with_slashes(name) else { continue };
            match found.iter_mut().find(|(dir, _)| dir == below) {
                Some((_, names)) => names.push(name),
                None => found.push((below.to_owned(), vec![name])),
            }
        }
        found
    }
}

/// One project.
struct Site<'a> {
    root: &'a Path,
    dir: &'a Path,
    files: &'a [String],
    path: &'a str,
}

impl Site<'_> {
    fn offer(&self, manifest: &str, program: &str, arguments: &[&str], format: Format) -> Option<Offer> {
        let dir = with_slashes(self.dir)?;
        let bare = program.rsplit('/').next().unwrap_or(program);
        let mut name = bare.to_owned();
        if matches!(bare, "cargo" | "go" | "mvn") {
            let verb = arguments.iter().find(|argument| !argument.starts_with('-')).unwrap_or(&"");
            name = format!("{bare} {verb}");
        }
        if !dir.is_empty() {
            name = format!("{name} in {dir}");
        }
        let is_there = program.contains('/') || on_path(program, self.path).is_some();
        let missing = (!is_there).then(|| program.to_owned());
        let argv = std::iter::once(program).chain(arguments.iter().copied()).map(str::to_owned).collect();
        let manifest = if dir.is_empty() { manifest.to_owned() } else { format!("{dir}/{manifest}") };
        let origin = Origin::Found(manifest);
        let command = CheckCommand { name, argv, dir, format, network: false, limit: DEFAULT_LIMIT, origin };
        Some(Offer { command, missing })
    }

    fn text(&self, name: &str) -> String {
        let file = workspace::read_file(&self.root.join(self.dir).join(name));
        file.map(|file| file.text).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.root.join(self.dir).join(name).is_file()
    }

    /// The first of these files that is there, and holds a word where one is given.
    fn first<'n>(&self, names: &[(&'n str, &str)]) -> Option<&'n str> {
        let is_it = |(name, word): &&(&str, &str)| {
            self.has(name) && (word.is_empty() || self.text(name).contains(word))
        };
        names.iter().find(is_it).map(|(name, _)| *name)
    }

    /// A program that is installed for the project, in the nearest of these directories from it up, relative to the root;
    /// else its name, to be looked for on the search path.
    fn program(&self, dirs: &[&str], name: &str) -> String {
        for dir in self.dir.ancestors() {
            for bin in dirs {
                let program = dir.join(bin).join(name);
                if self.root.join(&program).exists()
                    && let Some(program) = with_slashes(&program)
                {
                    return program;
                }
            }
        }
        name.to_owned()
    }

    /// The changed files, as the last arguments of a command; all where none is named.
    fn with_files<'f>(&'f self, arguments: &[&'f str]) -> Vec<&'f str> {
        let mut all: Vec<&str> = arguments.to_vec();
        if self.files.is_empty() {
            all.push(".");
        } else {
            all.push("--");
            all.extend(self.files.iter().map(String::as_str));
        }
        all
    }
}

fn rust(site: &Site<'_>) -> Vec<Offer> {
    let offer = |arguments: &[&str]| site.offer("Cargo.toml", "cargo", arguments, Format::Cargo);
    [
        offer(&["check", "--all-targets", "--offline", "--message-format=json"]),
        offer(&["test", "--offline", "--message-format=json", "--no-fail-fast"]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn node(site: &Site<'_>) -> Vec<Offer> {
    const ESLINT: [(&str, &str); 10] = [
        ("eslint.config.js", ""),
        ("eslint.config.mjs", ""),
        ("eslint.config.cjs", ""),
        ("eslint.config.ts", ""),
        (".eslintrc", ""),
        (".eslintrc.js", ""),
        (".eslintrc.cjs", ""),
        (".eslintrc.json", ""),
        (".eslintrc.yml", ""),
        ("package.json", "\"eslintConfig\""),
    ];
    let bin = ["node_modules/.bin"];
    let tsc = site.has("tsconfig.json").then(|| {
        let program = site.program(&bin, "tsc");
        site.offer("tsconfig.json", &program, &["--noEmit", "--pretty", "false"], Format::Tsc)
    });
    let eslint = site.first(&ESLINT).map(|manifest| {
        let arguments = site.with_files(&["--format", "json"]);
        site.offer(manifest, &site.program(&bin, "eslint"), &arguments, Format::Eslint)
    });
    [tsc, eslint].into_iter().flatten().flatten().collect()
}

fn python(site: &Site<'_>) -> Vec<Offer> {
    let bin = [".venv/bin", "venv/bin"];
    let ruff = site.first(&[("ruff.toml", ""), (".ruff.toml", ""), ("pyproject.toml", "[tool.ruff")]).map(
        |manifest| {
            let arguments = site.with_files(&["check", "--output-format", "json", "--force-exclude"]);
            site.offer(manifest, &site.program(&bin, "ruff"), &arguments, Format::Ruff)
        },
    );
    let mypy =
        [("mypy.ini", ""), (".mypy.ini", ""), ("setup.cfg", "[mypy"), ("pyproject.toml", "[tool.mypy")];
    let mypy = site.first(&mypy).map(|manifest| {
        let arguments = site.with_files(&["--no-error-summary", "--show-column-numbers", "--no-pretty"]);
        site.offer(manifest, &site.program(&bin, "mypy"), &arguments, Format::Mypy)
    });
    let pytest = [
        ("pytest.ini", ""),
        ("pyproject.toml", "[tool.pytest"),
        ("setup.cfg", "[tool:pytest]"),
        ("tox.ini", "[pytest]"),
        ("conftest.py", ""),
        ("tests/conftest.py", ""),
        ("pyproject.toml", "pytest"),
    ];
    let pytest = site.first(&pytest).map(|manifest| {
        let arguments = ["-q", "--tb=short", "-rfE", "--color=no", "-p", "no:cacheprovider"];
        site.offer(manifest, &site.program(&bin, "pytest"), &arguments, Format::Pytest)
    });
    [ruff, mypy, pytest].into_iter().flatten().flatten().collect()
}

fn go(site: &Site<'_>) -> Vec<Offer> {
    let offer = |arguments: &[&str]| site.offer("go.mod", "go", arguments, Format::Go);
    [offer(&["build", "./..."]), offer(&["vet", "./..."]), offer(&["test", "-json", "./..."])]
        .into_iter()
        .flatten()
        .collect()
}

fn java(site: &Site<'_>) -> Vec<Offer> {
    let arguments = ["compile", "-q", "-o", "-B"];
    site.offer("pom.xml", "mvn", &arguments, Format::Javac).into_iter().collect()
}
