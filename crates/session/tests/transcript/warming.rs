//! Checks of a folder as it is, made while the model answers: begun with the request, ended with its proposal, never asked about.

use expect_test::{Expect, expect};

use super::script;

/// From a request that went out.
#[track_caller]
fn check(script: &str, expect: Expect) {
    let files = "//- /w/a.txt\none\ntwo\n";
    let ask = "folder /w\nopen /w/a.txt\nask /w/a.txt \"two\" \"shout\"\ngather";
    expect.assert_eq(&script::Script::new(files).after(ask).run(script));
}

const ANSWER: &str = "says \"```\\nONE\\ntwo\\n```\\n\"\nstops complete\ncheck";

#[test]
fn checks_of_the_text_as_it_is_run_while_the_answer_comes() {
    check(
        &format!("finds lint\nwarm\n{ANSWER}\nfinds lint\nfound"),
        expect![[r#"
        > finds lint
          start 5 lint of no edits
        > warm
        > says "```\nONE\ntwo\n```\n"
        > stops complete
          start 6 receipt p1.r1 complete
          start 7 settling of 1 blocks
          p1.r1 of 1 streaming
          start 8 check of 1 edits
          watch a.txt
          marks a.txt@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
          p1.r1 of 1 checking
            h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
        > check
          start 9 look up checks for /c:/w/a.txt
        > finds lint
          start 10 lint of 1 edits
          start 11 wait 60000 ms
          p1 goes on: checking with 1 of the project's commands, for 60 s at most
          marks a.txt@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
          p1.r1 of 1 checking
            h1 arriving 1:1-2:1 "one\n" -> "ONE\n" [checks run]
        > found
          stop 11
          p1 ends: 1 hunks to review
          marks a.txt@1: p1.r1.h1 1/1 changes 1 line
          p1.r1 of 1 pending
            ✓ lint (0.0 s)
            h1 pending 1:1-2:1 "one\n" -> "ONE\n" [checks pass]
    "#]],
    );
}

#[test]
fn they_end_with_the_proposal() {
    check(
        "finds lint\ncancel p1",
        expect![[r#"
        > finds lint
          start 5 lint of no edits
        > cancel p1
          start 6 receipt p1.r1 cancelled
          stop 2
          p1 ends: cancelled
          answer p1
          stop 5
          marks a.txt@1: none
          p1.r0 of 0 cancelled
    "#]],
    );
}

#[test]
fn nobody_is_asked_for_them() {
    check(
        "finds untrusted",
        expect![[r#"
        > finds untrusted
    "#]],
    );
    check(
        "finds changed",
        expect![[r#"
        > finds changed
          start 5 lint of no edits
    "#]],
    );
    check(
        "finds nothing",
        expect![[r#"
        > finds nothing
    "#]],
    );
}

#[test]
fn an_answer_in_prose_has_none() {
    let files = "//- /w/a.py\n# ai? why\nx = 1\n";
    let script = "folder /w\nopen /w/a.py\nparse\nrun /w/a.py \"ai?\"\ngather";
    let expect: Expect = expect![[r#"
        > folder /w
        > open /w/a.py
          start 1 parse a.py
        > parse
          marks a.py@1: directive in line 1
        > run /w/a.py "ai?"
          p1 begins: why
          start 2 gather for a.py 0..16
          answer p1
          marks a.py@1: p1 works in line 1
          p1.r0 of 0 preparing
        > gather
          start 3 question of 1 messages
          p1 goes on: waiting for the model
          start 4 receipt p1.r1 under way
          p1.r1 of 1 streaming
    "#]];
    expect.assert_eq(&script::Script::new(files).run(script));
}
