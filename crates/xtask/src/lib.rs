//! Tasks of the tree: the test command, tidy, code generation, the editors that tests drive, what is released.
//!
//! Owns nothing that is shipped. Must never be depended on by another crate.

// Printing is what a task does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod cargo;
pub mod catalog;
pub mod codegen;
pub mod dist;
pub mod editors;
pub mod kakoune;
pub mod lua;
pub mod picture;
mod program;
pub mod secret_rules;
pub mod suite;
pub mod tidy;
pub mod vscode;
