//! The names of languages and their standard libraries.
//!
//! Owns the lists, which `cargo xtask std-names` writes out of the libraries' sources. Where a type's name would say which of
//! them are its members, they do not: a name that any of them has is known.

use std::sync::LazyLock;

use syntax::Language;

/// The names of one language.
pub(super) struct Library {
    /// Sorted, as the names are.
    modules: Vec<&'static str>,
    names: Vec<&'static str>,
    /// What the language itself gives without a library.
    own: &'static [&'static str],
}

static PYTHON: LazyLock<Library> =
    LazyLock::new(|| Library::read(include_str!("../../data/python.txt"), &[]));
static SCRIPT: LazyLock<Library> = LazyLock::new(|| {
    Library::read(
        include_str!("../../data/script.txt"),
        &["arguments", "undefined", "constructor", "prototype"],
    )
});
static GO: LazyLock<Library> = LazyLock::new(|| Library::read(include_str!("../../data/go.txt"), &[]));
static JAVA: LazyLock<Library> = LazyLock::new(|| Library::read(include_str!("../../data/java.txt"), &[]));
static RUST: LazyLock<Library> =
    LazyLock::new(|| Library::read(include_str!("../../data/rust.txt"), &["self", "Self", "crate", "super"]));

impl Library {
    /// The names of a language; none where they are not known.
    pub(super) fn of(language: Language) -> Option<&'static Library> {
        match language.name() {
            "Python" => Some(&PYTHON),
            "TypeScript" | "TSX" | "JavaScript" => Some(&SCRIPT),
            "Go" => Some(&GO),
            "Java" => Some(&JAVA),
            "Rust" => Some(&RUST),
            _ => None,
        }
    }

    fn read(file: &'static str, own: &'static [&'static str]) -> Library {
        let (modules, names) = file.split_once("\n\n").unwrap_or_default();
        let modules = modules.lines().filter(|line| !line.starts_with('#'));
        Library { modules: modules.collect(), names: names.lines().collect(), own }
    }

    /// Whether the language or its library has a name, for whatever.
    pub(super) fn has(&self, name: &str) -> bool {
        name.starts_with("__") && name.ends_with("__")
            || self.own.contains(&name)
            || self.names.binary_search(&name).is_ok()
    }

    /// Whether a module is of the library.
    pub(super) fn has_module(&self, module: &str) -> bool {
        self.modules.binary_search(&module).is_ok()
    }

    /// All names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }
}
