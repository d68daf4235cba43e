//! Names: where they are given, where they are used, with what functions are called, what imports bring in.

use expect_test::{Expect, expect};
use syntax::{BindingKind, Stop, Tree, import_list, language_for, names};
use text::Text;

fn parse(path: &str, source: &str) -> (Tree, Text) {
    let text = Text::from(source);
    let language = language_for("", path).expect("a known language");
    (Tree::parse(language, &text, &Stop::never()).expect("a small text parses"), text)
}

/// `gives` with a letter for the kind and the lines on which a name can be seen, `uses`, `calls` and signatures.
#[track_caller]
fn check(path: &str, source: &str, expect: Expect) {
    let (tree, text) = parse(path, source);
    let found = names(&tree, &text);
    let gives = found.bindings.iter().map(|binding| {
        let kind = match binding.kind {
            BindingKind::Definition => "",
            BindingKind::Parameter => "(param)",
            BindingKind::Local => "(local)",
            BindingKind::Import => "(import)",
            BindingKind::Member => "(member)",
        };
        format!("{}{kind}", binding.name)
    });
    let uses =
        found.uses.iter().map(|found| format!("{}{}", if found.is_member { "." } else { "" }, found.name));
    let calls = found.calls.iter().map(|call| format!("{}{}", call.name, call.arguments));
    let signatures = found.signatures.iter().map(|signature| {
        let parameters = signature.parameters.iter();
        let parameters = parameters.map(|p| format!("{}{}", p.name, if p.is_optional { "?" } else { "" }));
        format!("{}({})", signature.name, parameters.collect::<Vec<_>>().join(", "))
    });
    let line = |what: &str, found: &mut dyn Iterator<Item = String>| {
        let found: Vec<String> = found.collect();
        if found.is_empty() { String::new() } else { format!("{what} {}\n", found.join(" ")) }
    };
    let shown = [
        line("gives", &mut gives.into_iter()),
        line("uses", &mut uses.into_iter()),
        line("calls", &mut calls.into_iter()),
        line("takes", &mut signatures.into_iter()),
    ];
    expect.assert_eq(&shown.concat());
}

#[track_caller]
fn check_imports(path: &str, source: &str, expect: Expect) {
    let (tree, text) = parse(path, source);
    let shown = import_list(&tree, &text).into_iter().map(|import| {
        let names = import.names.iter().map(|n| format!(" {}:{} as {}", n.module, n.name, n.bound));
        let everything = import.everything_of.map(|module| format!(" {module}:*")).unwrap_or_default();
        let line = format!("{}{everything}", names.collect::<String>());
        format!("{}\n", if line.is_empty() { "nothing" } else { line.trim_start() })
    });
    expect.assert_eq(&shown.collect::<String>());
}

#[test]
fn python_gives_and_uses() {
    check(
        "a.py",
        "import os.path as p, re\nfrom a.b import c, d as e\nLIMIT = 2\n",
        expect![[r#"
        gives p(import) re(import) c(import) e(import) LIMIT
    "#]],
    );
    check(
        "a.py",
        "class Tax:\n    base = 1\n    def __init__(self, rate, *rest, flat=0, **more):\n        self.rate = rate\n    def of(self, total: int) -> int:\n        for x, y in total.pairs():\n            z = [w for w in x]\n        return self.rate(total, key=z)\n",
        expect![[r#"
            gives Tax base(member) __init__(member) self(param) rate(param) rest(param) flat(param) more(param) rate(member) of(member) self(param) total(param) x(local) y(local) z(local) w(local)
            uses self rate int int total .pairs w x self .rate total z
            calls pairs() rate(total,key=z)
            takes Tax(rate, rest?, flat?, more?) of(total)
        "#]],
    );
    check(
        "a.py",
        "def f(a):\n    with open(a) as g:\n        if (n := g.read()):\n            h, *i = n\n    try:\n        k\n    except E as e:\n        lambda q: q + e\n",
        expect![[r#"
            gives f a(param) g(local) n(local) h(local) i(local) e(local) q(param)
            uses open a g .read n k E q e
            calls open(a) read()
            takes f(a)
        "#]],
    );
}

#[test]
fn typescript_gives_and_uses() {
    check(
        "a.ts",
        "import D, { a as b, c } from './m';\nimport * as ns from 'n';\nimport type { T } from 't';\n",
        expect![[r#"
            gives D(import) b(import) c(import) ns(import) T(import)
        "#]],
    );
    check(
        "a.tsx",
        "export const parse = (x: number, y?: string, ...z: T[]) => ns.go(x);\nfunction f({ a, b: c }, [d] = []) {\n  const { e, ...g } = a;\n  for (const k of d) { new Foo(k, { e, l: m }); }\n  return <Bar n={c}>{g}</Bar>;\n}\n",
        expect![[r#"
            gives parse x(param) y(param) z(param) f a(param) d(param) e(local) g(local) k(local)
            uses T ns .go x b c a d Foo k e m Bar c g Bar
            calls go(x) Foo(k,{e,l:m})
            takes parse(x, y?, z?) f(a, d)
        "#]],
    );
    check(
        "a.ts",
        "class A<T> {\n  x = 1;\n  constructor(private n: T) { this.y = n; }\n  m(o = 2) { return this.x; }\n}\ninterface I { p: A<T> }\ntype U = I;\nenum E { F }\n",
        expect![[r#"
            gives A T(param) x(member) constructor(member) n(param) y(member) m(member) o(param) I p(member) U E F(member)
            uses T n .x A T I
            takes A(n) m(o?)
        "#]],
    );
}

#[test]
fn go_gives_and_uses() {
    check(
        "a.go",
        "package a\nimport (\n\t\"fmt\"\n\tm \"math/rand/v2\"\n)\nconst Limit, other = 1, 2\nvar v int\ntype T struct { Name string }\n",
        expect![[r#"
            gives fmt(import) m(import) Limit other v T Name(member)
            uses int string
        "#]],
    );
    check(
        "a.go",
        "package a\nfunc (t *T) Of(a, b int, rest ...string) error {\n\tx, err := f(a)\n\tfor i, y := range x {\n\t\tt.Name = fmt.Sprint(i, y, b)\n\t}\n\treturn err\n}\n",
        expect![[r#"
            gives t(param) Of(member) a(param) b(param) rest(param) x(local) err(local) i(local) y(local)
            uses T int string error f a x t .Name fmt .Sprint i y b err
            calls f(a) Sprint(i,y,b)
            takes Of(a, b, rest?)
        "#]],
    );
}

#[test]
fn java_gives_and_uses() {
    check(
        "A.java",
        "import a.b.C;\nimport static a.D.e;\nimport f.*;\nclass A extends C {\n  int n = 1;\n  A(int x) { this.n = x; }\n  <T> int f(int a, T... b) {\n    for (var y : b) { g(y).h(n); new Z(a); }\n    try { k(); } catch (Exception e) { list.map(q -> q + 1); }\n    return a;\n  }\n}\n",
        expect![[r#"
            gives C(import) e(import) A n(member) A(member) x(param) n(member) T(param) f(member) a(param) b(param) y(local) e(param) q(param)
            uses C x T var b g y .h n Z a k Exception list .map q a
            calls g(y) h(n) Z(a) k() map(q->q+1)
            takes A(x) f(a, b?)
        "#]],
    );
}

#[test]
fn kotlin_gives_and_uses() {
    check(
        "a.kt",
        "import a.b.C\nimport d.E as F\nimport g.*\nclass A(val x: Int, y: C = C()) : B(x) {\n  val n = 1\n  fun f(a: Int, b: F = 2): T {\n    val (p, q) = g(a)\n    for (i in p) { h.k(i, name = q) }\n    return list.map { z -> z + n }\n  }\n}\nfun top(s: String) = A(1, s)\n",
        expect![[r#"
            gives C(import) F(import) A x(param) y(param) n(member) f(member) a(param) b(param) p(local) q(local) i(local) z(param) top s(param)
            uses Int C C B x Int F T g a p h .k i q list .map z n String A s
            calls C() B(x) g(a) k(i,name=q) map{z->z+n} A(1,s)
            takes A(x, y?) f(a, b?) top(s)
        "#]],
    );
}

#[test]
fn rust_gives_and_uses() {
    check(
        "a.rs",
        "use std::{fmt::{self, Write}, io as i};\nuse a::*;\nextern crate b;\nconst LIMIT: u8 = 1;\n",
        expect![[r#"
            gives fmt(import) Write(import) i(import) b(import) LIMIT
        "#]],
    );
    check(
        "a.rs",
        "struct T { x: u8 }\nenum E { A, B(u8) }\nimpl T {\n    fn of(&self, a: u8, (b, mut c): (u8, u8)) -> Option<u8> {\n        let Some(d) = f(a) else { return None };\n        match d { E::B(n) if n > LIMIT => g::h(n), other => self.x, };\n        v.iter().map(|q| q + c);\n        println!(\"{}\", b);\n        Some(T { x: d }.x)\n    }\n}\n",
        expect![[r#"
            gives T x(member) E A(member) B(member) of(member) a(param) b(param) c(param) d(local) n(local) other(local) q(param)
            uses T Option Some f a None d E .B n LIMIT g .h n .x v .iter .map q c println b Some T .x d .x
            calls f(a) h(n) iter() map(|q|q+c) Some(T{x:d}.x)
            takes of(a, b, c)
        "#]],
    );
}

#[test]
fn c_gives_and_uses() {
    check(
        "a.c",
        "#include <stdio.h>\nstatic int limit = 1;\nstruct s { int n; };\nint f(int a, char *b) {\n  int x = a, *y;\n  return g(x, limit) + b->n;\n}\n",
        expect![[r#"
            gives limit s n(member) f a(param) b(param) x(local) y(local)
            uses a g x limit b .n
            calls g(x,limit)
            takes f(a, b)
        "#]],
    );
}

#[test]
fn imports_are_read_with_their_modules() {
    check_imports(
        "a.py",
        "from __future__ import annotations\nimport a.b, c as d\nfrom .e import (f as g, h)\nfrom i import *\n",
        expect![[r#"
             __future__:annotations as annotations
             :a.b as a :c as d
             .e:f as g .e:h as h
             i:*
        "#]],
    );
    check_imports(
        "a.ts",
        "import './x';\nimport D, { a as b } from \"m\";\nimport * as n from 'n';\n",
        expect![[r#"
            nothing
            m:default as D m:a as b
            n:* as n
        "#]],
    );
    check_imports(
        "a.go",
        "package a\nimport \"fmt\"\nimport (\n\tm \"math/rand\"\n\t_ \"x.org/y.v2\"\n)\n",
        expect![[r#"
             :fmt as fmt
             :math/rand as m :x.org/y.v2 as _
        "#]],
    );
    check_imports(
        "A.java",
        "package p;\nimport a.b.C;\nimport a.d.*;\nimport static a.E.f;\n",
        expect![[r#"
             a.b:C as C
             a.d:*
             a.E:f as f
        "#]],
    );
    check_imports(
        "a.kt",
        "package p\nimport a.b.C as D\nimport a.e\n",
        expect![[r#"
             a.b:C as D
             a:e as e
        "#]],
    );
    check_imports(
        "a.rs",
        "use a::b::{self, c as d, e::{f, g}};\nuse h;\nuse i::*;\n",
        expect![[r#"
             a:b as b a::b:c as d a::b::e:f as f a::b::e:g as g
             :h as h
             i:*
        "#]],
    );
}
