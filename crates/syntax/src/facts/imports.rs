//! What imports bring in, as facts.

use tree_sitter::Node;

use super::rules::slice;
use super::words::Words;
use crate::import::{Brought, brought_in};
use crate::{ImportFact, Language};

/// One thing that an import brings in.
struct Entry<'a> {
    bound: Option<&'a str>,
    module: &'a str,
    name: Option<&'a str>,
}

/// The facts of the imports at `nodes`, with local ids.
pub(super) fn import_facts(
    nodes: &[Node<'_>],
    language: Language,
    source: &str,
    words: &mut Words<'_>,
) -> Vec<ImportFact> {
    let mut facts = Vec::new();
    for node in nodes {
        let line = words.line_of(node.start_byte());
        entries(*node, language, source, &mut |entry| {
            let mut id = |string: &str| words.id(string);
            let (bound, name) = (entry.bound.map(&mut id), entry.name.map(&mut id));
            facts.push(ImportFact { bound, module: id(entry.module), name, line });
        });
    }
    facts
}

/// The imports of a text that has `word` in each of them, wherever they stand.
pub(super) fn imports_with<'t>(
    root: Node<'t>,
    language: Language,
    word: &str,
    words: &Words<'_>,
) -> Vec<Node<'t>> {
    let mut found: Vec<Node<'_>> = Vec::new();
    let mut cursor = root.walk();
    for offset in words.offsets_of(word) {
        if found.last().is_some_and(|last| offset < last.end_byte()) {
            continue;
        }
        cursor.reset(root);
        while cursor.goto_first_child_for_byte(offset).is_some() {
            let node = cursor.node();
            if node.start_byte() > offset {
                break;
            }
            if language.0.imports.contains(&node.kind()) {
                found.push(node);
                break;
            }
        }
    }
    found
}

fn entries(node: Node<'_>, language: Language, source: &str, take: &mut dyn FnMut(Entry<'_>)) {
    match (language.name(), node.kind()) {
        (_, "export_statement") => exported(node, source, take),
        (_, "variable_declarator") => required(node, source, take),
        ("Java" | "Kotlin" | "Scala", _) => written(slice(node, source), '.', take),
        ("PHP", _) => written(slice(node, source), '\\', take),
        ("Swift", _) => of_swift(slice(node, source), take),
        ("C#", _) => of_csharp(slice(node, source), take),
        ("C" | "C++", _) => {
            let path = node.child_by_field_name("path").map_or("", |path| slice(path, source));
            everything(path.trim_matches(['"', '<', '>']), take);
        }
        ("Lua", _) => of_lua(node, source, take),
        ("Ruby" | "Bash", _) => {
            let path = slice(node, source).split_whitespace().nth(1).unwrap_or("");
            everything(path.trim_matches(['"', '\'', '(', ')']), take);
        }
        _ => brought(node, language, source, take),
    }
}

/// What the imports of most languages say, in the words of facts.
fn brought(node: Node<'_>, language: Language, source: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let mut brought = brought_in(node, language, &|node| slice(node, source).to_owned());
    brought.sort_by_key(|brought| match brought {
        Brought::Everything(_) => 0,
        Brought::Name(name) => name.range.start,
    });
    let is_empty = brought.is_empty();
    for brought in brought {
        match &brought {
            Brought::Everything(module) => take(Entry { bound: None, module, name: None }),
            Brought::Name(name) => {
                let bound = Some(name.bound.as_str()).filter(|bound| !matches!(*bound, "." | "_" | ""));
                let own = Some(name.name.as_str()).filter(|own| *own != "*" && !name.module.is_empty());
                let module = if name.module.is_empty() { &name.name } else { &name.module };
                take(Entry { bound, module, name: own });
            }
        }
    }
    if is_empty && let Some(module) = node.child_by_field_name("source") {
        take(Entry { bound: None, module: unquoted(slice(module, source)), name: None });
    }
}

/// What a module exports of another one.
fn exported(node: Node<'_>, source: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let Some(module) = node.child_by_field_name("source") else { return };
    let module = unquoted(slice(module, source));
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        match child.kind() {
            "*" => take(Entry { bound: None, module, name: None }),
            "namespace_export" => {
                let bound = child.named_child(0).map(|name| slice(name, source));
                take(Entry { bound, module, name: None });
            }
            "export_clause" => {
                let mut inner = child.walk();
                for item in child.named_children(&mut inner) {
                    let field = |field: &str| item.child_by_field_name(field).map(|name| slice(name, source));
                    let Some(name) = field("name") else { continue };
                    take(Entry { bound: field("alias").or(Some(name)), module, name: Some(name) });
                }
            }
            _ => {}
        }
    }
}

/// What a constant takes from a module that it requires.
fn required(node: Node<'_>, source: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let call = node.child_by_field_name("value");
    let arguments = call.and_then(|call| call.child_by_field_name("arguments"));
    let Some(module) = arguments.and_then(|arguments| arguments.named_child(0)) else { return };
    let Some(name) = node.child_by_field_name("name").filter(|_| module.kind() == "string") else { return };
    let module = unquoted(slice(module, source));
    if name.kind() == "identifier" {
        take(Entry { bound: Some(slice(name, source)), module, name: None });
        return;
    }
    let mut cursor = name.walk();
    for item in name.named_children(&mut cursor) {
        let field = |field: &str| item.child_by_field_name(field).map(|name| slice(name, source));
        match item.kind() {
            "shorthand_property_identifier_pattern" => {
                let name = Some(slice(item, source));
                take(Entry { bound: name, module, name });
            }
            "pair_pattern" => take(Entry { bound: field("value"), module, name: field("key") }),
            _ => {}
        }
    }
}

/// Words in front of what is imported.
const KEYWORDS: [&str; 16] = [
    "import",
    "use",
    "using",
    "global",
    "static",
    "function",
    "const",
    "struct",
    "class",
    "enum",
    "protocol",
    "typealias",
    "func",
    "let",
    "var",
    "@testable",
];

/// An import without the words in front and the semicolon behind.
fn without_keywords(import: &str) -> &str {
    let mut rest = import.trim().trim_end_matches(';').trim_end();
    while let Some((word, behind)) = rest.split_once(char::is_whitespace)
        && KEYWORDS.contains(&word)
    {
        rest = behind.trim_start();
    }
    rest
}

/// An import of paths: `import static a.b.C.m;`, `import a.{b, c => d}`, `use A\{B, C as D};`.
fn written(import: &str, separator: char, take: &mut dyn FnMut(Entry<'_>)) {
    let import = without_keywords(import);
    let (prefix, items) = match import.split_once('{') {
        Some((prefix, items)) => (prefix.trim_end().trim_end_matches(separator), items.trim_end_matches('}')),
        None => ("", import),
    };
    for item in items.split(',') {
        let mut parts = without_keywords(item).split_whitespace();
        let Some(path) = parts.next() else { continue };
        let alias = parts.nth(1);
        let path = path.trim_start_matches(separator);
        let path = if prefix.is_empty() { path.to_owned() } else { format!("{prefix}{separator}{path}") };
        match path.rsplit_once(separator) {
            Some((module, "*" | "_" | "given")) => everything(module, take),
            Some((module, name)) => {
                take(Entry { bound: Some(alias.unwrap_or(name)), module, name: Some(name) });
            }
            None => take(Entry { bound: Some(alias.unwrap_or(&path)), module: &path, name: None }),
        }
    }
}

fn of_swift(import: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let path = without_keywords(import);
    match path.rsplit_once('.') {
        Some((module, name)) => take(Entry { bound: Some(name), module, name: Some(name) }),
        None => everything(path, take),
    }
}

fn of_csharp(import: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let import = without_keywords(import);
    let Some((alias, path)) = import.split_once('=') else { return everything(import, take) };
    let (bound, path) = (Some(alias.trim()), path.trim());
    match path.rsplit_once('.') {
        Some((module, name)) => take(Entry { bound, module, name: Some(name) }),
        None => take(Entry { bound, module: path, name: None }),
    }
}

fn of_lua(node: Node<'_>, source: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let Some((names, call)) = slice(node, source).split_once('=') else { return };
    let bound = names.trim().trim_start_matches("local").trim();
    let module = call.trim().trim_start_matches("require").trim_matches([' ', '(', ')', '"', '\'', ';']);
    if !module.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '\'')) {
        take(Entry { bound: Some(bound), module, name: None });
    }
}

fn everything(module: &str, take: &mut dyn FnMut(Entry<'_>)) {
    if !module.is_empty() {
        take(Entry { bound: None, module, name: None });
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`'])
}
