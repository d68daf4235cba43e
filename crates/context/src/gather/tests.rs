//! The document asked about is the first file of a fixture; its scope is the selection.

use expect_test::{Expect, expect};
use fastrand::Rng;
use syntax::Stop;
use text::{Encoding, estimate_tokens, fixture};
use workspace::{Uri, Workspace};

use crate::rank::Answered;
use crate::{Context, Request, gather, index_of_open};

const ROOT: &str = if cfg!(windows) { "file:///c:/w" } else { "file:///w" };

fn gathered(fixture: &str, budget: usize) -> Context {
    let files = fixture::files(fixture);
    let mut workspace = Workspace::new(Encoding::Utf8);
    let root = |name: &str| Uri::from(format!("{ROOT}{name}").as_str());
    workspace.set_roots(vec![root("/a"), root("/b")]);
    for file in &files {
        let uri = root(&file.path);
        workspace.open(uri.clone(), "", 1, &file.text);
        if let Some(job) = workspace.parse_job(&uri) {
            workspace.parsed(job.run(&Stop::never()).expect("it parses"));
        }
    }
    let asked = &files[0];
    let text = text::Text::from(asked.text.as_str());
    let scope = text.whole_lines(asked.range.clone().expect("the scope is marked"));
    let (snapshot, uri) = (workspace.snapshot(), root(&asked.path));
    let index = index_of_open(&snapshot, &uri);
    let context = gather(&Request { budget, ..Request::new(&snapshot, &index, &uri, scope.clone()) });
    check_rules(&context, budget);
    context
}

/// What holds for every answer.
#[track_caller]
fn check_rules(context: &Context, budget: usize) {
    let mut tokens = 0;
    let mut paths: Vec<&str> = context.excerpts.iter().map(|excerpt| excerpt.path.as_str()).collect();
    paths.dedup();
    tokens += paths.iter().map(|path| estimate_tokens(path) + 2).sum::<usize>();
    for excerpt in &context.excerpts {
        assert_eq!(excerpt.tokens, estimate_tokens(&excerpt.text));
        assert_eq!(excerpt.text.lines().count(), excerpt.lines.len(), "{excerpt:?}");
        tokens += excerpt.tokens;
    }
    assert_eq!(context.tokens, tokens);
    assert!(tokens <= budget, "{tokens} > {budget}");
    for pair in context.excerpts.windows(2) {
        assert!(pair[0].path != pair[1].path || pair[0].lines.end < pair[1].lines.start, "{pair:?}");
    }
}

#[track_caller]
fn check(fixture: &str, budget: usize, expect: Expect) {
    let context = gathered(fixture, budget);
    let mut shown = String::new();
    for excerpt in &context.excerpts {
        shown
            .push_str(&format!("== {} {:?}: {}\n{}", excerpt.path, excerpt.lines, excerpt.why, excerpt.text));
        if !excerpt.text.ends_with('\n') {
            shown.push('\n');
        }
    }
    for left in &context.withheld {
        // The reason names a path that differs between systems.
        let reason = left.reason.to_string();
        let reason = reason.rsplit(".py").next().unwrap_or("").trim();
        shown.push_str(&format!("== withheld {}: {reason}\n", left.path));
    }
    expect.assert_eq(&shown);
}

const PYTHON: &str = "\
//- /a/bill.py
import json
from decimal import Decimal
from rates import rate_for, Region

LIMIT = {
    'eu': 10,
    'us': 20,
}
OTHER = 1

def rounded(value):
    return value.quantize(Decimal('0.01'))

def unrelated(a, b):
    c = a
    d = b
    return c, d

class Bill:
    def __init__(self, lines):
        self.lines = lines

    def net(self):
        return sum(line.net for line in self.lines)

$0    def total(self, region):
        net = self.net()
        if net > LIMIT[region]:
            net += rate_for(region)
        return rounded(net)
$0
    def dump(self):
        return json.dumps(self.lines)

def last():
    pass
";

#[test]
fn what_the_scope_names_comes_with_what_is_round_it() {
    check(
        PYTHON,
        2_000,
        expect![[r#"
            == bill.py 0..3: imports
            import json
            from decimal import Decimal
            from rates import rate_for, Region
            == bill.py 4..25: defines Bill.net, LIMIT, rounded; beside the scope: Bill.__init__, Bill.lines; same file: Bill, OTHER, unrelated; around the scope: class Bill; right before the scope
            LIMIT = {
                'eu': 10,
                'us': 20,
            }
            OTHER = 1

            def rounded(value):
                return value.quantize(Decimal('0.01'))

            def unrelated(a, b):
                c = a
                d = b
                return c, d

            class Bill:
                def __init__(self, lines):
                    self.lines = lines

                def net(self):
                    return sum(line.net for line in self.lines)

            == bill.py 30..36: beside the scope: Bill.dump; same file: last; right after the scope

                def dump(self):
                    return json.dumps(self.lines)

            def last():
                pass
        "#]],
    );
}

#[test]
fn a_small_budget_keeps_what_is_worth_most() {
    check(
        PYTHON,
        40,
        expect![[r#"
            == bill.py 4..8: defines LIMIT
            LIMIT = {
                'eu': 10,
                'us': 20,
            }
            == bill.py 10..11: defines rounded
            def rounded(value):
            == bill.py 18..19: same file: Bill; around the scope: class Bill
            class Bill:
            == bill.py 22..23: defines Bill.net
                def net(self):
        "#]],
    );
    check(PYTHON, 0, expect![[""]]);
}

#[test]
fn names_are_found_in_other_open_documents_of_the_folder() {
    check(
        "\
//- /a/bill.py
$0def total(region, net):
    return net + rate_for(region) + BASE + Region(region).extra_charge()
$0
//- /a/rates.py
\"\"\"Rates.\"\"\"
BASE = 3
class Region:
    def __init__(self, name):
        self.name = name

    def extra_charge(self):
        return 1

def rate_for(
    region,
    year=2024,
):
    return 2

def other():
    return 3
//- /b/rates.py
def rate_for(region):
    return 'another folder'
//- /a/secrets.py
def rate_for(region):
    return 'withheld'
//- /c/rates.py
def rate_for(region):
    return 'outside'
//- /a/rates.js
function rate_for(region) { return 'another language'; }
",
        2_000,
        expect![[r#"
            == rates.py 1..5: near in the tree: BASE, Region, Region.__init__, Region.name
            BASE = 3
            class Region:
                def __init__(self, name):
                    self.name = name
            == rates.py 6..7: defines Region.extra_charge
                def extra_charge(self):
            == rates.py 9..13: near in the tree: rate_for
            def rate_for(
                region,
                year=2024,
            ):
            == rates.py 15..16: near in the tree: other
            def other():
            == withheld secrets.py: has a name that usually holds secrets
        "#]],
    );
}

#[test]
fn nothing_is_shown_of_a_document_that_may_not_be_sent() {
    check(
        "//- /a/secrets.py\nimport a\n$0def f():\n    a()\n$0",
        2_000,
        expect![[r#"
        == withheld secrets.py: has a name that usually holds secrets
    "#]],
    );
}

#[test]
fn a_type_without_methods_is_shown_whole() {
    check(
        "\
//- /a/a.rs
use std::fmt;

/// An account.
pub struct Account {
    id: u64,
    balance: i64,
}

const FEE: i64 = 3;

impl Account {
    pub fn new(id: u64) -> Account {
        Account { id, balance: 0 }
    }

$0    pub fn pay(&mut self, amount: i64) -> Receipt {
        self.balance -= amount + FEE;
        Receipt { amount }
    }
$0}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, \"{}\", self.id)
    }
}
//- /a/receipt.rs
pub struct Receipt {
    pub amount: i64,
}

impl Receipt {
    pub fn print(&self) {}
}
",
        130,
        expect![[r#"
            == receipt.rs 0..2: defines Receipt, Receipt.amount
            pub struct Receipt {
                pub amount: i64,
            == receipt.rs 5..6: member of a type in use: Receipt.print
                pub fn print(&self) {}
            == a.rs 3..4: same file: Account
            pub struct Account {
            == a.rs 5..6: defines Account.balance
                balance: i64,
            == a.rs 8..9: defines FEE
            const FEE: i64 = 3;
            == a.rs 10..12: beside the scope: Account.new; around the scope: impl Account
            impl Account {
                pub fn new(id: u64) -> Account {
            == a.rs 22..23: beside the scope: Account.fmt
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        "#]],
    );
}

#[test]
fn typescript_signatures_end_where_the_body_begins() {
    check(
        "\
//- /a/cart.tsx
import React from 'react';
import { price } from './price';

$0export function Cart({ items }: Props) {
  return <ul>{items.map((item) => <Line key={item.id} text={price(item)} />)}</ul>;
}
$0
interface Props {
  items: Item[];
}

const Line = ({ text }: { text: string }) => {
  return <li>{text}</li>;
};
//- /a/price.ts
export const price = (
  item: Item,
): string => {
  return `${item.cents / 100}`;
};
export type Item = { id: string; cents: number };
",
        2_000,
        expect![[r#"
            == price.ts 0..3: defines price
            export const price = (
              item: Item,
            ): string => {
            == price.ts 5..6: type in use: Item, Item.cents
            export type Item = { id: string; cents: number };
            == cart.tsx 0..3: imports; right before the scope
            import React from 'react';
            import { price } from './price';

            == cart.tsx 6..14: defines Line, Props; member of a type in use: Props.items; right after the scope

            interface Props {
              items: Item[];
            }

            const Line = ({ text }: { text: string }) => {
              return <li>{text}</li>;
            };
        "#]],
    );
}

#[test]
fn without_a_tree_the_text_round_the_scope_is_shown() {
    check(
        "//- /a/notes.txt\none\n\ntwo\n$0three\n$0four\nfive\n",
        2_000,
        expect![[r#"
        == notes.txt 0..3: right before the scope
        one

        two
        == notes.txt 4..6: right after the scope
        four
        five
    "#]],
    );
}

#[test]
fn crlf_and_a_byte_order_mark_do_not_show() {
    let context = gathered("//- /a/a.py\n\u{feff}import a\r\n\r\n$0def f():\r\n    a()\r\n$0", 100);
    assert_eq!(context.excerpts[0].text, "import a\n\n");
}

#[test]
fn a_document_that_is_not_open_has_no_context() {
    let workspace = Workspace::new(Encoding::Utf8);
    let (snapshot, uri) = (workspace.snapshot(), Uri::from("file:///w/a.py"));
    let index = index_of_open(&snapshot, &uri);
    assert_eq!(gather(&Request::new(&snapshot, &index, &uri, 0..0)), Context::default());
}

#[test]
fn any_scope_and_budget_keep_the_rules() {
    let multiplier: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let n_rounds = 200 * multiplier;
    let clean = PYTHON.replace("$0", "");
    let (head, body) = clean.split_once('\n').expect("the fixture has a first line");
    let mut rng = Rng::with_seed(5);
    for _ in 0..n_rounds {
        let starts: Vec<usize> = (0..=body.len()).filter(|offset| body.is_char_boundary(*offset)).collect();
        let (a, b) = (starts[rng.usize(..starts.len())], starts[rng.usize(..starts.len())]);
        let (start, end) = (a.min(b), a.max(b));
        let marked = format!("{head}\n{}$0{}$0{}", &body[..start], &body[start..end], &body[end..]);
        let budget = rng.usize(..400);
        let context = gathered(&marked, budget);
        let text = text::Text::from(body);
        let scope = text.whole_lines(start..end);
        for excerpt in &context.excerpts {
            let range = text.line_start(excerpt.lines.start)..text.line_start(excerpt.lines.end);
            assert!(
                range.end <= scope.start || range.start >= scope.end,
                "{excerpt:?} shows the scope {scope:?}"
            );
            assert_eq!(text.slice(range), excerpt.text);
        }
        let again = gathered(&marked, budget);
        assert_eq!(context, again);
    }
    eprintln!("counts: contexts gathered {}", n_rounds * 2);
}

#[test]
fn what_was_just_written_elsewhere_comes_before_the_rest() {
    let mut workspace = Workspace::new(Encoding::Utf8);
    let uri = |name: &str| Uri::from(format!("{ROOT}/a/{name}").as_str());
    workspace.set_roots(vec![Uri::from(format!("{ROOT}/a").as_str())]);
    let many: String = (0..40).map(|n| format!("def unrelated_{n}():\n    pass\n\n")).collect();
    let files = [
        ("bill.py", "def total(bill):\n    return bill\n"),
        ("rates.py", &*format!("{many}def rate_for(region):\n    pass\n")),
        ("work.py", "def work():\n    pass\n"),
    ];
    for (name, text) in files {
        workspace.open(uri(name), "", 1, text);
    }
    let written = workspace::ContentChange { range: None, text: "def work():\n    rate_for(1)\n".to_owned() };
    workspace.change(&uri("work.py"), 2, vec![written]).expect("it fits");
    for (name, _) in files {
        let job = workspace.parse_job(&uri(name)).expect("a parse is due");
        workspace.parsed(job.run(&Stop::never()).expect("it parses"));
    }
    let (snapshot, uri) = (workspace.snapshot(), uri("bill.py"));
    let index = index_of_open(&snapshot, &uri);
    let context = gather(&Request { budget: 26, ..Request::new(&snapshot, &index, &uri, 0..32) });
    let shown: Vec<&str> = context.excerpts.iter().map(|excerpt| excerpt.text.as_str()).collect();
    assert_eq!(shown, ["def rate_for(region):\n", "def work():\n"]);
    assert_eq!(context.excerpts[0].why, "edited lately: rate_for");
}

#[test]
fn an_answer_leads_to_what_it_names_and_to_what_is_nearest() {
    let mut workspace = Workspace::new(Encoding::Utf8);
    let uri = |name: &str| Uri::from(format!("{ROOT}/a/{name}").as_str());
    workspace.set_roots(vec![Uri::from(format!("{ROOT}/a").as_str())]);
    let many: String = (0..60).map(|n| format!("def unrelated_{n}():\n    pass\n\n")).collect();
    let bill = "import rates\n\ndef total(bill):\n    return bill\n";
    let rates = format!("{many}def rate_for(region):\n    pass\n\ndef round_down(value):\n    pass\n");
    workspace.open(uri("bill.py"), "", 1, bill);
    workspace.open(uri("rates.py"), "", 1, &rates);
    for name in ["bill.py", "rates.py"] {
        let job = workspace.parse_job(&uri(name)).expect("a parse is due");
        workspace.parsed(job.run(&Stop::never()).expect("it parses"));
    }
    let (snapshot, uri) = (workspace.snapshot(), uri("bill.py"));
    let index = index_of_open(&snapshot, &uri);
    let scope = 14..bill.len();
    let after = text::Text::from(
        bill.replace("return bill", "return rates.rate_for(rates.rounded_down(bill))").as_str(),
    );
    let tree = syntax::Tree::parse(syntax::language_for("", "a.py").expect("known"), &after, &Stop::never());
    let answered = Answered {
        tree: &tree.expect("it parses"),
        scope: 14..after.len(),
        text: &after,
        others: Vec::new(),
        line: 1,
    };
    let request =
        Request { answered: Some(&answered), budget: 50, ..Request::new(&snapshot, &index, &uri, scope) };
    let mut excerpts = gather(&request).excerpts;
    excerpts.sort_by_key(|excerpt| excerpt.rank);
    let shown: Vec<String> =
        excerpts.iter().take(2).map(|excerpt| format!("{}{}", excerpt.text, excerpt.why)).collect();
    assert_eq!(
        shown,
        [
            "def rate_for(region):\nused by the answer: rate_for",
            "def round_down(value):\nnearest to a name that does not exist: round_down",
        ]
    );
}
