//! Scopes: the smallest meaningful piece of a text round a cursor or selection.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::node::{comment_at, lines, name_of, text_of, trimmed_end};
use crate::{Language, ScopeKind, Tree};

/// A piece of a text that a request is about: whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Whole lines, with the attributes, decorators and comments that belong to a definition.
    pub range: Range<usize>,
    /// What it is.
    pub kind: ScopeKind,
    /// Its name, if it has one.
    pub name: Option<String>,
}

/// The scope that a cursor (at most one character) or selection means.
///
/// Without a tree it is the selection's lines, or the paragraph round the cursor.
pub fn scope_at(tree: Option<&Tree>, text: &Text, range: Range<usize>) -> Scope {
    let end = range.end.min(text.len());
    let range = range.start.min(end)..end;
    let is_cursor = text.slice(range.clone()).chars().count() <= 1;
    let Some(tree) = tree else {
        return if is_cursor { paragraph(text, range.start) } else { selection(text, &range) };
    };
    if is_cursor { at_cursor(tree, text, range.start) } else { at_selection(tree, text, &range) }
}

/// The next wider scope; none for the whole file.
pub fn widen(tree: Option<&Tree>, text: &Text, scope: &Scope) -> Option<Scope> {
    if scope.kind == ScopeKind::File {
        return None;
    }
    let inner = trimmed(text, &scope.range);
    let wider = tree.and_then(|tree| {
        let node = tree.root().descendant_for_byte_range(inner.start, inner.end)?;
        let parents = std::iter::successors(Some(node), |node| node.parent());
        let mut scopes = parents.filter_map(|node| scope_of(node, tree.language(), text));
        scopes.find(|wider| {
            wider.range.start <= scope.range.start
                && wider.range.end >= scope.range.end
                && wider.range != scope.range
        })
    });
    Some(wider.unwrap_or_else(|| file(text)))
}

/// The widest scope inside `scope` that holds the cursor, or the line's text behind it; none when there is no narrower one.
pub fn narrow(tree: Option<&Tree>, text: &Text, scope: &Scope, cursor: usize) -> Option<Scope> {
    let tree = tree?;
    let line = text.line_of(cursor);
    let content = text.line(line);
    let cursor = cursor.max(text.line_start(line) + (content.len() - content.trim_start().len()));
    let node = tree.root().descendant_for_byte_range(cursor, cursor)?;
    let parents = std::iter::successors(Some(node), |node| node.parent());
    let inside = |inner: &Scope| {
        inner.range != scope.range
            && inner.range.start >= scope.range.start
            && inner.range.end <= scope.range.end
    };
    parents.filter_map(|node| scope_of(node, tree.language(), text)).filter(inside).last()
}

fn at_cursor(tree: &Tree, text: &Text, offset: usize) -> Scope {
    let line = text.line_of(offset);
    let content = text.line(line);
    if content.trim().is_empty() {
        return around(tree, text, offset).unwrap_or_else(|| paragraph(text, offset));
    }
    // A caret in the indentation, or behind the line, means the line.
    let start = text.line_start(line);
    let first = start + (content.len() - content.trim_start().len());
    let last = start + content.trim_end().len();
    let offset = offset.clamp(first, last.saturating_sub(1).max(first));
    let offset = below_comment(tree, text, offset).unwrap_or(offset);
    around(tree, text, offset).unwrap_or_else(|| block(tree, text, offset))
}

/// The start of the definition right below, for a comment that stands above one.
fn below_comment(tree: &Tree, text: &Text, offset: usize) -> Option<usize> {
    let node = tree.root().descendant_for_byte_range(offset, offset)?;
    let mut last = comment_at(node, tree.language())?;
    loop {
        let (_, last_line) = lines(last, text);
        let next = last.next_named_sibling()?;
        if text.line_of(next.start_byte()) != last_line + 1 {
            return None;
        }
        if !tree.language().is_comment(next.kind()) {
            let spec = tree.language().0;
            let is_definition = kind_of(next, tree.language(), text).is_some()
                || spec.wrappers.contains(&next.kind())
                || spec.attributes.contains(&next.kind());
            return is_definition.then(|| next.start_byte());
        }
        last = next;
    }
}

/// The smallest scope node at an offset.
fn around(tree: &Tree, text: &Text, offset: usize) -> Option<Scope> {
    let language = tree.language();
    let node = tree.root().descendant_for_byte_range(offset, offset)?;
    let parents = std::iter::successors(Some(node), |node| node.parent());
    let mut fallback = None;
    for node in parents {
        if language.0.imports.contains(&node.kind()) {
            return Some(import_run(node, language, text));
        }
        // An attribute in front of a definition means the definition.
        let is_attribute = language.0.attributes.contains(&node.kind());
        if let Some(owner) = is_attribute.then(|| attributed(node, language, text)).flatten() {
            return Some(owner);
        }
        let wrapped = || wrapped(node, language, text);
        let Some(scope) = scope_of(node, language, text).or_else(wrapped) else { continue };
        if is_too_small(node, scope.kind, text) {
            fallback.get_or_insert(scope);
            continue;
        }
        return Some(scope);
    }
    fallback
}

/// The definition that a node stands round.
fn wrapped(node: Node<'_>, language: Language, text: &Text) -> Option<Scope> {
    if !language.0.wrappers.contains(&node.kind()) {
        return None;
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find_map(|child| scope_of(child, language, text))
}

/// The definition behind a run of attributes.
fn attributed(node: Node<'_>, language: Language, text: &Text) -> Option<Scope> {
    let mut next = node.next_named_sibling()?;
    while language.0.attributes.contains(&next.kind()) || language.is_comment(next.kind()) {
        next = next.next_named_sibling()?;
    }
    scope_of(next, language, text)
}

/// Entries and elements on one line say too little on their own.
fn is_too_small(node: Node<'_>, kind: ScopeKind, text: &Text) -> bool {
    let (first, last) = lines(node, text);
    matches!(kind, ScopeKind::Entry | ScopeKind::Element) && first == last
}

fn at_selection(tree: &Tree, text: &Text, range: &Range<usize>) -> Scope {
    let inner = trimmed(text, range);
    let Some(node) =
        tree.root().descendant_for_byte_range(inner.start, inner.end.saturating_sub(1).max(inner.start))
    else {
        return selection(text, range);
    };
    let language = tree.language();
    let mut parents = std::iter::successors(Some(node), |node| node.parent());
    let holder = parents.find_map(|node| scope_of(node, language, text).map(|scope| (node, scope)));
    match holder {
        // Several definitions were selected: their holder would be far more than was meant.
        Some((node, _)) if holds_scope(node, &inner, language, text) => selection(text, range),
        Some((_, scope)) if scope.range.start <= inner.start && scope.range.end >= inner.end => scope,
        Some(_) | None => selection(text, range),
    }
}

/// Whether a definition inside `node` lies wholly in `range`.
fn holds_scope(node: Node<'_>, range: &Range<usize>, language: Language, text: &Text) -> bool {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).any(|child| {
        let is_inside = child.start_byte() >= range.start && child.end_byte() <= range.end;
        let overlaps = child.start_byte() < range.end && child.end_byte() > range.start;
        is_inside
            && scope_of(child, language, text).is_some_and(|scope| {
                matches!(
                    scope.kind,
                    ScopeKind::Function
                        | ScopeKind::Method
                        | ScopeKind::Class
                        | ScopeKind::Impl
                        | ScopeKind::Test
                )
            })
            || overlaps && !is_inside && holds_scope(child, range, language, text)
            || is_inside
                && scope_of(child, language, text).is_none()
                && language.0.wrappers.contains(&child.kind())
    })
}

/// What a node is as a scope, by its kind alone and what its grammar leaves to look at.
pub(crate) fn kind_of(node: Node<'_>, language: Language, text: &Text) -> Option<ScopeKind> {
    let kind = language.scope_kind(node.kind())?;
    match node.kind() {
        // A declaration is a scope where it holds a function.
        "lexical_declaration" | "variable_declaration" | "public_field_definition" | "field_definition"
            if matches!(language.name(), "TypeScript" | "TSX" | "JavaScript") =>
        {
            holds_function(node).then_some(kind)
        }
        "expression_statement" => is_test_call(node, text).then_some(ScopeKind::Test),
        "pair" if language.scope_kind("object").is_none() && language.name() != "TOML" => {
            holds_function(node).then_some(ScopeKind::Method)
        }
        "struct_specifier" | "enum_specifier" | "union_specifier" | "class_specifier" => {
            node.child_by_field_name("body").is_some().then_some(kind)
        }
        "object" => node.parent().is_none_or(|parent| parent.kind() != "pair").then_some(kind),
        _ if kind == ScopeKind::Function && is_inside_class(node, language) => Some(ScopeKind::Method),
        _ => Some(kind),
    }
}

fn scope_of(node: Node<'_>, language: Language, text: &Text) -> Option<Scope> {
    let kind = kind_of(node, language, text)?;
    let mut outer = node;
    while let Some(parent) = outer.parent().filter(|parent| language.0.wrappers.contains(&parent.kind())) {
        outer = parent;
    }
    let name = name_of(node, text);
    let range = with_front(outer, language, text);
    let is_test = matches!(kind, ScopeKind::Function | ScopeKind::Method)
        && is_test(&range, node, name.as_deref(), text);
    Some(Scope { range, kind: if is_test { ScopeKind::Test } else { kind }, name })
}

/// The lines of a node with the attributes and comments right above it.
pub(crate) fn with_front(node: Node<'_>, language: Language, text: &Text) -> Range<usize> {
    let (mut first, last) = lines(node, text);
    let mut front = node;
    while let Some(previous) = front.prev_named_sibling() {
        let belongs =
            language.is_comment(previous.kind()) || language.0.attributes.contains(&previous.kind());
        let (start, end) = lines(previous, text);
        let is_alone = text.slice(text.line_start(start)..previous.start_byte()).trim().is_empty();
        if !belongs || !is_alone || end + 1 != first {
            break;
        }
        first = start;
        front = previous;
    }
    text.line_start(first)..text.line_end(last)
}

fn is_test(range: &Range<usize>, node: Node<'_>, name: Option<&str>, text: &Text) -> bool {
    let is_named = name.is_some_and(|name| {
        name.starts_with("test_")
            || name.starts_with("Test")
            || name.starts_with("test") && name.chars().nth(4).is_some_and(char::is_uppercase)
    });
    let front = text.slice(range.start..node.start_byte());
    let modifiers = node
        .child(0)
        .filter(|child| child.kind() == "modifiers")
        .map(|child| text_of(child, text))
        .unwrap_or_default();
    is_named
        || front.contains("#[test]")
        || front.contains("::test]")
        || front.contains("[Test]")
        || front.contains("[Fact]")
        || modifiers.contains("@Test")
}

/// The name of the test that a node is; for `it("adds", …)` the title.
pub(crate) fn test_name(node: Node<'_>, language: Language, text: &Text) -> Option<String> {
    if matches!(node.kind(), "call_expression" | "call") {
        let function = node.child_by_field_name("function").or_else(|| node.child_by_field_name("method"))?;
        let function = text_of(function, text);
        let is_test =
            matches!(function.split('.').next(), Some("it" | "test" | "specify" | "scenario" | "xit"));
        let title = node.child_by_field_name("arguments").filter(|_| is_test)?.named_child(0)?;
        let title = text_of(title, text);
        return title.starts_with(['"', '\'', '`']).then(|| title.trim_matches(['"', '\'', '`']).to_owned());
    }
    if !matches!(language.scope_kind(node.kind()), Some(ScopeKind::Function | ScopeKind::Method)) {
        return None;
    }
    let scope = scope_of(node, language, text)?;
    let is_marked = || {
        let start = text.slice(node.start_byte()..node.end_byte().min(node.start_byte() + 40));
        ["[Fact", "[Test", "[Theory"].iter().any(|mark| start.starts_with(mark))
    };
    if scope.kind == ScopeKind::Test || is_marked() { scope.name } else { None }
}

fn is_test_call(node: Node<'_>, text: &Text) -> bool {
    let call = node.named_child(0).filter(|child| child.kind() == "call_expression");
    let function =
        call.and_then(|call| call.child_by_field_name("function")).map(|function| text_of(function, text));
    function.is_some_and(|name| {
        let name = name.split('.').next().unwrap_or("").to_owned();
        matches!(name.as_str(), "it" | "test" | "describe" | "suite" | "beforeEach" | "afterEach")
    })
}

fn holds_function(node: Node<'_>) -> bool {
    let is_function = |node: Node<'_>| {
        matches!(
            node.kind(),
            "arrow_function" | "function_expression" | "generator_function" | "function" | "class"
        )
    };
    let value = node.child_by_field_name("value");
    let mut cursor = node.walk();
    value.is_some_and(is_function)
        || node.named_children(&mut cursor).any(|child| {
            child.kind() == "variable_declarator"
                && child
                    .child_by_field_name("value")
                    .is_some_and(|value| is_function(value) || wraps_function(value))
        })
}

/// `memo(() => …)`, `useCallback(() => …)`: a call with a function as its first argument.
fn wraps_function(node: Node<'_>) -> bool {
    let first = node.child_by_field_name("arguments").and_then(|arguments| arguments.named_child(0));
    node.kind() == "call_expression"
        && first.is_some_and(|first| matches!(first.kind(), "arrow_function" | "function_expression"))
}

fn is_inside_class(node: Node<'_>, language: Language) -> bool {
    let mut parents = std::iter::successors(node.parent(), |node| node.parent());
    let holder = parents.find_map(|parent| language.scope_kind(parent.kind()));
    matches!(holder, Some(ScopeKind::Class | ScopeKind::Impl))
}

/// The imports that stand together with one.
fn import_run(node: Node<'_>, language: Language, text: &Text) -> Scope {
    let is_import = |node: &Node<'_>| language.0.imports.contains(&node.kind());
    let (mut first, mut last) = lines(node, text);
    let mut front = node;
    while let Some(previous) = front.prev_named_sibling().filter(is_import) {
        first = lines(previous, text).0;
        front = previous;
    }
    let mut back = node;
    while let Some(next) = back.next_named_sibling().filter(is_import) {
        last = lines(next, text).1;
        back = next;
    }
    Scope { range: text.line_start(first)..text.line_end(last), kind: ScopeKind::Imports, name: None }
}

/// Statements at the top level that stand together without a blank line.
fn block(tree: &Tree, text: &Text, offset: usize) -> Scope {
    let language = tree.language();
    let mut node = tree.root().descendant_for_byte_range(offset, offset);
    while let Some(inner) = node.filter(|node| node.parent().is_some_and(|parent| parent.parent().is_some()))
    {
        node = inner.parent();
    }
    let Some(node) = node.filter(|node| node.parent().is_some()) else { return paragraph(text, offset) };
    let is_plain = |node: &Node<'_>| {
        kind_of(*node, language, text).is_none()
            && !language.0.imports.contains(&node.kind())
            && !language.0.wrappers.contains(&node.kind())
    };
    let (mut first, mut last) = lines(node, text);
    let mut front = node;
    while let Some(previous) =
        front.prev_sibling().filter(|previous| is_plain(previous) && lines(*previous, text).1 + 1 >= first)
    {
        first = lines(previous, text).0.min(first);
        front = previous;
    }
    let mut back = node;
    while let Some(next) =
        back.next_sibling().filter(|next| is_plain(next) && lines(*next, text).0 <= last + 1)
    {
        last = lines(next, text).1.max(last);
        back = next;
    }
    Scope { range: text.line_start(first)..text.line_end(last), kind: ScopeKind::Block, name: None }
}

fn selection(text: &Text, range: &Range<usize>) -> Scope {
    Scope { range: text.whole_lines(range.clone()), kind: ScopeKind::Selection, name: None }
}

fn file(text: &Text) -> Scope {
    Scope { range: 0..text.len(), kind: ScopeKind::File, name: None }
}

/// The lines round an offset up to the next blank ones; a blank line alone is itself.
fn paragraph(text: &Text, offset: usize) -> Scope {
    let is_blank = |line: usize| text.line(line).trim().is_empty();
    let line = text.line_of(offset);
    let (mut first, mut last) = (line, line);
    if !is_blank(line) {
        while first > 0 && !is_blank(first - 1) {
            first -= 1;
        }
        while last + 1 < text.n_lines() && !is_blank(last + 1) {
            last += 1;
        }
    }
    Scope { range: text.line_start(first)..text.line_end(last), kind: ScopeKind::Paragraph, name: None }
}

/// A range without the blanks at its ends.
fn trimmed(text: &Text, range: &Range<usize>) -> Range<usize> {
    let inner = text.slice(range.clone());
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..trimmed_end(text, start, range.end).max(start)
}
