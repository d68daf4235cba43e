//! Imports of packages that the project does not have.
//!
//! What belongs to the language, to the project itself, or is imported already, is no news.

use std::collections::BTreeSet;

use syntax::Module;

use super::change::{Change, Side};
use super::lines::words;
use super::request::Request;
use super::standard::is_standard;
use super::{DetectionKind, Found};

pub(super) fn detect(change: &Change, request: &Request, packages: &BTreeSet<String>) -> Found {
    let mut found = Found::new();
    let language = change.language_name();
    let (old, new) = (modules(&change.old), modules(&change.new));
    let known: BTreeSet<String> = old.iter().filter_map(|module| package(language, &module.name)).collect();
    let own = own_package(change);
    let mut told = BTreeSet::new();
    for hunk in &change.hunks {
        for module in &new {
            let is_added = hunk
                .runs
                .iter()
                .any(|run| module.range.start < run.new.end && run.new.start < module.range.end);
            let Some(package) = package(language, &module.name).filter(|_| is_added) else { continue };
            let is_own = own.as_ref().is_some_and(|own| *own == package);
            if known.contains(&package)
                || is_own
                || is_standard(language, &package, &module.name)
                || has(packages, &package, &module.name)
                || is_declared_here(change, &package)
                || is_named(request, &package, &module.name)
                || !told.insert((hunk.idx, package.clone()))
            {
                continue;
            }
            let message = if packages.is_empty() {
                format!("imports `{package}`, which this file did not use")
            } else {
                format!("imports `{package}`, which the project does not have")
            };
            found.push((hunk.idx, change.remark(DetectionKind::Import, &module.range, message)));
        }
    }
    found
}

fn modules(side: &Side) -> Vec<Module> {
    side.tree.as_ref().map_or_else(Vec::new, |tree| syntax::modules(tree, &side.text))
}

/// The package that a module belongs to; none for what is beside the file or in its own project.
fn package(language: &str, module: &str) -> Option<String> {
    let first = |separator: &str| module.split(separator).next().unwrap_or("").trim().to_owned();
    let firsts =
        |separator: &str, n: usize| module.split(separator).take(n).collect::<Vec<_>>().join(separator);
    let package = match language {
        "Python" | "Lua" | "Swift" => first("."),
        "JavaScript" | "TypeScript" | "TSX" => {
            if module.starts_with(['.', '/', '#', '~']) || module.starts_with("@/") {
                return None;
            }
            firsts("/", if module.starts_with('@') { 2 } else { 1 })
        }
        "Go" => firsts("/", 3),
        "Rust" => {
            let root = module.split([':', '{', ' ']).next().unwrap_or("").to_owned();
            let is_own = matches!(root.as_str(), "crate" | "self" | "super");
            // An enum's or trait's own items.
            if is_own || root.starts_with(char::is_uppercase) {
                return None;
            }
            root
        }
        "Java" | "Kotlin" | "Scala" => {
            let is_reversed =
                matches!(first(".").as_str(), "com" | "org" | "net" | "io" | "de" | "dev" | "me");
            firsts(".", if is_reversed { 2 } else { 1 })
        }
        "C#" => first("."),
        "PHP" => module.contains('\\').then(|| first("\\"))?,
        "Ruby" => first("/"),
        "C" | "C++" => {
            let path = module.strip_prefix('<')?.trim_end_matches('>');
            path.split_once('/').map(|(package, _)| package.to_owned())?
        }
        _ => return None,
    };
    (!package.is_empty()).then_some(package)
}

/// The package of the file itself, where it says so.
fn own_package(change: &Change) -> Option<String> {
    let language = change.language_name();
    let line = change.new.content.lines().map(str::trim).find(|line| {
        matches!(language, "Java" | "Kotlin" | "Scala") && line.starts_with("package ")
            || matches!(language, "C#" | "PHP") && line.starts_with("namespace ")
    })?;
    let name = line.split_whitespace().nth(1)?.trim_end_matches([';', '{']);
    let name = if language == "PHP" { format!("{name}\\") } else { name.to_owned() };
    package(language, &name)
}

/// Whether the project's names have a package: by its own name, the module's, or the name it is published under.
fn has(packages: &BTreeSet<String>, package: &str, module: &str) -> bool {
    /// Modules whose package is called otherwise.
    const PUBLISHED: [(&str, &str); 14] = [
        ("yaml", "pyyaml"),
        ("PIL", "pillow"),
        ("cv2", "opencv-python"),
        ("sklearn", "scikit-learn"),
        ("bs4", "beautifulsoup4"),
        ("dotenv", "python-dotenv"),
        ("dateutil", "python-dateutil"),
        ("jwt", "pyjwt"),
        ("attr", "attrs"),
        ("psycopg2", "psycopg2-binary"),
        ("google", "protobuf"),
        ("serial", "pyserial"),
        ("git", "gitpython"),
        ("OpenSSL", "pyopenssl"),
    ];
    let plain = |name: &str| name.to_lowercase().replace(['_', '.'], "-");
    let published = PUBLISHED.iter().find(|(module, _)| *module == package).map(|(_, published)| *published);
    let wanted: Vec<String> =
        [package, module].into_iter().chain(published).map(plain).chain([plain(package) + "-rs"]).collect();
    packages.iter().any(|known| {
        let known = plain(known);
        // A Go module or a Java group holds the packages below it.
        wanted.iter().any(|wanted| *wanted == known || wanted.starts_with(&format!("{known}/")))
            || known.starts_with(&format!("{}/", plain(package)))
            || known.starts_with(&format!("{}-", plain(package)))
    })
}

/// Whether the file itself declares a module of this name.
fn is_declared_here(change: &Change, package: &str) -> bool {
    change.language_name() == "Rust"
        && [format!("mod {package};"), format!("mod {package} {{")]
            .iter()
            .any(|line| change.new.content.contains(line.as_str()))
}

/// Whether the request says the package's name, or a word of it that is no ordinary one.
fn is_named(request: &Request, package: &str, module: &str) -> bool {
    let parts = package.split(['/', '.', '\\', '@']).chain(module.split(['/', '.', '\\', '@', ':']));
    parts.filter(|part| part.len() > 2 && !matches!(*part, "com" | "org" | "github")).any(|part| {
        request.names_any_case(part) || {
            let words = words(part);
            words.len() > 1 && request.n_shared(&words) == words.len()
        }
    })
}
