//! Findings about a result before it is offered.
//!
//! Looks at texts as they would be, never at files, and changes nothing. A finding says what an edit makes worse: what was
//! wrong before is not its business, because a grammar may be behind its language.

mod blame;
mod finding;
pub mod names;
pub mod project;
pub mod run;
mod syntax_check;
mod tools;

pub use blame::{parses_with, per_hunk};
pub use finding::{Finding, FindingKind, Severity, badge};
pub use syntax_check::{check_syntax, subset_parses};
pub use tools::{Format, Places, ToolFinding};
