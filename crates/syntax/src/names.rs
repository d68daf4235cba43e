//! Which names a text binds and uses, where a bound name can be seen, and with what its functions are called.
//!
//! Owns the walk over a tree. A name is a leaf of the tree, never a piece of a line; what names mean across files is not
//! known here.

mod bound;
mod called;
mod reference;
mod role;

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::import::import_of;
use crate::node::is_name;
use crate::{Language, Tree};
pub use reference::{Reference, References, Tokens, references};
use role::Role;

/// All names of a text, each list in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Names that are given to something.
    pub bindings: Vec<Binding>,
    /// Names that stand for something.
    pub uses: Vec<Use>,
    /// Calls by name.
    pub calls: Vec<Call>,
    /// Parameter lists of named functions.
    pub signatures: Vec<Signature>,
}

/// A name that is given to something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The name.
    pub name: String,
    /// Where it is given.
    pub range: Range<usize>,
    /// To what.
    pub kind: BindingKind,
    /// Where it can be seen.
    pub visible: Range<usize>,
}

/// What a name is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BindingKind {
    /// A function, type or variable outside of functions and types.
    Definition,
    /// A parameter, of a function or a type.
    Parameter,
    /// A variable or function inside a function.
    Local,
    /// Something of another file.
    Import,
    /// A method or field.
    Member,
}

/// A name that stands for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The name.
    pub name: String,
    /// Where it stands.
    pub range: Range<usize>,
    /// It is taken from something else, as in `a.name`.
    pub is_member: bool,
}

/// A call by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name called.
    pub name: String,
    /// The whole call.
    pub range: Range<usize>,
    /// What stands behind the name, blanks left out.
    pub arguments: String,
}

/// The parameter list of a named function, or of a constructor under the name of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What callers write.
    pub name: String,
    /// The list.
    pub range: Range<usize>,
    /// Its parameters, without the receiver.
    pub parameters: Vec<Parameter>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Callers may leave it out.
    pub is_optional: bool,
}

/// The names of a text.
pub fn names(tree: &Tree, text: &Text) -> Names {
    let mut found = Found { language: tree.language(), text, names: Names::default() };
    walk(tree, &(0..usize::MAX), |path| found.enter(path));
    found.ended()
}

/// Visits the nodes that reach into a range, each with the way to it, outer before inner; what `enters` says no to is not
/// entered.
fn walk<'a>(tree: &'a Tree, range: &Range<usize>, mut enters: impl FnMut(&[Step<'a>]) -> bool) {
    let mut cursor = tree.root().walk();
    let mut path: Vec<Step<'a>> = Vec::new();
    loop {
        let node = cursor.node();
        path.push(Step { node, field: cursor.field_name() });
        let is_inside = node.start_byte() < range.end && node.end_byte() > range.start;
        if is_inside && enters(&path) && cursor.goto_first_child() {
            continue;
        }
        loop {
            path.pop();
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// A node on the way from the root, with the field that it fills.
#[derive(Clone, Copy)]
struct Step<'a> {
    node: Node<'a>,
    field: Option<&'a str>,
}

struct Found<'a> {
    language: Language,
    text: &'a Text,
    names: Names,
}

impl Found<'_> {
    /// Takes the node at the end of `path`; says whether to look below it.
    fn enter(&mut self, path: &[Step<'_>]) -> bool {
        let Some(node) = path.last().map(|step| step.node) else { return false };
        if is_import(self.language, node) {
            for imported in import_of(node, self.language, self.text).names {
                self.bind(imported.bound, imported.range, BindingKind::Import, self.bound_in(path, 0));
            }
            return false;
        }
        if is_leaf_name(node) {
            self.name(path, node);
            return false;
        }
        self.names.signatures.extend(called::signature(path, self.text));
        true
    }

    fn name(&mut self, path: &[Step<'_>], node: Node<'_>) {
        let name = self.text.slice(node.byte_range());
        match role::role(path, &name) {
            Role::Binding { kind, depth } => {
                self.bind(name, node.byte_range(), kind, self.bound_in(path, depth));
            }
            Role::Use { is_member } => {
                if let Some(call) = called::call(path, &name, self.text) {
                    self.names.calls.push(call);
                }
                self.names.uses.push(Use { name, range: node.byte_range(), is_member });
            }
            Role::Nothing => {}
        }
    }

    fn bind(&mut self, name: String, range: Range<usize>, kind: BindingKind, visible: Range<usize>) {
        self.names.bindings.push(Binding { name, range, kind, visible });
    }

    /// The bytes of the node at a depth; what is bound at depth 0 is seen in the whole text.
    fn bound_in(&self, path: &[Step<'_>], depth: usize) -> Range<usize> {
        let step = path.get(depth).filter(|_| depth > 0);
        step.map_or(0..self.text.len() + 1, |step| step.node.byte_range())
    }

    /// The names, with the parameters of each signature.
    fn ended(mut self) -> Names {
        for signature in &mut self.names.signatures {
            let inside = |binding: &&Binding| {
                binding.kind == BindingKind::Parameter
                    && signature.range.start <= binding.range.start
                    && binding.range.end <= signature.range.end
            };
            let own = self.names.bindings.iter().filter(inside);
            let own = own.filter(|binding| !matches!(binding.name.as_str(), "self" | "cls" | "this"));
            signature.parameters =
                own.map(|binding| called::parameter(binding, &signature.range, self.text)).collect();
        }
        self.names
    }
}

fn is_import(language: Language, node: Node<'_>) -> bool {
    language.0.imports.contains(&node.kind())
}

/// A leaf that names something, in patterns too.
fn is_leaf_name(node: Node<'_>) -> bool {
    is_name(node)
        || matches!(node.kind(), "shorthand_property_identifier_pattern" | "shorthand_field_identifier")
}
