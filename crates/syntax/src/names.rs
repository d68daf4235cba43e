//! Which names a text binds and uses, where a bound name can be seen, and with what its functions are called.
//!
//! Owns the walk over a tree. A name is a leaf of the tree, never a piece of a line; what names mean across files is not
//! known here.

mod bound;
mod called;
mod role;

use std::ops::Range;

use text::Text;
use tree_sitter::{Node, TreeCursor};

use crate::import::import_of;
use crate::node::is_name;
use crate::{Language, Tree};
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
    let mut walk = Walk { language: tree.language(), text, path: Vec::new(), names: Names::default() };
    let mut cursor = tree.root().walk();
    walk.enter(&cursor);
    loop {
        if !walk.is_leaf() && cursor.goto_first_child() {
            walk.enter(&cursor);
            continue;
        }
        loop {
            walk.path.pop();
            if cursor.goto_next_sibling() {
                walk.enter(&cursor);
                break;
            }
            if !cursor.goto_parent() {
                return walk.ended();
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

struct Walk<'a> {
    language: Language,
    text: &'a Text,
    path: Vec<Step<'a>>,
    names: Names,
}

impl<'a> Walk<'a> {
    fn enter(&mut self, cursor: &TreeCursor<'a>) {
        let node = cursor.node();
        self.path.push(Step { node, field: cursor.field_name() });
        if self.is_import() {
            for imported in import_of(node, self.language, self.text).names {
                self.bind(imported.bound, imported.range, BindingKind::Import, self.bound_in(0));
            }
        } else if is_leaf_name(node) {
            self.name(node);
        } else if let Some(signature) = called::signature(&self.path, self.text) {
            self.names.signatures.push(signature);
        }
    }

    fn name(&mut self, node: Node<'a>) {
        let name = self.text.slice(node.byte_range());
        match role::role(&self.path, &name) {
            Role::Binding { kind, depth } => {
                self.bind(name, node.byte_range(), kind, self.bound_in(depth));
            }
            Role::Use { is_member } => {
                if let Some(call) = called::call(&self.path, &name, self.text) {
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
    fn bound_in(&self, depth: usize) -> Range<usize> {
        let step = self.path.get(depth).filter(|_| depth > 0);
        step.map_or(0..self.text.len() + 1, |step| step.node.byte_range())
    }

    fn is_import(&self) -> bool {
        self.path.last().is_some_and(|step| self.language.0.imports.contains(&step.node.kind()))
    }

    /// Whether nothing below the last node is looked at.
    fn is_leaf(&self) -> bool {
        self.is_import() || self.path.last().is_some_and(|step| is_leaf_name(step.node))
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

/// A leaf that names something, in patterns too.
fn is_leaf_name(node: Node<'_>) -> bool {
    is_name(node)
        || matches!(node.kind(), "shorthand_property_identifier_pattern" | "shorthand_field_identifier")
}
