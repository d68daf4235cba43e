//! Facts: what files define, import and use, by language.

use expect_test::{Expect, expect};
use syntax::{Facts, Stop, Tree, language_for};
use text::Text;

/// One line per definition: `kind container.name line first-last ..signature's last line: words of the signature`, then imports.
#[track_caller]
fn check(path: &str, source: &str, expect: Expect) {
    expect.assert_eq(&shown(&read(path, source)));
}

#[track_caller]
fn read(path: &str, source: &str) -> Facts {
    let language = language_for("", path).expect("a known language");
    let facts = Facts::read(language, source, &Stop::never()).expect("a small text is read");
    let text = Text::from(source);
    let tree = Tree::parse(language, &text, &Stop::never()).expect("a small text parses");
    assert_eq!(facts, Facts::of(&tree, &text), "of a tree and of bytes");
    facts
}

fn shown(facts: &Facts) -> String {
    let mut shown = String::new();
    for definition in &facts.definitions {
        let kind = format!("{:?}", definition.kind).to_lowercase();
        let container = definition.container.map(|id| format!("{}.", facts.string(id))).unwrap_or_default();
        let words: Vec<&str> = definition.signature.iter().map(|id| facts.string(*id)).collect();
        shown += &format!(
            "{kind} {container}{} {} {}-{} ..{}: {}\n",
            facts.string(definition.name),
            definition.line,
            definition.lines.start,
            definition.lines.end - 1,
            definition.signature_end - 1,
            words.join(" "),
        );
    }
    for import in &facts.imports {
        let string = |id: Option<u32>| id.map_or("*", |id| facts.string(id));
        shown += &format!(
            "import {} as {} from {} {}\n",
            string(import.name),
            string(import.bound),
            facts.string(import.module),
            import.line,
        );
    }
    shown
}

#[test]
fn python() {
    check(
        "a.py",
        "import os.path, re as r\nfrom ..a import b as c, d\nfrom x import *\n\nif TYPE_CHECKING:\n    from y import (\n        Z,\n    )\n    LIMIT: int = 3\nelse:\n    LIMIT = 4\n\n@wraps\n@other(1)\nclass Tax(Base):\n    rate = 1\n    name: str\n    def __init__(\n        self, rate: Rate\n    ) -> None:\n        import late\n        self.rate = rate\n        self.total: Total = 0\n        if self.total == 1:\n            self.deep = self.total = 2\n\n    class Inner:\n        def f(self): self.x = 1\n\n    @property\n    def of(self):\n        \"\"\"self.doc = 1\"\"\"\n        x = 1\n        def local(): pass\n        return x\n\ndef top(a, b=1): return a\ntry:\n    def tried(): pass\nexcept E:\n    other = 1\na.b = 1\nx, y = 1, 2\n",
        expect![[r#"
            constant LIMIT 8 8-8 ..8: int
            class Tax 14 12-34 ..14: class Base
            field Tax.rate 15 15-15 ..15: 
            field Tax.name 16 16-16 ..16: str
            method Tax.__init__ 17 17-24 ..19: def self rate Rate None
            field Tax.total 22 22-22 ..22: self Total
            field Tax.deep 24 24-24 ..24: self total
            class Tax.Inner 26 26-27 ..26: class
            method Inner.f 27 27-27 ..27: def self x
            field Inner.x 27 27-27 ..27: def f self
            method Tax.of 30 29-34 ..30: def self
            function top 36 36-36 ..36: def a b return
            function tried 38 38-38 ..38: def pass
            constant other 40 40-40 ..40: 
            import * as os from os.path 0
            import * as r from re 0
            import b as c from ..a 1
            import d as d from ..a 1
            import * as * from x 2
            import Z as Z from y 5
            import * as late from late 20
        "#]],
    );
}

#[test]
fn typescript() {
    check(
        "a.ts",
        "import d, { a, b as c } from \"./m\";\nimport * as ns from 'n';\nimport type { T } from \"t\";\nimport \"side\";\nexport { x, y as z } from \"./r\";\nexport * from \"./all\";\nexport * as every from \"./e\";\nconst fs = require(\"fs\");\n\n@Component({})\nexport class Tax<T> extends Base implements I {\n  #rate: number = 1;\n  handler = async (e: Event) => {\n    const inner = 1;\n  };\n  constructor(private readonly http: Http, plain: string) {\n    super();\n  }\n  @Input()\n  get total(): Total { return 1; }\n  [key]() {}\n  abstract f(): void;\n}\nexport default function main(a: A): B {\n  function local() {}\n}\nexport interface Shape { area(): number; name?: string; (x: X): Y }\ntype Props = Base & Readonly<{ id: string; run(): void }>;\nexport enum Color { Red, Green = \"g\" }\nexport const make = ((a: A) => a) satisfies F, LIMIT = 3;\nconst Memo = React.memo(() => { return 1; });\nconst routes = {\n  home: \"/\",\n  show() {},\n  \"quoted\": 1,\n} as const;\nnamespace N { export function inside(): void; let v = 1; }\ndeclare module \"m\" { function ambient(): void }\ndeclare function g(): void;\nfunction over(a: string): void;\nfunction over(a: any) {}\n",
        expect![[r#"
            constant fs 7 7-7 ..7: const require
            class Tax 10 9-22 ..10: export class T extends Base implements I
            field Tax.#rate 11 11-11 ..11: rate number
            method Tax.handler 12 12-14 ..12: async e Event
            constructor Tax.constructor 15 15-17 ..15: private readonly http Http plain string
            field Tax.http 15 15-15 ..15: constructor private readonly Http plain string
            method Tax.total 19 18-19 ..19: get Total return
            method Tax.f 21 21-21 ..21: abstract void
            function main 23 23-25 ..23: export default function a A B
            interface Shape 26 26-26 ..26: export interface area number name string x X Y
            method Shape.area 26 26-26 ..26: export interface Shape number name string x X Y
            field Shape.name 26 26-26 ..26: export interface Shape area number string x X Y
            type Props 27 27-27 ..27: type Base Readonly id string run void
            field Props.id 27 27-27 ..27: type Props Base Readonly string run void
            method Props.run 27 27-27 ..27: type Props Base Readonly id string void
            enum Color 28 28-28 ..28: export enum Red Green g
            variant Color.Red 28 28-28 ..28: export enum Color Green g
            variant Color.Green 28 28-28 ..28: export enum Color Red g
            function make 29 29-29 ..29: export const a A satisfies F LIMIT
            constant LIMIT 29 29-29 ..29: export const make a A satisfies F
            function Memo 30 30-30 ..30: const React memo return
            constant routes 31 31-35 ..35: const home show quoted as
            property routes.home 32 32-32 ..32: 
            property routes.show 33 33-33 ..33: 
            function inside 36 36-36 ..36: namespace N export function void let v
            constant v 36 36-36 ..36: namespace N export function inside void let
            function ambient 37 37-37 ..37: declare module m function void
            function g 38 38-38 ..38: declare function void
            function over 39 39-39 ..39: function a string void
            function over 40 40-40 ..40: function a any
            import default as d from ./m 0
            import a as a from ./m 0
            import b as c from ./m 0
            import * as ns from n 1
            import T as T from t 2
            import * as * from side 3
            import x as x from ./r 4
            import y as z from ./r 4
            import * as * from ./all 5
            import * as every from ./e 6
            import * as fs from fs 7
        "#]],
    );
}

#[test]
fn tsx() {
    check(
        "a.tsx",
        "export const View: FC<Props> = ({ a }) => {\n  return <b>{a}</b>;\n};\n",
        expect![[r#"
            function View 0 0-2 ..0: export const FC Props a
        "#]],
    );
}

#[test]
fn javascript() {
    check(
        "a.js",
        "const { a, b: c } = require('m');\nimport d from 'd';\nclass P {\n  constructor(x) {\n    this.x = x;\n    this.y = this.x = 1;\n  }\n  move() { this.z = 1; }\n}\nclass Q { w = 1; constructor() { this.v = 1; } }\nmodule.exports.go = function () {};\nexports.LIMIT = 3;\nfunction* gen() {}\nvar old = 1;\n",
        expect![[r#"
            class P 2 2-8 ..2: class
            constructor P.constructor 3 3-6 ..3: x
            field P.x 4 4-4 ..4: this
            field P.y 5 5-5 ..5: this x
            method P.move 7 7-7 ..7: this z
            class Q 9 9-9 ..9: class w constructor this v
            field Q.w 9 9-9 ..9: class Q constructor this v
            constructor Q.constructor 9 9-9 ..9: class Q w this v
            function go 10 10-10 ..10: module exports function
            constant LIMIT 11 11-11 ..11: exports
            function gen 12 12-12 ..12: function
            constant old 13 13-13 ..13: var
            import a as a from m 0
            import b as c from m 0
            import default as d from d 1
        "#]],
    );
}

#[test]
fn go() {
    check(
        "a.go",
        "package a\n\nimport \"fmt\"\nimport (\n\tx \"a/b/v2\"\n\t\"c/d/v3\"\n\t. \"e\"\n)\n\nconst Limit, other = 1, 2\nconst (\n\tA = iota\n\t_\n\tB\n)\nvar one int\nvar (\n\ttwo, three = 1, 2\n)\n\n// Tax is.\ntype Tax[T any] struct {\n\tBase\n\tRate, Flat float64 `json:\"r\"`\n\tinner struct{ x int }\n}\ntype (\n\tShape interface {\n\t\tArea(r Unit) Size\n\t}\n\tID = string\n)\n\nfunc (t *Tax[T]) Total(\n\ta int,\n) (Sum, error) {\n\tvar local int\n\treturn 0, nil\n}\n\nfunc main() {}\n",
        expect![[r#"
            constant Limit 9 9-9 ..9: const other
            constant A 11 11-11 ..11: iota
            constant B 13 13-13 ..13: 
            variable one 15 15-15 ..15: var int
            variable two 17 17-17 ..17: three
            variable three 17 17-17 ..17: two
            struct Tax 21 21-25 ..21: type T any struct
            field Tax.Rate 23 23-23 ..23: Flat float64 json r
            field Tax.Flat 23 23-23 ..23: Rate float64 json r
            field Tax.inner 24 24-24 ..24: struct x int
            interface Shape 27 27-29 ..27: interface
            method Shape.Area 28 28-28 ..28: r Unit Size
            type ID 30 30-30 ..30: string
            method Tax.Total 33 33-38 ..35: func t Tax T a int Sum error
            function main 40 40-40 ..40: func
            import * as fmt from fmt 2
            import * as x from a/b/v2 4
            import * as d from c/d/v3 5
            import * as * from e 6
        "#]],
    );
}

#[test]
fn java() {
    check(
        "A.java",
        "package p;\nimport a.b.C;\nimport static a.b.C.m;\nimport a.d.*;\n\n@Ann\npublic class Tax<T> extends Base {\n    private static final int A = 1, B = 2;\n    @Override\n    public Sum total(int a)\n            throws E {\n        int local = 1;\n        return null;\n    }\n    Tax() {}\n    enum Kind { RED, GREEN { void f() {} }; int n; }\n    interface I { int LIMIT = 1; void g(); }\n}\nrecord P(int x, Name y) { P {} }\n@interface Mark { String value(); }\n",
        expect![[r#"
            class Tax 6 5-17 ..6: public class T extends Base
            field Tax.A 7 7-7 ..7: private static final int B
            field Tax.B 7 7-7 ..7: private static final int A
            method Tax.total 9 8-13 ..10: public Sum int a throws E
            constructor Tax.Tax 14 14-14 ..14: 
            enum Tax.Kind 15 15-15 ..15: enum RED GREEN void f int n
            variant Kind.RED 15 15-15 ..15: enum Kind GREEN void f int n
            variant Kind.GREEN 15 15-15 ..15: enum Kind RED void f int n
            method GREEN.f 15 15-15 ..15: enum Kind RED GREEN void int n
            field Kind.n 15 15-15 ..15: enum Kind RED GREEN void f int
            interface Tax.I 16 16-16 ..16: interface int LIMIT void g
            field I.LIMIT 16 16-16 ..16: interface I int void g
            method I.g 16 16-16 ..16: interface I int LIMIT void
            class P 18 18-18 ..18: record int x Name y
            field P.x 18 18-18 ..18: record P int Name y
            field P.y 18 18-18 ..18: record P int x Name
            constructor P.P 18 18-18 ..18: record int x Name y
            class Mark 19 19-19 ..19: interface String value
            method Mark.value 19 19-19 ..19: interface Mark String
            import C as C from a.b 1
            import m as m from a.b.C 2
            import * as * from a.d 3
        "#]],
    );
}

#[test]
fn rust() {
    check(
        "a.rs",
        "use std::{fmt::{self, Display as D}, io::*};\nuse a::b::{self as c};\nuse one;\n\n#[derive(Debug)]\n// why\n#[serde(x)]\npub struct Tax<T> {\n    pub rate: Rate,\n}\nstruct Unit;\nstruct Pair(A, B);\nenum Shape { Dot, Box { w: W }, At(P) }\ntrait Area: Base {\n    type Out;\n    const N: usize;\n    fn area(&self) -> Size;\n}\nimpl<'a, T> Area for &'a mut m::Tax<T> {\n    type Out = X;\n    fn area(\n        &self,\n    ) -> Size {\n        use late::L;\n        fn local() {}\n    }\n}\nconst LIMIT: u8 = 1;\nstatic mut S: u8 = 1;\nconst _: () = ();\ntype Alias<T> = Vec<T>;\nmacro_rules! mac { () => {} }\nmod inner { pub fn f() {} }\nmod other;\n#[cfg(test)]\nmod checks { fn t() {} }\nmod tests { fn t() {} }\n#[tokio::test]\nfn t() {}\n#[cfg(not(test))]\nfn kept() {}\n",
        expect![[r#"
            struct Tax 7 4-9 ..7: pub struct T
            field Tax.rate 8 8-8 ..8: pub Rate
            struct Unit 10 10-10 ..10: struct
            struct Pair 11 11-11 ..11: struct A B
            enum Shape 12 12-12 ..12: enum Dot Box w W At P
            variant Shape.Dot 12 12-12 ..12: enum Shape Box w W At P
            variant Shape.Box 12 12-12 ..12: enum Shape Dot w W At P
            field Box.w 12 12-12 ..12: enum Shape Dot Box W At P
            variant Shape.At 12 12-12 ..12: enum Shape Dot Box w W P
            trait Area 13 13-17 ..13: trait Base
            type Area.Out 14 14-14 ..14: type
            field Area.N 15 15-15 ..15: const usize
            method Area.area 16 16-16 ..16: fn self Size
            type Tax.Out 19 19-19 ..19: type X
            method Tax.area 20 20-25 ..22: fn self Size
            constant LIMIT 27 27-27 ..27: const u8
            constant S 28 28-28 ..28: static mut u8
            type Alias 30 30-30 ..30: type T Vec
            macro mac 31 31-31 ..31: macro_rules
            function f 32 32-32 ..32: mod inner pub fn
            function kept 40 39-40 ..40: fn
            import * as * from std::io 0
            import fmt as fmt from std 0
            import Display as D from std::fmt 0
            import b as c from a 1
            import * as one from one 2
            import L as L from late 23
        "#]],
    );
}
