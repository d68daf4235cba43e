//! A tree as deep as one likes costs no stack: what is asked of one ends, on a thread with a small one.

use syntax::{Stop, Tree, language_for};
use text::Text;

const STACK_BYTES: usize = 256 * 1024;
const DEPTH: usize = 4_000;

/// Asks everything of a deep text on a thread of its own.
fn check(path: &'static str, head: &str, open: &str, close: &str, tail: &str) {
    let source = format!("{head}{}{}{tail}", open.repeat(DEPTH), close.repeat(DEPTH));
    let ask = move || {
        let text = Text::from(source.as_str());
        let language = language_for("", path).expect("known");
        let tree = Tree::parse(language, &text, &Stop::never()).expect("it parses");
        let all = 0..text.len();
        syntax::outline(&tree, &text);
        syntax::imports(&tree, &text);
        syntax::import_list(&tree, &text);
        syntax::identifiers(&tree, &text, &all);
        syntax::errors(&tree, &text);
        syntax::error_count(&tree);
        syntax::references(&tree, &text, &all);
        syntax::names(&tree, &text);
        syntax::bound_names(&tree, &text);
        syntax::comments(&tree, &text);
        syntax::scope_at(Some(&tree), &text, all.start..all.start);
        syntax::borders(&tree, &text, &all);
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(ask).expect("a thread");
    thread.join().expect("it ends");
}

#[test]
fn blocks() {
    check("a.rs", "fn f() {\n", "{\n", "}\n", "}\n");
}

#[test]
fn parentheses() {
    check("a.py", "x = ", "(", ")", "\n");
    check("a.ts", "const x = ", "(", ")", ";\n");
}

#[test]
fn calls() {
    check("a.go", "package p\nvar x = ", "f(", ")", "\n");
}

#[test]
fn what_is_never_closed() {
    check("a.java", "class A { int f() { return ", "g(", "", "");
}
