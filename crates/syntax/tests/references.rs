//! What a piece of a text refers to.

use expect_test::{Expect, expect};
use syntax::{Stop, Tree, language_for, references};
use text::Text;

fn check(path: &str, source: &str, expected: Expect) {
    let text = Text::from(source);
    let language = language_for("", path).expect("a language");
    let tree = Tree::parse(language, &text, &Stop::never()).expect("a tree");
    let found = references(&tree, &text, &(0..text.len()));
    let mut lines = vec![format!("bound: {}", found.bound.into_iter().collect::<Vec<_>>().join(" "))];
    lines.extend(found.typed.iter().map(|(name, types)| format!("{name}: {}", types.join(" "))));
    let uses = found.uses.iter().map(|found| {
        let mark = if found.is_member { "." } else { "" };
        format!("{} {mark}{}", found.receiver.join("."), found.name).trim().to_owned()
    });
    lines.push(format!("uses: {}", uses.collect::<Vec<_>>().join(", ")));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn python() {
    check(
        "a.py",
        "def pay(self, bill: Bill, n=1):\n    import os\n    rate = Rate(n)\n    self.app.log(bill.total, rate)\n    return [x.y for x in items()]\n",
        expect![[r#"
            bound: bill n rate self x
            bill: Bill
            rate: Rate
            x: items
            uses: Bill, Rate, n, self, self .app, self.app .log, bill, bill .total, rate, x, x .y, items"#]],
    );
}

#[test]
fn typescript() {
    check(
        "a.tsx",
        "function f(this: X, a: Props<Row>, { b }: Y) {\n  const r = new Rate(a.rows[0]);\n  return <Table {...a} at={r.get()!.value} />;\n}\n",
        expect![[r#"
            bound: a b r
            a: Props Row
            b: Y
            r: Rate
            uses: X, Props, Row, Y, Rate, a, a .rows, Table, a, .at, r, r .get, r.get .value"#]],
    );
}

#[test]
fn go() {
    check(
        "a.go",
        "package p\nfunc (s *Server) Do(ctx context.Context, n int) error {\n\tr := &pay.Rate{Of: n}\n\treturn s.repo.Find(ctx, r.Of)\n}\n",
        expect![[r#"
            bound: ctx n r s
            s: Server
            ctx: context Context
            n: int
            r: pay Rate
            uses: Server, context, context .Context, int, error, pay, pay .Rate, Rate .Of, n, s, s .repo, s.repo .Find, ctx, r, r .Of"#]],
    );
}

#[test]
fn java() {
    check(
        "A.java",
        "class A { int f(List<Bill> bills) { Rate rate = Rates.of(1); for (Bill b : bills) { b.getRate().add(this.rate); } return go(); } }",
        expect![[r#"
            bound: b bills rate
            bills: List Bill
            rate: Rate
            b: Bill
            uses: List, Bill, Rate, Rates, Rates .of, Bill, bills, b, b .getRate, b.getRate .add, this .rate, go"#]],
    );
}

#[test]
fn rust() {
    check(
        "a.rs",
        "fn f(&self, bill: &Option<Bill>) -> Rate {\n    let rate = Rate::of(bill)?;\n    assert_eq!(rate.value, self.one());\n    crate::pay::sum(rate.value)\n}\n",
        expect![[r#"
            bound: bill rate
            bill: Option Bill
            rate: Rate of
            uses: Option, Bill, Rate, Rate, Rate .of, bill, assert_eq, rate, rate .value, self .one, crate .pay, crate.pay .sum, rate, rate .value"#]],
    );
}

#[test]
fn fields_belong_to_the_type_of_their_literal_or_pattern() {
    check(
        "a.rs",
        "fn f(v: &Value) -> Bill { if let Value::List { vals, .. } = v { g(vals) } Bill { total: 1, rate } }",
        expect![[r#"
            bound: v vals
            v: Value
            vals: Value List
            uses: Value, Bill, Value, Value .List, List .vals, v, g, vals, Bill, Bill .total, Bill .rate"#]],
    );
    check(
        "a.go",
        "package p\nvar b = &pay.Bill{Total: total, Rate: 2}\n",
        expect![[r#"
        bound: 
        uses: pay, pay .Bill, Bill .Total, total, Bill .Rate"#]],
    );
    check(
        "a.tsx",
        "const a = <Table rows={rows} onPick={() => pick()} />;",
        expect![[r#"
        bound: 
        uses: Table, .rows, rows, .onPick, pick"#]],
    );
    check(
        "a.py",
        "def f(self):\n    self.total = 1\n    other.rate = 2\n",
        expect![[r#"
        bound: self
        uses: self, self .total, other, other .rate"#]],
    );
}
