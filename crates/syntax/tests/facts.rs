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
        let words: Vec<&str> = facts.signature_of(definition).iter().map(|id| facts.string(*id)).collect();
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
        "import os.path, re as r\nfrom ..a import b as c, d\nfrom x import *\n\nif TYPE_CHECKING:\n    from y import (\n        Z,\n    )\n    LIMIT: int = 3\nelse:\n    LIMIT = 4\n\n@wraps\n@other(1)\nclass Tax(Base):\n    rate = 1\n    name: str\n    def __init__(\n        self, rate: Rate\n    ) -> None:\n        import late\n        self.rate = rate\n        self.total: Total = 0\n        if self.total == 1:\n            self.deep = self.total = 2\n\n    class Inner:\n        def f(self): self.x = 1\n\n    @property\n    def of(self):\n        \"\"\"self.doc = 1\"\"\"\n        x = 1\n        def local(): pass\n        return x\n\ndef top(a, b=1): return a\ntry:\n    def tried(): pass\nexcept E:\n    other = 1\na.b = 1\nx, y = 1, 2\ntype Al = int\n",
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
            type Al 43 43-43 ..43: type int
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
        "import d, { a, b as c } from \"./m\";\nimport * as ns from 'n';\nimport type { T } from \"t\";\nimport \"side\";\nexport { x, y as z } from \"./r\";\nexport * from \"./all\";\nexport * as every from \"./e\";\nconst fs = require(\"fs\");\n\n@Component({})\nexport class Tax<T> extends Base implements I {\n  #rate: number = 1;\n  handler = async (e: Event) => {\n    const inner = 1;\n  };\n  constructor(private readonly http: Http, plain: string) {\n    super();\n  }\n  @Input()\n  get total(): Total { return 1; }\n  [key]() {}\n  abstract f(): void;\n}\nexport default function main(a: A): B {\n  function local() {}\n}\nexport interface Shape { area(): number; name?: string; (x: X): Y }\ntype Props = Base & Readonly<{ id: string; run(): void }>;\nexport enum Color { Red, Green = \"g\" }\nexport const make = ((a: A) => a) satisfies F, LIMIT = 3;\nconst Memo = React.memo(() => { return 1; });\nconst routes = {\n  home: \"/\",\n  show() {},\n  \"quoted\": 1,\n} as const;\nnamespace N { export function inside(): void; let v = 1; }\ndeclare module \"m\" { function ambient(): void }\ndeclare global { interface Window { api: Api } }\ndeclare function g(): void;\nfunction over(a: string): void;\nfunction over(a: any) {}\n",
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
            enum Color 28 28-28 ..28: export enum Red Green
            variant Color.Red 28 28-28 ..28: export enum Color Green
            variant Color.Green 28 28-28 ..28: export enum Color Red
            function make 29 29-29 ..29: export const a A satisfies F LIMIT
            constant LIMIT 29 29-29 ..29: export const make a A satisfies F
            function Memo 30 30-30 ..30: const React memo return
            constant routes 31 31-35 ..35: const home show as
            property routes.home 32 32-32 ..32: 
            property routes.show 33 33-33 ..33: 
            function inside 36 36-36 ..36: namespace N export function void let v
            constant v 36 36-36 ..36: namespace N export function inside void let
            function ambient 37 37-37 ..37: declare module function void
            interface Window 38 38-38 ..38: declare global interface api Api
            field Window.api 38 38-38 ..38: declare global interface Window Api
            function g 39 39-39 ..39: declare function void
            function over 40 40-40 ..40: function a string void
            function over 41 41-41 ..41: function a any
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
            field Tax.Rate 23 23-23 ..23: Flat float64
            field Tax.Flat 23 23-23 ..23: Rate float64
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

#[test]
fn kotlin() {
    check(
        "a.kt",
        "package p.q\nimport a.b.C\nimport a.b.D as E\nimport a.c.*\nimport single\n@Ann\nclass Tax<T>(val rate: Rate, private var flat: Int = 0, plain: String) : Base(rate), I {\n    val total: Int = 1\n    private var x: Y? = null\n    constructor(a: Int) : this(a, 2) {\n        f()\n    }\n    companion object {\n        const val LIMIT = 3\n    }\n    object Named {\n        fun f() {}\n    }\n}\nenum class Kind(val n: Int) {\n    RED(1),\n    GREEN(2) {\n        override fun g() {}\n    };\n\n    fun h() {}\n}\ninterface Shape {\n    fun area(): Size\n}\nfun interface Fn {\n    fun run()\n}\ntypealias Al = Map<String, Int>\nobject Single {\n    val y = 1\n}\nannotation class Mark(val value: String)\nfun <T> List<T>.ext(): T = first()\nval top = 1\nvar other: Int = 2\n",
        expect![[r#"
            class Tax 6 5-18 ..6: class T val rate Rate private var flat Int plain String Base I
            field Tax.rate 6 6-6 ..6: class Tax T val Rate private var flat Int plain String Base I
            field Tax.flat 6 6-6 ..6: class Tax T val rate Rate private var Int plain String Base I
            field Tax.total 7 7-7 ..7: val Int
            field Tax.x 8 8-8 ..8: private var Y null
            constructor Tax.constructor 9 9-11 ..9: a Int this
            field Tax.LIMIT 13 13-13 ..13: const val
            class Tax.Named 15 15-17 ..15: object
            method Named.f 16 16-16 ..16: fun
            enum Kind 19 19-26 ..19: enum class val n Int
            field Kind.n 19 19-19 ..19: enum class Kind val Int
            variant Kind.RED 20 20-20 ..20: 
            variant Kind.GREEN 21 21-23 ..21: 
            method GREEN.g 22 22-22 ..22: override fun
            method Kind.h 25 25-25 ..25: fun
            interface Shape 27 27-29 ..27: interface
            method Shape.area 28 28-28 ..28: fun Size
            interface Fn 30 30-32 ..30: fun interface
            method Fn.run 31 31-31 ..31: fun
            type Al 33 33-33 ..33: typealias Map String Int
            class Single 34 34-36 ..34: object
            field Single.y 35 35-35 ..35: val
            class Mark 37 37-37 ..37: annotation class val value String
            field Mark.value 37 37-37 ..37: annotation class Mark val String
            function ext 38 38-38 ..38: fun T List first
            constant top 39 39-39 ..39: val
            variable other 40 40-40 ..40: var Int
            import C as C from a.b 1
            import D as E from a.b 2
            import * as * from a.c 3
            import * as single from single 4
        "#]],
    );
}

#[test]
fn c() {
    check(
        "a.c",
        "#include <stdio.h>\n#include \"a/x.h\"\n#define LIMIT 3\n#define MAX(a, b) ((a) > (b) ? (a) : (b))\n#ifdef X\nint guarded(void);\n#else\nstatic int other_guarded(int a) { return a; }\n#endif\ntypedef struct node { int x, *y; struct { int z; } in; unsigned bits : 3; } Node;\ntypedef struct { int w; } Anon;\ntypedef int (*callback)(int a);\ntypedef unsigned long ulong_t, *pulong;\nstruct point { float px; char name[10]; int (*fn)(int); };\nunion u { int a; };\nenum color { RED, GREEN = 2 };\ntypedef enum { ONE, TWO } Num;\nstruct fwd;\nstatic int count = 0, total;\nextern const char *names[];\nint proto(int a, char *b);\nchar *ptr_proto(void), *second(void);\nstruct point *\nmake_point(int x)\n{\n    int local = 1;\n    return 0;\n}\nextern \"C\" { int c_fn(void); }\n",
        expect![[r#"
            macro LIMIT 2 2-2 ..2: define
            macro MAX 3 3-3 ..3: define a b
            function guarded 5 5-5 ..5: int void
            function other_guarded 7 7-7 ..7: static int a return
            type Node 9 9-9 ..9: typedef struct node int x y z in unsigned bits
            struct node 9 9-9 ..9: typedef struct int x y z in unsigned bits Node
            field node.x 9 9-9 ..9: typedef struct node int y z in unsigned bits Node
            field node.y 9 9-9 ..9: typedef struct node int x z in unsigned bits Node
            field node.in 9 9-9 ..9: typedef struct node int x y z unsigned bits Node
            field node.bits 9 9-9 ..9: typedef struct node int x y z in unsigned Node
            struct Anon 10 10-10 ..10: typedef struct int w
            field Anon.w 10 10-10 ..10: typedef struct int Anon
            type callback 11 11-11 ..11: typedef int a
            type ulong_t 12 12-12 ..12: typedef unsigned long pulong
            type pulong 12 12-12 ..12: typedef unsigned long ulong_t
            struct point 13 13-13 ..13: struct float px char name int fn
            field point.px 13 13-13 ..13: struct point float char name int fn
            field point.name 13 13-13 ..13: struct point float px char int fn
            field point.fn 13 13-13 ..13: struct point float px char name int
            struct u 14 14-14 ..14: union int a
            field u.a 14 14-14 ..14: union u int
            enum color 15 15-15 ..15: enum RED GREEN
            variant color.RED 15 15-15 ..15: enum color GREEN
            variant color.GREEN 15 15-15 ..15: enum color RED
            enum Num 16 16-16 ..16: typedef enum ONE TWO
            variant Num.ONE 16 16-16 ..16: typedef enum TWO Num
            variant Num.TWO 16 16-16 ..16: typedef enum ONE Num
            variable count 18 18-18 ..18: static int total
            variable total 18 18-18 ..18: static int count
            constant names 19 19-19 ..19: extern const char
            function proto 20 20-20 ..20: int a char b
            function ptr_proto 21 21-21 ..21: char void second
            function second 21 21-21 ..21: char ptr_proto void
            function make_point 23 22-27 ..24: int x
            function c_fn 28 28-28 ..28: extern int void
            import * as * from stdio.h 0
            import * as * from a/x.h 1
        "#]],
    );
}

#[test]
fn cpp() {
    check(
        "a.cpp",
        "#include <vector>\nusing namespace std;\nusing Al = std::vector<int>;\nnamespace n::m {\ntemplate <typename T>\nclass Tax : public Base {\npublic:\n  Tax(int a);\n  explicit Tax() : rate_(1) {}\n  ~Tax();\n  virtual int total(int a) const = 0;\n  int inline_one() { return 1; }\n  Tax& operator+(const Tax& o);\n  static const int LIMIT = 3;\n  int rate_, *other_;\n  enum class Kind { A, B };\n  struct In { int z; };\n  union { int raw; };\n  friend class F;\n  template <class U> void tmpl(U u);\n  using Type = int;\n  int arr[3];\n  std::function<void(int)> cb;\n};\n}\nint n::Tax::total(int a) const { return 1; }\nTax<T>::Tax(int a) {}\ntemplate <typename T> T free_fn(T a) { return a; }\ntemplate <typename T> int Tax<T>::of() { return 1; }\nstatic int g = 1;\nconstexpr int K = 2;\nextern \"C\" { int c_fn(void); }\nextern \"C\" int d_fn(void);\nnamespace { int hidden() { return 1; } }\ninline auto lam = [](int a) { return a; };\nconcept Foo = true;\nint& ref_fn();\nstd::string n::str_fn(int) { return \"\"; }\n",
        expect![[r#"
            type Al 2 2-2 ..2: using std vector int
            class Tax 5 4-23 ..5: class public Base
            constructor Tax.Tax 7 7-7 ..7: int a
            constructor Tax.Tax 8 8-8 ..8: explicit rate_
            method Tax.~Tax 9 9-9 ..9: Tax
            method Tax.total 10 10-10 ..10: virtual int a const
            method Tax.inline_one 11 11-11 ..11: int return
            method Tax.operator+ 12 12-12 ..12: Tax operator const o
            field Tax.LIMIT 13 13-13 ..13: static const int
            field Tax.rate_ 14 14-14 ..14: int other_
            field Tax.other_ 14 14-14 ..14: int rate_
            enum Tax.Kind 15 15-15 ..15: enum class A B
            variant Kind.A 15 15-15 ..15: enum class Kind B
            variant Kind.B 15 15-15 ..15: enum class Kind A
            struct Tax.In 16 16-16 ..16: struct int z
            field In.z 16 16-16 ..16: struct In int
            field Tax.raw 17 17-17 ..17: union int
            method Tax.tmpl 19 19-19 ..19: template class U void u
            type Tax.Type 20 20-20 ..20: using int
            field Tax.arr 21 21-21 ..21: int
            field Tax.cb 22 22-22 ..22: std function void int
            method Tax.total 25 25-25 ..25: int n Tax a const return
            constructor Tax.Tax 26 26-26 ..26: T int a
            function free_fn 27 27-27 ..27: template typename T a return
            method Tax.of 28 28-28 ..28: template typename T int Tax return
            variable g 29 29-29 ..29: static int
            constant K 30 30-30 ..30: constexpr int
            function c_fn 31 31-31 ..31: extern int void
            function d_fn 32 32-32 ..32: extern int void
            function hidden 33 33-33 ..33: namespace int return
            variable lam 34 34-34 ..34: inline auto int a return
            type Foo 35 35-35 ..35: concept true
            function ref_fn 36 36-36 ..36: int
            method n.str_fn 37 37-37 ..37: std string n int return
            import * as * from vector 0
        "#]],
    );
}

#[test]
fn csharp() {
    check(
        "a.cs",
        "using System;\nusing static System.Math;\nusing A = System.Text.B;\nglobal using X.Y;\nnamespace N.M\n{\n    [Attr]\n    public class Tax<T> : Base, I where T : new()\n    {\n        private readonly int rate = 1, flat;\n        public const int LIMIT = 3;\n        public string Name { get; set; }\n        public int this[int i] => 1;\n        public event Handler Ev;\n        public Tax(int a) : base(a) { }\n        ~Tax() {}\n        [Attr2]\n        public Sum Total(int a)\n        {\n            int local = 1;\n            return null;\n        }\n        public static Tax operator +(Tax a, Tax b) => a;\n        public delegate void D(int a);\n        enum Kind { Red, Green = 2 }\n        struct In { public int z; }\n    }\n    interface I2 { void F(); int P { get; } }\n    public record P(int X, string Y);\n    record struct RS(int Z);\n    record class RC { }\n}\nnamespace File.Scoped;\ndelegate int Top(int a);\nclass C2(int prim) { }\n",
        expect![[r#"
            class Tax 7 6-26 ..8: public class T Base I where new
            field Tax.rate 9 9-9 ..9: private readonly int flat
            field Tax.flat 9 9-9 ..9: private readonly int rate
            field Tax.LIMIT 10 10-10 ..10: public const int
            field Tax.Name 11 11-11 ..11: public string get set
            field Tax.Ev 13 13-13 ..13: public event Handler
            constructor Tax.Tax 14 14-14 ..14: public int a base
            method Tax.Total 17 16-21 ..18: public Sum int a
            type Tax.D 23 23-23 ..23: public delegate void int a
            enum Tax.Kind 24 24-24 ..24: enum Red Green
            variant Kind.Red 24 24-24 ..24: enum Kind Green
            variant Kind.Green 24 24-24 ..24: enum Kind Red
            struct Tax.In 25 25-25 ..25: struct public int z
            field In.z 25 25-25 ..25: struct In public int
            interface I2 27 27-27 ..27: interface void F int P get
            method I2.F 27 27-27 ..27: interface I2 void int P get
            field I2.P 27 27-27 ..27: interface I2 void F int get
            class P 28 28-28 ..28: public record int X string Y
            field P.X 28 28-28 ..28: public record P int string Y
            field P.Y 28 28-28 ..28: public record P int X string
            class RS 29 29-29 ..29: record struct int Z
            field RS.Z 29 29-29 ..29: record struct RS int
            class RC 30 30-30 ..30: record class
            type Top 33 33-33 ..33: delegate int a
            class C2 34 34-34 ..34: class int prim
            import * as * from System 0
            import * as * from System.Math 1
            import B as A from System.Text 2
            import * as * from X.Y 3
        "#]],
    );
}

#[test]
fn ruby() {
    check(
        "a.rb",
        "require 'json'\nrequire_relative \"x/y\"\nmodule Outer\n  LIMIT = 3\n  class Tax < Base\n    include Comparable\n    attr_accessor :rate, :flat\n    attr_reader :name\n    KIND = %w[a b].freeze\n    @@count = 0\n    def initialize(a)\n      @a = a\n    end\n    def total(a,\n              b)\n      local = 1\n    end\n    def self.build(x) = new(x)\n    class << self\n      def meta; end\n    end\n    private\n    def hidden; end\n    private def also; end\n  end\n  module_function\n  def helper; end\nend\nclass A::B; end\ndef top; end\nPoint = Struct.new(:x, :y)\nif X\n  def guarded; end\nend\n",
        expect![[r#"
            module Outer 2 2-27 ..2: module
            field Outer.LIMIT 3 3-3 ..3: 
            class Outer.Tax 4 4-24 ..4: class Base
            field Tax.rate 6 6-6 ..6: attr_accessor flat
            field Tax.flat 6 6-6 ..6: attr_accessor rate
            field Tax.name 7 7-7 ..7: attr_reader
            field Tax.KIND 8 8-8 ..8: w a b freeze
            method Tax.initialize 10 10-12 ..10: def a
            method Tax.total 13 13-16 ..14: def a b
            method Tax.build 17 17-17 ..17: def self x new
            method Tax.meta 19 19-19 ..19: def end
            method Tax.hidden 22 22-22 ..22: def end
            method Tax.also 23 23-23 ..23: private def end
            method Outer.helper 26 26-26 ..26: def end
            class A.B 28 28-28 ..28: class A end
            function top 29 29-29 ..29: def end
            constant Point 30 30-30 ..30: Struct new x y
            function guarded 32 32-32 ..32: def end
            import * as * from json 0
            import * as * from x/y 1
        "#]],
    );
}

#[test]
fn php() {
    check(
        "a.php",
        "<?php\nnamespace N\\M;\nuse A\\B\\C;\nuse A\\B\\D as E;\nuse A\\{F, G as H};\nuse function A\\f;\nconst TOP = 1;\ndefine('OTHER', 2);\n#[Attr]\nabstract class Tax extends Base implements I\n{\n    use SomeTrait;\n    public const LIMIT = 3, OTHER = 4;\n    private int $rate = 1, $flat;\n    public static $count;\n    public function __construct(private Http $http, int $plain) {}\n    #[Attr2]\n    public function total(int $a): Sum\n    {\n        $local = 1;\n        return $a;\n    }\n    abstract protected function f();\n}\ninterface I2 { public function g(); const X = 1; }\ntrait Tr { public function h() {} }\nenum Kind: string { case Red = 'r'; case Green = 'g'; public function i() {} }\nfunction top(int $a) { function inner() {} }\nif (!function_exists('x')) { function guarded() {} }\n$v = 1;\nnamespace O { class In {} }\n",
        expect![[r#"
            constant TOP 6 6-6 ..6: const
            constant OTHER 7 7-7 ..7: define
            class Tax 9 8-23 ..10: abstract class extends Base implements I
            field Tax.LIMIT 12 12-12 ..12: public const OTHER
            field Tax.OTHER 12 12-12 ..12: public const LIMIT
            field Tax.rate 13 13-13 ..13: private int flat
            field Tax.flat 13 13-13 ..13: private int rate
            field Tax.count 14 14-14 ..14: public static
            constructor Tax.__construct 15 15-15 ..15: public function private Http http int plain
            field Tax.http 15 15-15 ..15: public function __construct private Http int plain
            method Tax.total 17 16-21 ..18: public function int a Sum
            method Tax.f 22 22-22 ..22: abstract protected function
            interface I2 24 24-24 ..24: interface public function g const X
            method I2.g 24 24-24 ..24: interface I2 public function const X
            field I2.X 24 24-24 ..24: interface I2 public function g const
            trait Tr 25 25-25 ..25: trait public function h
            method Tr.h 25 25-25 ..25: trait Tr public function
            enum Kind 26 26-26 ..26: enum string case Red Green public function i
            variant Kind.Red 26 26-26 ..26: enum Kind string case Green public function i
            variant Kind.Green 26 26-26 ..26: enum Kind string case Red public function i
            method Kind.i 26 26-26 ..26: enum Kind string case Red Green public function
            function top 27 27-27 ..27: function int a inner
            function guarded 28 28-28 ..28: if function_exists function
            class In 30 30-30 ..30: namespace O class
            import C as C from A\B 2
            import D as E from A\B 3
            import F as F from A 4
            import G as H from A 4
            import f as f from A 5
        "#]],
    );
}

#[test]
fn swift() {
    check(
        "a.swift",
        "import Foundation\nimport struct A.B\n@objc public class Tax<T>: Base, I {\n    let rate: Int = 1, flat = 2\n    @Published var name: String?\n    static let shared = Tax()\n    init(a: Int) { self.rate = a }\n    deinit {}\n    func total(_ a: Int) -> Sum {\n        let local = 1\n        return local\n    }\n    var computed: Int { return 1 }\n    subscript(i: Int) -> Int { 1 }\n    class In {}\n}\nstruct P { var x: Int; func f() {} }\nenum Kind: Int { case red = 1, green; case box(w: Int) }\nprotocol Shape { func area() -> Size; var n: Int { get }; associatedtype Out }\nextension Tax: Shape { func more() {} }\ntypealias Al = [Int]\nfunc top() {}\nlet LIMIT = 3\nactor Act { func g() {} }\n",
        expect![[r#"
            class Tax 2 2-15 ..2: objc public class T Base I
            field Tax.rate 3 3-3 ..3: let Int flat
            field Tax.flat 3 3-3 ..3: let rate Int
            field Tax.name 4 4-4 ..4: Published var String
            field Tax.shared 5 5-5 ..5: static let Tax
            constructor Tax.init 6 6-6 ..6: a Int self rate
            method Tax.total 8 8-11 ..8: func _ a Int Sum
            field Tax.computed 12 12-12 ..12: var Int return
            class Tax.In 14 14-14 ..14: class
            struct P 16 16-16 ..16: struct var x Int func f
            field P.x 16 16-16 ..16: struct P var Int func f
            method P.f 16 16-16 ..16: struct P var x Int func
            enum Kind 17 17-17 ..17: enum Int case red green box w
            variant Kind.red 17 17-17 ..17: enum Kind Int case green box w
            variant Kind.green 17 17-17 ..17: enum Kind Int case red box w
            variant Kind.box 17 17-17 ..17: enum Kind Int case red green w
            interface Shape 18 18-18 ..18: protocol func area Size var n Int get associatedtype Out
            method Shape.area 18 18-18 ..18: protocol Shape func Size var n Int get associatedtype Out
            field Shape.n 18 18-18 ..18: protocol Shape func area Size var Int get associatedtype Out
            type Shape.Out 18 18-18 ..18: protocol Shape func area Size var n Int get associatedtype
            method Tax.more 19 19-19 ..19: extension Tax Shape func
            type Al 20 20-20 ..20: typealias Int
            function top 21 21-21 ..21: func
            constant LIMIT 22 22-22 ..22: let
            class Act 23 23-23 ..23: actor func g
            method Act.g 23 23-23 ..23: actor Act func
            import * as * from Foundation 0
            import B as B from A 1
        "#]],
    );
}

#[test]
fn scala() {
    check(
        "a.scala",
        "package p.q\nimport a.b.C\nimport a.b.{D, E => F, _}\nimport a.c._\nimport x.y.*\n@Ann\nclass Tax[T](val rate: Rate, var flat: Int, plain: String) extends Base(rate) with I {\n  val total: Int = 1\n  var x = 2\n  type Out = Int\n  def of(a: Int): Sum = {\n    val local = 1\n    local\n  }\n  def abs: Int\n  def this(a: Int) = this(a, 2)\n  object Named { def f() = 1 }\n}\ncase class P(x: Int, y: Name)\ntrait Shape { def area(): Size; val n: Int }\nobject Main extends App { val LIMIT = 3; def main() = {} }\nsealed trait Kind\ncase object Red extends Kind\nenum Color { case Red, Green; case Box(w: Int) }\ntype Al = Int\ndef top(): Int = 1\ngiven x: Ord[Int] = 1\npackage object pk { val z = 1 }\n",
        expect![[r#"
            class Tax 6 5-17 ..6: class T val rate Rate var flat Int plain String extends Base with I
            field Tax.rate 6 6-6 ..6: class Tax T val Rate var flat Int plain String extends Base with I
            field Tax.flat 6 6-6 ..6: class Tax T val rate Rate var Int plain String extends Base with I
            field Tax.total 7 7-7 ..7: val Int
            field Tax.x 8 8-8 ..8: var
            type Tax.Out 9 9-9 ..9: type Int
            method Tax.of 10 10-13 ..10: def a Int Sum
            method Tax.abs 14 14-14 ..14: def Int
            constructor Tax.this 15 15-15 ..15: def a Int
            class Tax.Named 16 16-16 ..16: object def f
            method Named.f 16 16-16 ..16: object Named def
            class P 18 18-18 ..18: case class x Int y Name
            field P.x 18 18-18 ..18: case class P Int y Name
            field P.y 18 18-18 ..18: case class P x Int Name
            trait Shape 19 19-19 ..19: trait def area Size val n Int
            method Shape.area 19 19-19 ..19: trait Shape def Size val n Int
            field Shape.n 19 19-19 ..19: trait Shape def area Size val Int
            class Main 20 20-20 ..20: object extends App val LIMIT def main
            field Main.LIMIT 20 20-20 ..20: object Main extends App val def main
            method Main.main 20 20-20 ..20: object Main extends App val LIMIT def
            trait Kind 21 21-21 ..21: sealed trait
            class Red 22 22-22 ..22: case object extends Kind
            enum Color 23 23-23 ..23: enum case Red Green Box w Int
            variant Color.Red 23 23-23 ..23: enum Color case Green Box w Int
            variant Color.Green 23 23-23 ..23: enum Color case Red Box w Int
            variant Color.Box 23 23-23 ..23: enum Color case Red Green w Int
            field Box.w 23 23-23 ..23: enum Color case Red Green Box Int
            type Al 24 24-24 ..24: type Int
            function top 25 25-25 ..25: def Int
            constant x 26 26-26 ..26: given Ord Int
            class pk 27 27-27 ..27: package object val z
            field pk.z 27 27-27 ..27: package object pk val
            import C as C from a.b 1
            import D as D from a.b 2
            import E as F from a.b 2
            import * as * from a.b 2
            import * as * from a.c 3
            import * as * from x.y 4
        "#]],
    );
}

#[test]
fn lua() {
    check(
        "a.lua",
        "local json = require(\"json\")\nlocal M = {}\nLIMIT = 3\nlocal count = 0\nfunction M.total(a, b)\n  local x = 1\nend\nfunction M:method(a) end\nfunction M.deep.er() end\nlocal function helper(a) end\nfunction top() end\nM.field = 1\nM.fn = function(a) end\nlocal inline = function() end\nM.nested = { a = 1, b = function() end }\nlocal Cfg = { key = 1, [\"q\"] = 2 }\nreturn M\n",
        expect![[r#"
            variable json 0 0-0 ..0: local require
            variable M 1 1-1 ..1: local
            variable LIMIT 2 2-2 ..2: 
            variable count 3 3-3 ..3: local
            method M.total 4 4-6 ..4: function M a b
            method M.method 7 7-7 ..7: function M a end
            method deep.er 8 8-8 ..8: function M deep end
            function helper 9 9-9 ..9: local function a end
            function top 10 10-10 ..10: function end
            field M.field 11 11-11 ..11: M
            method M.fn 12 12-12 ..12: M function a end
            function inline 13 13-13 ..13: local function end
            field M.nested 14 14-14 ..14: M a b function end
            variable Cfg 15 15-15 ..15: local key
            property Cfg.key 15 15-15 ..15: local Cfg
            import * as json from json 0
        "#]],
    );
}

#[test]
fn bash() {
    check(
        "a.sh",
        "#!/bin/bash\nsource ./lib.sh\n. other.sh\nLIMIT=3\nexport PATH_X=1\nreadonly RO=2\nfunction one() {\n  local x=1\n}\ntwo() { echo; }\nfunction three { :; }\nif [ -n \"$X\" ]; then\n  guarded() { :; }\n  COND=1\nfi\ndeclare -A map\n",
        expect![[r#"
            variable LIMIT 3 3-3 ..3: 
            variable PATH_X 4 4-4 ..4: export
            variable RO 5 5-5 ..5: readonly
            function one 6 6-8 ..6: function
            function two 9 9-9 ..9: echo
            function three 10 10-10 ..10: function
            function guarded 12 12-12 ..12: 
            variable COND 13 13-13 ..13: 
            import * as * from ./lib.sh 1
            import * as * from other.sh 2
        "#]],
    );
}

#[test]
fn sql() {
    check(
        "a.sql",
        "CREATE TABLE public.tax (\n  id INT PRIMARY KEY,\n  rate NUMERIC(10, 2) NOT NULL,\n  CONSTRAINT fk FOREIGN KEY (id) REFERENCES other(id)\n);\nCREATE VIEW v AS SELECT id FROM tax;\nCREATE OR REPLACE FUNCTION total(a INT) RETURNS INT AS $$\nBEGIN\n  RETURN 1;\nEND;\n$$ LANGUAGE plpgsql;\nCREATE TYPE kind AS ENUM ('a', 'b');\nCREATE INDEX idx ON tax (id);\nINSERT INTO tax VALUES (1);\n",
        expect![[r#"
            struct tax 0 0-4 ..4: CREATE TABLE public id INT PRIMARY KEY rate NUMERIC NOT NULL CONSTRAINT fk FOREIGN REFERENCES other
            field tax.id 1 1-1 ..1: INT PRIMARY KEY
            field tax.rate 2 2-2 ..2: NUMERIC NOT NULL
            type v 5 5-5 ..5: CREATE VIEW AS SELECT id FROM tax
            function total 6 6-10 ..10: CREATE OR REPLACE FUNCTION a INT RETURNS AS BEGIN RETURN END LANGUAGE plpgsql
            type kind 11 11-11 ..11: CREATE TYPE AS ENUM
        "#]],
    );
}

#[test]
fn words_are_counted_and_kept_by_function() {
    let facts = read("a.py", "# Größe x\ndef f(x):\n    return \"x y\" + g1\n\nx = 2e3\n");
    let words = facts.words.iter().map(|(id, n)| format!("{} {n}", facts.string(*id)));
    expect!["Größe 1, def 1, e3 1, f 1, g1 1, return 1, x 4, y 1"]
        .assert_eq(&words.collect::<Vec<_>>().join(", "));
    let own = facts.words_of(&facts.definitions[0]).iter().map(|id| facts.string(*id));
    expect!["def f g1 return x y"].assert_eq(&own.collect::<Vec<_>>().join(" "));
}

#[test]
fn minified_functions_have_no_words() {
    let facts = read("a.js", &"function f(a){return a}".repeat(100));
    assert_eq!(facts.definitions.len(), 100);
    assert!(facts.definitions.iter().all(|definition| facts.words_of(definition).is_empty()));
}

#[test]
fn a_language_that_defines_nothing_has_words() {
    check("a.json", "{\"a\": \"b\"}\n", expect![""]);
    assert_eq!(read("a.json", "{\"a\": \"b c\"}\n").words.len(), 2);
}

#[test]
fn lines_end_as_the_text_says() {
    let facts = read("a.py", "# a\r# b\r\ndef f():\r\n    pass\r");
    let found = &facts.definitions[0];
    assert_eq!((found.line, found.lines.clone(), found.n_bytes), (2, 2..4, 8));
}

#[test]
fn what_could_be_a_secret_is_no_word() {
    let source = "KEY = 'hunter2-secret'\nURL = \"postgres://me:pa55word@host/db\"\n# said \"two words\" of ab12cd34ef56ab12cd34ef56\ndef f(x='deep'): return x.total_of_2024_and_2025_v2\n";
    let language = language_for("", "a.py").expect("known");
    let facts = Facts::read(language, source, &Stop::never()).expect("it parses");
    let words: Vec<&str> = facts.words.iter().map(|(word, _)| facts.string(*word)).collect();
    assert_eq!(
        words,
        ["KEY", "URL", "def", "f", "of", "return", "said", "total_of_2024_and_2025_v2", "two", "words", "x"]
    );
    assert_eq!(words.len(), facts.strings.len(), "and nothing else is kept");
}
