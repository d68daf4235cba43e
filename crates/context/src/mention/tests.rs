//! The first file of a fixture is asked about; all files are open, and those below `/a` are in its folder.

use expect_test::{Expect, expect};
use syntax::Stop;
use text::{Encoding, fixture};
use workspace::{NoDiff, Uncommitted, Uri, Workspace};

use super::{Mentions, ranges};
use crate::{Context, Request, gather, index_of_open};

const ROOT: &str = if cfg!(windows) { "file:///c:/w" } else { "file:///w" };

const FILES: &str = "\
//- /a/main.py
x = 1
//- /a/pay/rates.py
def rate_for(region):
    return 1

class Bill:
    def total(self):
        return 2
//- /a/pay/data.json
{}
//- /a/old/rates.py
def old_rate():
    return 3

class Note:
    def total(self):
        return 4
";

fn gathered(mentions: Mentions, budget: usize) -> Context {
    let mut workspace = Workspace::new(Encoding::Utf8);
    let root = |name: &str| Uri::from(format!("{ROOT}{name}").as_str());
    workspace.set_roots(vec![root("/a")]);
    for file in fixture::files(FILES) {
        let uri = root(&file.path);
        workspace.open(uri.clone(), "", 1, &file.text);
        if let Some(job) = workspace.parse_job(&uri) {
            workspace.parsed(job.run(&Stop::never()).expect("it parses"));
        }
    }
    let (snapshot, uri) = (workspace.snapshot(), root("/a/main.py"));
    let index = index_of_open(&snapshot, &uri);
    gather(&Request { budget, mentions: &mentions, ..Request::new(&snapshot, &index, &uri, 0..6) })
}

fn shown(context: &Context) -> String {
    let mut shown = String::new();
    for excerpt in context.excerpts.iter().filter(|excerpt| excerpt.why.contains("mentioned")) {
        shown.push_str(&format!("{} {:?}: {}\n", excerpt.path, excerpt.lines, excerpt.why));
    }
    for attachment in &context.attachments {
        shown.push_str(&format!("{} ({}): {:?}\n", attachment.title, attachment.why, attachment.text));
    }
    context.unmet.iter().for_each(|unmet| shown.push_str(&format!("! {unmet}\n")));
    shown
}

#[track_caller]
fn check(instruction: &str, expect: Expect) {
    expect.assert_eq(&shown(&gathered(Mentions::of(instruction, &[]), 1_000)));
}

#[track_caller]
fn check_words(text: &str, words: &[&str]) {
    let found: Vec<&str> = ranges(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(found, words, "{text:?}");
}

#[test]
fn a_mention_begins_a_word() {
    check_words("@a, (@b/c.py) and @d.", &["@a", "@b/c.py", "@d"]);
    check_words("mail me@x.org or a@b", &[]);
    check_words("@", &[]);
    check_words("@@a @ b", &[]);
    check_words("@\"my file.md\" @\"open", &["@\"my file.md\""]);
    check_words("é @é漢 x", &["@é漢"]);
}

#[test]
fn code_holds_no_mentions() {
    check_words("`@a` @b ``@c ` @d`` ` @e", &["@b", "@e"]);
}

#[test]
fn a_file_by_its_path_or_by_the_end_of_it() {
    check(
        "as in @pay/data.json",
        expect![[r#"
            pay/data.json 0..1: mentioned: @pay/data.json
        "#]],
    );
    check(
        "as in @data.json.",
        expect![[r#"
            pay/data.json 0..1: mentioned: @data.json
        "#]],
    );
}

#[test]
fn a_symbol_with_its_body() {
    check(
        "use @rate_for",
        expect![[r#"
            pay/rates.py 0..2: mentioned: @rate_for; near in the tree: rate_for
        "#]],
    );
    check(
        "use @Bill.total and @rates.rate_for()",
        expect![[r#"
            pay/rates.py 0..2: mentioned: @rates.rate_for; near in the tree: rate_for
            pay/rates.py 3..6: mentioned: @Bill.total; near in the tree: Bill, Bill.total
        "#]],
    );
}

#[test]
fn what_is_ambiguous_is_said_with_what_it_can_be() {
    check(
        "see @rates.py and @total",
        expect![[r#"
        ! `@rates.py` can be `@old/rates.py`, `@pay/rates.py`; mention one of them
        ! `@total` can be `@Note.total`, `@Bill.total`; mention one of them
    "#]],
    );
}

#[test]
fn a_path_or_a_member_that_is_not_there_is_said() {
    check(
        "see @pay/nothing.py, @gone.json and @Bill.totl",
        expect![[r#"
        ! `@pay/nothing.py` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown
        ! `@gone.json` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown
        ! `@Bill.totl` is not defined there; there are `@Bill.total`
    "#]],
    );
    check(
        "see @../../etc/passwd",
        expect![[r#"
        ! `@../../etc/passwd` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown
    "#]],
    );
}

#[test]
fn any_other_word_is_text() {
    check("make it a @property, like @app.route does, and tell @anna", expect![""]);
}

#[test]
fn a_word_like_a_keyword_is_asked_about() {
    check(
        "fix the @diagnostic, see @Diffs and @file",
        expect![[r#"
        ! `@diagnostic` is no name that is known; write `@diagnostics` if you mean that, or put it in backticks
        ! `@Diffs` is no name that is known; write `@diff` if you mean that, or put it in backticks
        ! `@file` is no name that is known; write `@src/name.py` or `@name` if you mean that, or put it in backticks
    "#]],
    );
}

#[test]
fn a_page_is_attached_where_it_was_read() {
    let with = |page: Result<&str, &str>| {
        let mentions = Mentions::of("as in (@https://x.org/a?b=c&d#e), like @me", &[]);
        let address = "https://x.org/a?b=c&d#e";
        assert_eq!(mentions.addresses().collect::<Vec<_>>(), [address]);
        let page = page.map(str::to_owned).map_err(str::to_owned);
        shown(&gathered(Mentions { pages: Some([(address.to_owned(), page)].into()), ..mentions }, 120))
    };
    let all = [
        with(Ok("# Retries\ncall `retry(3)`\n")),
        with(Ok(&"a line of the page\n".repeat(100))).chars().take(120).collect::<String>() + "…\n",
        with(Ok(&"[1, 2]".repeat(100))),
        with(Err("the server answers with status 404")),
    ];
    expect![[r##"
        The page https://x.org/a?b=c&d#e (mentioned: @https://x.org/a?b=c&d#e): "# Retries\ncall `retry(3)`\n"

        The page https://x.org/a?b=c&d#e (mentioned: @https://x.org/a?b=c&d#e; 92 more lines are left out): "a line of the page\…

        The page https://x.org/a?b=c&d#e (mentioned: @https://x.org/a?b=c&d#e; the rest is left out): "[1, 2][1, 2][1, 2][1, 2][1, 2][1, 2][1, 2][1, 2][1, 2][1, 2]…\n"

        ! `@https://x.org/a?b=c&d#e`: the server answers with status 404. Copy what matters into the instruction, or put the address in backticks
    "##]].assert_eq(&all.join("\n"));
}

#[test]
fn a_page_is_not_read_without_the_users_own_setting() {
    check(
        "as in @https://x.org/a, and @url",
        expect![[r#"
        ! `@https://x.org/a`: pages are read only where your own settings say `mention_urls = true`; copy what matters into the instruction, or put the address in backticks
        ! `@url` stands for no page; write its address behind the `@`, or put the word in backticks
    "#]],
    );
}

#[test]
fn secrets_are_not_shown() {
    check(
        "use @.env",
        expect![[r#"
            ! `@.env` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown
        "#]],
    );
}

#[test]
fn a_diff_is_attached() {
    let with = |diff: Result<Uncommitted, NoDiff>| {
        let mentions = Mentions::of("review @diff", &[]);
        assert!(mentions.wants_diff());
        shown(&gathered(Mentions { diff: Some(diff), ..mentions }, 100))
    };
    let diff = |diff: &str, n_left_out| Ok(Uncommitted { diff: diff.to_owned(), n_left_out, is_cut: false });
    let long = "+ a line of the diff\n".repeat(100);
    let all = [
        with(diff("-a\n+b\n", 2)),
        with(diff(&long, 0)).chars().take(110).collect::<String>(),
        with(diff("", 3)),
        with(Err(NoDiff::Slow)),
    ];
    expect![[r#"
        Changes that are not committed (mentioned: @diff; 2 files are left out): "-a\n+b\n"

        Changes that are not committed (mentioned: @diff; 94 more lines are left out): "+ a line of the diff\n+ a line
        ! `@diff`: what differs from the last commit may not be sent (3 files); take the mention out

        ! `@diff`: `git diff` took longer than 5 seconds; take the mention out or run it in a checkout with a commit
    "#]].assert_eq(&all.join("\n"));
}

#[test]
fn diagnostics_are_attached() {
    let mentions = Mentions::of("fix @diagnostics", &[]);
    let known = Mentions { diagnostics: vec!["line 1: bad (lint)".to_owned()], ..mentions.clone() };
    let all = [shown(&gathered(known, 1_000)), shown(&gathered(mentions, 1_000))];
    expect![[r#"
        Reported about main.py (mentioned: @diagnostics): "line 1: bad (lint)\n"

        ! `@diagnostics`: nothing is known to be wrong with this document. An editor tells what it knows of a line only when you ask for code actions there; do that, or write down what is wrong
    "#]].assert_eq(&all.join("\n"));
}

#[test]
fn without_room_for_a_line_it_is_said_and_with_little_the_first_lines_are_shown() {
    let all = [0, 30, 40].map(|budget| shown(&gathered(Mentions::of("@pay/rates.py", &[]), budget)));
    expect![[r#"
        ! there is no room for `@pay/rates.py`; raise `context_tokens` or mention less

        pay/rates.py 0..5: mentioned: @pay/rates.py, its first 5 of 6 lines; near in the tree: Bill, Bill.total, rate_for

        pay/rates.py 0..6: mentioned: @pay/rates.py; near in the tree: Bill, Bill.total, rate_for
    "#]].assert_eq(&all.join("\n"));
}

#[test]
fn earlier_mentions_stay_and_stop_nothing() {
    let mentions =
        Mentions::of("shorter, @rate_for", &["like @rate_for", "see @pay/data.json and @pay/gone.py"]);
    expect![[r#"
        pay/data.json 0..1: mentioned: @pay/data.json
        pay/rates.py 0..2: mentioned: @rate_for; near in the tree: rate_for
    "#]]
    .assert_eq(&shown(&gathered(mentions, 1_000)));
}
