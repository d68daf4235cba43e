//! The command line of the tree's tasks, called as `cargo xtask TASK`.
//!
//! Owns the names of the tasks and their flags. Must never do a task's work itself.

// Printing is what a task does.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use anyhow::Result;

fn main() -> Result<()> {
    let installed = xtask::editors::install(false)?;
    println!("{installed:#?}");
    Ok(())
}
