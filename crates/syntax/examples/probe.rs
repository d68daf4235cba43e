//! Scratch.
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use std::time::{Duration, Instant};
use syntax::*;
use text::{ChangeSet, Edit, Text};
fn p(path: &str, s: &str) -> (Tree, Text) {
    let text = Text::from(s);
    (Tree::parse(language_for("", path).unwrap(), &text, &Stop::never()).unwrap(), text)
}
fn main() {
    let what = std::env::args().nth(1).unwrap();
    match what.as_str() {
        "deep" => {
            let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
            let s = format!("{}1{}", "[".repeat(n), "]".repeat(n));
            let (t, x) = p("a.json", &s);
            println!("parsed");
            let i = Instant::now();
            println!("scope {:?} {:?}", scope_at(Some(&t), &x, n..n).kind, i.elapsed());
            let i = Instant::now();
            println!("ids {} {:?}", identifiers(&t, &x, &(0..x.len())).len(), i.elapsed());
            let i = Instant::now();
            println!("errors {} {:?}", error_count(&t), i.elapsed());
            let i = Instant::now();
            println!("outline {} {:?}", outline(&t, &x).len(), i.elapsed());
        }
        "wide" => {
            for (path, line) in [
                ("a.py", "x = f(1)\n"),
                ("a.py", "import os\n"),
                ("a.sql", "INSERT INTO a VALUES (1);\n"),
                ("a.py", "# c\n"),
                ("a.json", "\"k\": 1,\n"),
            ] {
                let n = 20000;
                let s =
                    if path == "a.json" { format!("{{{}\"z\": 1}}", line.repeat(n)) } else { line.repeat(n) };
                let (t, x) = p(path, &s);
                let i = Instant::now();
                let sc = scope_at(Some(&t), &x, x.len() / 2..x.len() / 2);
                println!("{path} {line:?} {:?} {} of {} {:?}", sc.kind, sc.range.len(), x.len(), i.elapsed());
                let i = Instant::now();
                let d = directives(&t, &x, &syntax::Markers::of(&x)).len();
                println!("  directives {d} {:?}", i.elapsed());
                let i = Instant::now();
                let d = outline(&t, &x).len();
                println!("  outline {d} {:?}", i.elapsed());
            }
            let s = "# ai: x\n".repeat(5000);
            let (t, x) = p("a.py", &s);
            let i = Instant::now();
            let d = directives(&t, &x, &syntax::Markers::of(&x)).len();
            println!("many directives {d} {:?}", i.elapsed());
            let s = format!("# ai: x\n{}", "# y\n".repeat(20000));
            let (t, x) = p("a.py", &s);
            let i = Instant::now();
            let d = directives(&t, &x, &syntax::Markers::of(&x)).len();
            println!("long directive {d} {:?}", i.elapsed());
        }
        "stop" => {
            for (path, s) in [
                ("a.java", "a<".repeat(20000)),
                ("a.py", format!("x = \"\"\"\n{}", "def f(a): return 'b'\n".repeat(10000))),
                ("a.tsx", format!("const a = `\n{}", "const b = <p>{c}</p>;\n".repeat(10000))),
                ("a.rs", format!("fn f() {{ \"\n{}", "let x = 'a';\n".repeat(10000))),
                ("a.js", format!("f(\"\n{}", "let x = {a: [1]};\n".repeat(10000))),
            ] {
                let x = Text::from(s);
                let i = Instant::now();
                let r = Tree::parse(
                    language_for("", path).unwrap(),
                    &x,
                    &Stop::new(Some(Duration::from_millis(50)), None),
                );
                println!("{path} stopped={} after {:?}", r.is_err(), i.elapsed());
            }
        }
        "lonecr" => {
            for path in ["a.py", "a.yaml", "a.md", "a.rb"] {
                let src = if path == "a.py" {
                    "# c\rx\nif a:\n    b = 1\n    c = 2\nd = 3\n"
                } else {
                    "# c\rx\na:\n    b: 1\n    c: 2\nd: 3\n"
                };
                let (t, x) = p(path, src);
                let ch = ChangeSet::single(x.len(), Edit::new(18..18, "zz")).unwrap();
                let after = x.apply(&ch).unwrap();
                let inc = t.edited(&ch, &x, &after).reparse(&after, &Stop::never()).unwrap();
                let (fresh, _) = p(path, &after.to_string());
                println!("{path} same={}", inc.to_sexp() == fresh.to_sexp());
            }
        }
        "file" => {
            let path = std::env::args().nth(2).unwrap();
            let s = std::fs::read_to_string(&path).unwrap();
            show(&path, &s);
        }
        _ => {}
    }
}
fn show(path: &str, s: &str) {
    let (s, r) = text::fixture::cursor(s);
    let (t, x) = p(path, &s);
    println!("{}", t.to_sexp());
    if let Some(r) = r {
        let sc = scope_at(Some(&t), &x, r);
        println!("SCOPE {} {:?}\n{}", sc.kind.label(), sc.name, x.slice(sc.range));
    }
    for d in directives(&t, &x, &syntax::Markers::of(&x)) {
        println!("DIR {:?} {:?} {:?}", d.kind, d.text, x.slice(d.range.clone()));
        let s = scope_at(Some(&t), &x, d.target..d.target);
        println!("   -> {} {:?}", s.kind.label(), s.name);
    }
    for i in outline(&t, &x) {
        println!(
            "ITEM {}{} {:?} {:?} in {:?}",
            "  ".repeat(i.depth),
            i.kind.label(),
            i.name,
            i.signature,
            i.container
        );
    }
    for i in imports(&t, &x) {
        println!("IMPORT {:?}", x.slice(i));
    }
    println!("IDS {:?}", identifiers(&t, &x, &(0..x.len())));
    println!("ERRS {:?}", errors(&t, &x));
}
