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
    /// The model that is asked, by its name under `models` in the user's file; the usual one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// How much it reasons before it answers; as the model's settings say when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<model::Effort>,
}

/// Name of the model that built-in recipes use which do little, where the user has one of that name.
pub const FAST: &str = "fast";

/// The recipes that are always there, the most used first. With a fast model, those that do little are asked of it.
pub fn built_in(has_fast: bool) -> Vec<Recipe> {
    let recipe = |name: &str, title: &str, instruction: &str, scopes: &[&str]| Recipe {
        name: name.to_owned(),
        title: title.to_owned(),
        instruction: instruction.to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        model: None,
        effort: None,
    };
    let small = |recipe: Recipe| Recipe { model: has_fast.then(|| FAST.to_owned()), ..recipe };
    let code = ["function", "method", "class", "impl", "test"];
    vec![
        recipe(
            "simplify",
            "Simplify",
            "Simplify this code without changing what it does. Keep names, comments and the order of effects.",
            &code,
        ),
        small(recipe(
            "document",
            "Document",
            "Write a documentation comment in the style of this file: what comes back, units, when it fails. Change no code.",
            &["function", "method", "class", "impl"],
        )),
        recipe(
            "errors",
            "Handle errors",
            "Handle the failures that this code ignores, in the way this file handles others. Do not change what happens on success.",
            &code,
        ),
        small(recipe(
            "types",
            "Add types",
            "Add or tighten type annotations. Change nothing that runs.",
            &["function", "method", "class"],
        )),
    ]
}
