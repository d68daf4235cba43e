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
        ("Java", _) => dotted(slice(node, source), take),
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

/// An import that is words, a dotted path and maybe a star: `import static a.b.C.m;`.
fn dotted(import: &str, take: &mut dyn FnMut(Entry<'_>)) {
    let path = import.trim_end_matches(';').split_whitespace().last().unwrap_or("");
    let Some((module, name)) = path.rsplit_once('.') else { return };
    match name {
        "*" => take(Entry { bound: None, module, name: None }),
        _ => take(Entry { bound: Some(name), module, name: Some(name) }),
    }
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`'])
}
