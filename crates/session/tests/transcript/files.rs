//! Documents closed and opened again, and files renamed, deleted or changed on disk under hunks that wait.

use expect_test::{Expect, expect};

use super::{check, check_pending};

#[test]
fn hunks_wait_while_their_document_is_closed() {
    check_pending(
        r###"
            close a.txt
            accept p1
            typed-while-closed a.txt "four" "for\nfour"
            typed-while-closed a.txt "one" "un"
            open a.txt
        "###,
        expect![[r#"
            > close a.txt
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > accept p1
              refused: warning: untitled:a.txt is not open; open it to accept its hunks
            > typed-while-closed a.txt "four" "for\nfour"
            > typed-while-closed a.txt "one" "un"
            > open a.txt
              marks a.txt@2: p1.r1.h1 stale, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 stale 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn a_request_waits_while_its_document_is_closed() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n    return x\n",
        r###"
            open a.py
            ask a.py "x = 1" "rename x"
            close a.py
            parse
            open a.py
            parse
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > ask a.py "x = 1" "rename x"
              p1 begins: rename x
              answer p1
              marks a.py@1: p1 works in line 3
              p1.r0 of 0 preparing
            > close a.py
              stop 1
              p1.r0 of 0 preparing
            > parse
            > open a.py
              start 2 parse a.py
              marks a.py@2: p1 works in line 3
              p1.r0 of 0 preparing
            > parse
              start 3 gather for a.py 0..47
              marks a.py@2: directive in line 1, p1 works in line 1
        "#]],
    );
}

#[test]
fn hunks_follow_a_renamed_file() {
    check_pending(
        r###"
            rename a.txt c.txt
            type c.txt "two" "2"
            accept p1
            applies
            shows c.txt
        "###,
        expect![[r#"
            > rename a.txt c.txt
              marks c.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > type c.txt "two" "2"
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > accept p1
              apply #1 "Hunkwise: accept 2 hunks": c.txt@2 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks c.txt@3: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > shows c.txt
              |ONE
              |2
              |three
              |FOUR
        "#]],
    );
}

#[test]
fn hunks_follow_a_file_that_is_open_under_its_new_name_already() {
    check(
        "//- a.txt\none\ntwo\n//- c.txt\nzero\none\ntwo\n",
        r###"
            open a.txt
            ask a.txt "two" "shout"
            rewrites "ONE\ntwo\n"
            close a.txt
            open c.txt
            rename a.txt c.txt
        "###,
        expect![[r#"
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..8
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > rewrites "ONE\ntwo\n"
              p1 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > close a.txt
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > open c.txt
            > rename a.txt c.txt
              marks c.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 2:1-3:1 "one\n" -> "ONE\n"
        "#]],
    );
}

#[test]
fn hunks_move_when_a_document_is_opened_again_without_being_closed() {
    check_pending(
        r###"
            reopens a.txt "two" "two\n2"
            reopens a.txt "one" "un"
        "###,
        expect![[r#"
            > reopens a.txt "two" "two\n2"
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
            > reopens a.txt "one" "un"
              marks a.txt@3: p1.r1.h1 stale, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 stale 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 5:1-6:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn an_edit_on_its_way_is_given_up_after_a_rename() {
    check_pending(
        r###"
            accept p1.r1.h1
            rename a.txt c.txt
            refuses
            accept p1.r1.h1
            applies
        "###,
        expect![[r#"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > rename a.txt c.txt
              marks c.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > refuses
              tell warning: the editor did not apply the edit (not now); the hunks stay pending. Accept them again
            > accept p1.r1.h1
              apply #2 "Hunkwise: accept hunk": c.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > applies
              marks c.txt@2: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn hunks_of_a_deleted_file_are_kept() {
    check_pending(
        r###"
            refine p1 "more"
            delete a.txt
            delete b.txt
        "###,
        expect![[r#"
            > refine p1 "more"
              p1 begins: more
              start 7 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > delete a.txt
              stop 7
              p1 ends: cancelled
              tell warning: untitled:a.txt is gone from disk with 2 hunks pending, kept on its text. Save it from your editor, or bring the file back, to go on
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > delete b.txt
        "#]],
    );
}

#[test]
fn a_file_that_changed_on_disk_is_told() {
    check_pending(
        r###"
            disk a.txt
            compare
            disk b.txt
        "###,
        expect![[r#"
            > disk a.txt
              start 7 compare a.txt
            > compare
              tell warning: untitled:a.txt changed on disk under pending hunks; they stay on the editor's text. Reload the file to move them over, or save to keep yours
            > disk b.txt
        "#]],
    );
}

/// From a request on for a document with a file.
#[track_caller]
fn check_file(script: &str, expect: Expect) {
    let files = "//- /w/a.txt\none\ntwo\n";
    let ask = "open /w/a.txt\nask /w/a.txt \"two\" \"shout\"";
    expect.assert_eq(&crate::script::Script::new(files).after(ask).run(script));
}

#[test]
fn a_file_is_watched_while_hunks_wait_in_it() {
    check_file(
        r###"
            gather
            says "```\nONE\ntwo\n```\n"
            stops complete
            check
            close /w/a.txt
            open /w/a.txt
            reject p1
        "###,
        expect![[r#"
            > gather
              start 2 question of 1 messages
              p1 goes on: waiting for the model
              start 3 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "```\nONE\ntwo\n```\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 1 blocks
              p1.r1 of 1 streaming
              start 6 check of 1 edits
              watch a.txt
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
            > check
              p1 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > close /w/a.txt
              watch none
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > open /w/a.txt
              watch a.txt
              marks a.txt@2: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > reject p1
              answer p1
              watch none
              marks a.txt@2: p1 decided +0 -1
              p1.r1 of 1 decided
                h1 rejected 1:1-2:1 "one\n" -> "ONE\n"
        "#]],
    );
}

#[test]
fn what_became_of_a_watched_file_is_told_once() {
    check_file(
        r###"
            rewrites "ONE\ntwo\n"
            disk /w/a.txt
            compares differs
            disk /w/a.txt
            compares differs
            disk /w/a.txt
            compares gone
            delete /w/a.txt
            disk /w/a.txt
            compares same
            disk /w/a.txt
            compares differs
        "###,
        expect![[r#"
            > rewrites "ONE\ntwo\n"
              p1 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
            > disk /w/a.txt
              start 7 compare a.txt
            > compares differs
              tell warning: file:///c:/w/a.txt changed on disk under pending hunks; they stay on the editor's text. Reload the file to move them over, or save to keep yours
            > disk /w/a.txt
              start 8 compare a.txt
            > compares differs
            > disk /w/a.txt
              start 9 compare a.txt
            > compares gone
              tell warning: file:///c:/w/a.txt is gone from disk with 1 hunk pending, kept on its text. Save it from your editor, or bring the file back, to go on
            > delete /w/a.txt
            > disk /w/a.txt
              start 10 compare a.txt
            > compares same
            > disk /w/a.txt
              start 11 compare a.txt
            > compares differs
              tell warning: file:///c:/w/a.txt changed on disk under pending hunks; they stay on the editor's text. Reload the file to move them over, or save to keep yours
        "#]],
    );
}

#[test]
fn a_tree_of_a_text_that_was_closed_is_not_that_of_the_next() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n",
        r###"
            open a.py
            close a.py
            typed-while-closed a.py "# ai: rename x\n" ""
            open a.py
            parse
            actions a.py "x = 1"
        "###,
        expect![[r##"
            > open a.py
              start 1 parse a.py
            > close a.py
              stop 1
            > typed-while-closed a.py "# ai: rename x\n" ""
            > open a.py
              start 2 parse a.py
            > parse
            > actions a.py "x = 1"
              ask
              recipe "Simplify"
              recipe "Document"
              recipe "Handle errors"
        "##]],
    );
}

#[test]
fn a_file_renamed_while_it_is_parsed_is_parsed_under_its_new_name() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n",
        r###"
            open a.py
            rename a.py b.py
            parse
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > rename a.py b.py
              stop 1
              start 2 parse b.py
            > parse
              marks b.py@1: directive in line 1
        "#]],
    );
}

#[test]
fn a_request_goes_on_without_a_tree_when_the_parse_fails_inside() {
    check(
        "//- a.py\ndef f():\n    x = 1\n",
        r###"
            open a.py
            ask a.py "x = 1" "rename x"
            panics parse
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > ask a.py "x = 1" "rename x"
              p1 begins: rename x
              answer p1
              marks a.py@1: p1 works in line 2
              p1.r0 of 0 preparing
            > panics parse
              tell error: untitled:a.py could not be parsed (oh); your text is unchanged. Until you change it, requests about it go by paragraphs
              start 2 gather for a.py 0..19
              marks a.py@1: p1 works in line 1
        "#]],
    );
}
