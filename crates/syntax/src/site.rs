//! Places where a program guards itself or says something: error handling, raised errors, log calls, tests.
//!
//! Owns which constructs of each language these are. Must never say whether one is missed.

use std::ops::Range;

use text::Text;
use tree_sitter::Node;

use crate::Tree;
use crate::node::{text_of, walk};
use crate::scope::test_name;

/// One such place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// What it is.
    pub kind: SiteKind,
    /// Its bytes.
    pub range: Range<usize>,
    /// The name of a test; the first line of anything else.
    pub label: String,
}

/// What a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SiteKind {
    /// Something that deals with an error: `except`, `catch`, `finally`, `if err != nil`, `|| exit 1`.
    Handler,
    /// An error that is passed on by an operator: `?`.
    Passed,
    /// An error that is raised: `raise`, `throw`.
    Raised,
    /// Something that is logged or printed.
    Log,
    /// A test.
    Test,
}

/// Longest part of a node that is read to tell what it is, in bytes.
const HEAD_BYTES: usize = 200;

/// The sites of a text, in order.
pub fn sites(tree: &Tree, text: &Text) -> Vec<Site> {
    let mut found = Vec::new();
    let language = tree.language();
    walk(tree.root(), |node| {
        if !node.is_named() || language.is_comment(node.kind()) {
            return node.is_named() && node.child_count() > 0;
        }
        if let Some(name) = test_name(node, language, text) {
            found.push(Site { kind: SiteKind::Test, range: node.byte_range(), label: name });
        }
        let site = |kind| Site { kind, range: node.byte_range(), label: label(node, text) };
        found.extend(kind_of(node, language.name(), text).map(site));
        true
    });
    found
}

fn head(node: Node<'_>, text: &Text) -> String {
    let end = node.end_byte().min(node.start_byte() + HEAD_BYTES);
    let head = text.slice(node.start_byte()..end);
    head.lines().next().unwrap_or("").trim_end_matches(['{', ' ', ':']).to_owned()
}

fn label(node: Node<'_>, text: &Text) -> String {
    // The head of a chain of calls says nothing about its last link.
    if is_promise_handler(node, text) { "catch".to_owned() } else { head(node, text) }
}

fn kind_of(node: Node<'_>, language: &str, text: &Text) -> Option<SiteKind> {
    let field = |name: &str| node.child_by_field_name(name).map(|child| text_of(child, text));
    match node.kind() {
        "except_clause"
        | "except_group_clause"
        | "finally_clause"
        | "catch_clause"
        | "catch_block"
        | "finally_block"
        | "rescue"
        | "ensure"
        | "rescue_modifier" => Some(SiteKind::Handler),
        "raise_statement" | "throw_statement" | "throw_expression" => Some(SiteKind::Raised),
        "control_transfer_statement" => head(node, text).starts_with("throw").then_some(SiteKind::Raised),
        "try_expression" if language == "Rust" => Some(SiteKind::Passed),
        "match_arm" | "let_condition" => {
            field("pattern").is_some_and(|pattern| pattern.starts_with("Err(")).then_some(SiteKind::Handler)
        }
        "if_statement" => {
            let condition = field("condition")?;
            let is_error_check = match language {
                "Go" => condition.contains("err") && condition.contains("!= nil"),
                "C" | "C++" => is_failure(&condition) && leaves(&text_of(node, text)),
                _ => false,
            };
            is_error_check.then_some(SiteKind::Handler)
        }
        // `a || exit 1`
        "list" if language == "Bash" => {
            let written = text_of(node, text);
            let right = written.split_once("||").map(|(_, right)| right.trim().to_owned())?;
            let is_way_out = ["exit", "return", "die", "{ ", "fail"].iter().any(|way| right.starts_with(way));
            is_way_out.then_some(SiteKind::Handler)
        }
        "call_expression" if is_promise_handler(node, text) => Some(SiteKind::Handler),
        "call"
        | "call_expression"
        | "method_invocation"
        | "invocation_expression"
        | "function_call"
        | "function_call_expression"
        | "member_call_expression"
        | "scoped_call_expression"
        | "macro_invocation"
        | "command"
        | "redirected_statement" => called(&head(node, text), language, node.kind()),
        _ => None,
    }
}

/// Whether a condition of C asks if something failed.
fn is_failure(condition: &str) -> bool {
    let condition = condition.trim_matches(['(', ')', ' ']);
    condition.starts_with('!')
        || ["== NULL", "== nullptr", "< 0", "== -1"].iter().any(|end| condition.ends_with(end))
}

fn leaves(statement: &str) -> bool {
    ["return", "goto", "exit", "abort", "throw"].iter().any(|word| statement.contains(word))
}

/// What a call is, by the start of its line.
fn called(head: &str, language: &str, kind: &str) -> Option<SiteKind> {
    let callee =
        head.split(['(', ' ', '"', '\'', '{']).next().unwrap_or("").trim_end_matches(['!', '?', '.']);
    let segments: Vec<&str> =
        callee.split(['.', ':', '-', '>', '\\']).filter(|segment| !segment.is_empty()).collect();
    let (first, last) = (segments.first().copied()?, segments.last().copied()?);
    if matches!((language, callee), ("Lua", "pcall" | "xpcall") | ("Bash", "trap"))
        || language == "Bash" && ["set -e", "set -o errexit"].iter().any(|start| head.starts_with(start))
    {
        return Some(SiteKind::Handler);
    }
    if matches!(
        (language, callee),
        ("Ruby", "raise" | "fail") | ("Lua", "error") | ("Rust", "bail" | "anyhow::bail")
    ) {
        return Some(SiteKind::Raised);
    }
    const LOGGERS: [&str; 10] =
        ["log", "logger", "logging", "console", "slog", "tracing", "_logger", "_log", "syslog", "nslog"];
    const PRINTERS: [&str; 16] = [
        "print",
        "println",
        "eprintln",
        "eprint",
        "printf",
        "fprintf",
        "puts",
        "pp",
        "dbg",
        "NSLog",
        "os_log",
        "error_log",
        "var_dump",
        "print_r",
        "warn",
        "Println",
    ];
    let is_logger =
        |segment: &&str| LOGGERS.contains(&segment.trim_start_matches('$').to_lowercase().as_str());
    let is_method = segments.len() > 1;
    let is_log = match language {
        "Bash" => kind == "redirected_statement" && head.contains(">&2") || callee == "logger",
        "Rust" => {
            kind == "macro_invocation"
                && (is_method && is_logger(&first)
                    || matches!(
                        last,
                        "info" | "warn" | "error" | "debug" | "trace" | "println" | "eprintln" | "dbg"
                    ))
        }
        "Ruby" if matches!(callee, "warn" | "puts" | "p" | "pp" | "print") => true,
        _ => {
            is_method && segments.iter().rev().skip(1).any(is_logger)
                || !is_method && last != "warn" && PRINTERS.contains(&last)
                || matches!(
                    callee,
                    "fmt.Println" | "fmt.Printf" | "System.out.println" | "System.err.println"
                )
                || matches!(callee, "Console.WriteLine" | "Console.Error.WriteLine" | "fmt.Fprintf")
        }
    };
    is_log.then_some(SiteKind::Log)
}

/// Whether a call is `….catch(…)` or `….finally(…)`.
fn is_promise_handler(node: Node<'_>, text: &Text) -> bool {
    let property =
        node.child_by_field_name("function").and_then(|function| function.child_by_field_name("property"));
    property.is_some_and(|property| matches!(text_of(property, text).as_str(), "catch" | "finally"))
}
