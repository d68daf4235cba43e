//! Recipes: instructions with a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A named instruction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Short name, as completed inside a directive after `/`.
    pub name: String,
    /// What the user reads in a menu.
    pub title: String,
    /// What the model is asked.
    pub instruction: String,
    /// Kinds of scope it is offered for (`function`, `class`, `test`, …); empty for all.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// The recipes that are always there, the most used first.
pub fn built_in() -> Vec<Recipe> {
    let recipe = |name: &str, title: &str, instruction: &str, scopes: &[&str]| Recipe {
        name: name.to_owned(),
        title: title.to_owned(),
        instruction: instruction.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let code = ["function", "method", "class", "impl", "test"];
    vec![
        recipe(
            "simplify",
            "Simplify",
            "Simplify this code without changing what it does. Keep names, comments and the order of effects.",
            &code,
        ),
        recipe(
            "document",
            "Document",
            "Write a documentation comment in the style of this file: what comes back, units, when it fails. Change no code.",
            &["function", "method", "class", "impl"],
        ),
        recipe(
            "errors",
            "Handle errors",
            "Handle the failures that this code ignores, in the way this file handles others. Do not change what happens on success.",
            &code,
        ),
        recipe(
            "types",
            "Add types",
            "Add or tighten type annotations. Change nothing that runs.",
            &["function", "method", "class"],
        ),
    ]
}
