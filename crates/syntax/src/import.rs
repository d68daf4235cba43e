//! What imports bring in: from where, and under which names.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{is_name, text_of};
use crate::{Language, Tree, imports};

/// Longest path in front of a list of names; lists in lists without end would take the square of their depth.
const PATH_BYTES: usize = 1_000;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its bytes.
    pub range: Range<usize>,
    /// Where it brings everything from, if it does.
    pub everything_of: Option<String>,
    /// What it brings in by name.
    pub names: Vec<Imported>,
}

/// Something that is brought in by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The module or package that it is of; empty where the language names none.
    pub module: String,
    /// What it is called there.
    pub name: String,
    /// What it is called here.
    pub bound: String,
    /// The bytes that bring it in, without what it shares with others.
    pub range: Range<usize>,
}

/// The imports of a text outside of functions, in order.
pub fn import_list(tree: &Tree, text: &Text) -> Vec<Import> {
    let found = imports(tree, text).into_iter().filter_map(|range| {
        let mut node = tree.root().descendant_for_byte_range(range.start, range.end)?;
        // A child may have the very same bytes.
        while !tree.language().0.imports.contains(&node.kind()) {
            node = node.parent()?;
        }
        Some(import_of(node, tree.language(), text))
    });
    found.collect()
}

/// What the import at `node` brings in.
pub(crate) fn import_of(node: Node<'_>, language: Language, text: &Text) -> Import {
    let mut import = Import { range: node.byte_range(), everything_of: None, names: Vec::new() };
    for brought in brought_in(node, language, &|node| text_of(node, text)) {
        match brought {
            Brought::Everything(module) => import.everything_of = Some(module),
            Brought::Name(name) => import.names.push(name),
        }
    }
    import.names.sort_by_key(|name| name.range.start);
    import
}

/// One thing that an import brings in.
pub(crate) enum Brought {
    /// All that a module has.
    Everything(String),
    /// Something by name.
    Name(Imported),
}

/// Gives the text of a node.
pub(crate) type Read<'a> = dyn Fn(Node<'_>) -> String + 'a;

/// What the import at `node` brings in, in no order.
pub(crate) fn brought_in(node: Node<'_>, language: Language, read: &Read<'_>) -> Vec<Brought> {
    let mut found = Vec::new();
    match language.name() {
        "Python" => python(node, read, &mut found),
        "TypeScript" | "TSX" | "JavaScript" => script(node, read, &mut found),
        "Go" => go(node, read, &mut found),
        "Rust" => rust(node, read, &mut found),
        "C" | "C++" => {}
        _ => dotted(node, read, &mut found),
    }
    found
}

fn named(name: &str, bound: &str, module: &str, node: Node<'_>) -> Brought {
    Brought::Name(Imported {
        module: module.to_owned(),
        name: name.to_owned(),
        bound: bound.to_owned(),
        range: node.byte_range(),
    })
}

fn python(node: Node<'_>, read: &Read<'_>, found: &mut Vec<Brought>) {
    let module = match node.kind() {
        "future_import_statement" => Some("__future__".to_owned()),
        _ => node.child_by_field_name("module_name").map(read),
    };
    let mut cursor = node.walk();
    if node.named_children(&mut cursor).any(|child| child.kind() == "wildcard_import") {
        found.extend(module.map(Brought::Everything));
        return;
    }
    for item in node.children_by_field_name("name", &mut cursor) {
        let path = item.child_by_field_name("name").unwrap_or(item);
        let name = read(path);
        let alias = item.child_by_field_name("alias").map(read);
        let own = match &module {
            Some(_) => name.clone(),
            None => name.split('.').next().unwrap_or_default().trim().to_owned(),
        };
        let bound = alias.unwrap_or(own);
        found.push(named(&name, &bound, module.as_deref().unwrap_or_default(), item));
    }
}

fn script(node: Node<'_>, read: &Read<'_>, found: &mut Vec<Brought>) {
    let source = find(node, "source", read).unwrap_or_default();
    let module = source.trim_matches(['"', '\'', '`']).to_owned();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match (node.kind(), child.kind()) {
                ("import_clause", "identifier") => {
                    found.push(named("default", &read(child), &module, child));
                }
                ("namespace_import" | "import_require_clause", "identifier") => {
                    found.push(named("*", &read(child), &module, node));
                }
                (_, "import_specifier") => {
                    let name = child.child_by_field_name("name").map(read);
                    let alias = child.child_by_field_name("alias").map(read);
                    let name = name.unwrap_or_default();
                    found.push(named(&name, alias.as_ref().unwrap_or(&name), &module, child));
                }
                ("import_alias", "identifier") if found.is_empty() => {
                    found.push(named("*", &read(child), &read(node), child));
                }
                _ => pending.push(child),
            }
        }
    }
}

/// The text in a field of a node or of one of its children.
fn find(node: Node<'_>, field: &str, read: &Read<'_>) -> Option<String> {
    let mut cursor = node.walk();
    let own = node.child_by_field_name(field);
    let found =
        own.or_else(|| node.named_children(&mut cursor).find_map(|child| child.child_by_field_name(field)))?;
    Some(read(found))
}

fn go(node: Node<'_>, read: &Read<'_>, found: &mut Vec<Brought>) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if node.kind() == "import_spec" {
            let path = node.child_by_field_name("path").map(read).unwrap_or_default();
            let path = path.trim_matches(['"', '`']).to_owned();
            let alias = node.child_by_field_name("name").map(read);
            let bound = alias.unwrap_or_else(|| package(&path).to_owned());
            found.push(named(&path, &bound, "", node));
        }
        let mut cursor = node.walk();
        pending.extend(node.named_children(&mut cursor));
    }
}

/// The name that a package of Go most likely has: the last part of its path that is no version.
fn package(path: &str) -> &str {
    let is_version = |part: &&str| {
        part.strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    last.split('.').next().unwrap_or(last)
}

fn rust(node: Node<'_>, read: &Read<'_>, found: &mut Vec<Brought>) {
    if let Some(crate_name) = node.child_by_field_name("name") {
        let name = read(crate_name);
        let bound = node.child_by_field_name("alias").map_or_else(|| name.clone(), read);
        found.push(named(&name, &bound, "", node));
        return;
    }
    let Some(argument) = node.child_by_field_name("argument") else { return };
    let mut pending = vec![(argument, String::new())];
    while let Some((node, prefix)) = pending.pop() {
        if prefix.len() > PATH_BYTES {
            continue;
        }
        let joined = |path: Option<Node<'_>>| {
            let path = path.map(read).unwrap_or_default();
            [prefix.as_str(), path.as_str()]
                .iter()
                .filter(|part| !part.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join("::")
        };
        match node.kind() {
            "use_list" => {
                let mut cursor = node.walk();
                pending.extend(node.named_children(&mut cursor).map(|child| (child, prefix.clone())));
            }
            "scoped_use_list" => {
                let prefix = joined(node.child_by_field_name("path"));
                pending.extend(node.child_by_field_name("list").map(|list| (list, prefix)));
            }
            "use_wildcard" => found.push(Brought::Everything(joined(node.named_child(0)))),
            "use_as_clause" => {
                let path = joined(node.child_by_field_name("path"));
                // `self` stands for the path itself.
                let path = path.strip_suffix("::self").unwrap_or(&path);
                let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
                let bound = node.child_by_field_name("alias").map(read);
                found.push(named(name, bound.as_deref().unwrap_or(name), module, node));
            }
            "self" => {
                let (module, name) = prefix.rsplit_once("::").unwrap_or(("", &prefix));
                found.push(named(name, name, module, node));
            }
            _ => {
                let path = joined(Some(node));
                let (module, name) = path.rsplit_once("::").unwrap_or(("", &path));
                found.push(named(name, name, module, node));
            }
        }
    }
}

/// Languages that import one dotted path: the last part is bound, unless it is a star or has another name.
fn dotted(node: Node<'_>, read: &Read<'_>, found: &mut Vec<Brought>) {
    let whole = read(node);
    let mut leaves = Vec::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if is_name(node) {
            leaves.push(node);
        }
        let mut cursor = node.walk();
        pending.extend(node.named_children(&mut cursor));
    }
    leaves.sort_by_key(|leaf| leaf.start_byte());
    let is_alias = |leaf: &Node<'_>| {
        let before = whole.get(..leaf.start_byte().saturating_sub(node.start_byte()));
        before.is_some_and(|before| before.split_whitespace().next_back() == Some("as"))
    };
    let alias = leaves.last().copied().filter(is_alias);
    let path: Vec<String> = leaves.iter().filter(|leaf| !is_alias(leaf)).map(|leaf| read(*leaf)).collect();
    let Some((name, module)) = path.split_last() else { return };
    if whole.trim_end().trim_end_matches(';').trim_end().ends_with(['*', '_']) {
        found.push(Brought::Everything(path.join(".")));
        return;
    }
    let bound = alias.map_or_else(|| name.clone(), read);
    found.push(named(name, &bound, &module.join("."), node));
}
