//! Languages whose files use each other's names.

use syntax::Language;

/// Languages that share their modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    /// Python.
    Python,
    /// TypeScript and JavaScript.
    Script,
    /// Go.
    Go,
    /// Java, Kotlin and Scala.
    Jvm,
    /// Rust.
    Rust,
    /// C and C++.
    C,
    /// C#.
    CSharp,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// A language by itself.
    Other(&'static str),
}

/// The family of a language.
pub(crate) fn family(language: Language) -> Family {
    match language.name() {
        "Python" => Family::Python,
        "TypeScript" | "TSX" | "JavaScript" => Family::Script,
        "Go" => Family::Go,
        "Java" | "Kotlin" | "Scala" => Family::Jvm,
        "Rust" => Family::Rust,
        "C" | "C++" => Family::C,
        "C#" => Family::CSharp,
        "Ruby" => Family::Ruby,
        "PHP" => Family::Php,
        name => Family::Other(name),
    }
}
