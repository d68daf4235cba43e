//! From a question to hunks that wait: by a command, a directive, a prompt, or a document to write in.

use expect_test::{Expect, expect};

use super::{FILES, check};

#[test]
fn a_request_prepares_streams_is_checked_and_waits() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n    return x\n",
        r###"
            open a.py
            ask a.py "x = 1" "rename x"
            parse
            actions a.py "x = 1"
            lenses a.py
            gather
            says "```\ndef f():\n    y = 1\n    ret"
            says "urn y\n```\n"
            actions a.py "x = 1"
            stops complete
            check
            actions a.py "x = 1"
            lenses a.py
            hover a.py "return"
        "###,
        expect![[r##"
            > open a.py
              start 1 parse a.py
            > ask a.py "x = 1" "rename x"
              p1 begins: rename x
              answer p1
              marks a.py@1: p1 works in line 3
              p1.r0 of 0 preparing
            > parse
              start 2 gather for a.py 0..47
              marks a.py@1: directive in line 1, p1 works in line 1
            > actions a.py "x = 1"
              ask
              recipe "Simplify"
              recipe "Document"
              recipe "Handle errors"
            > lenses a.py
              1 run
              1 working p1
              1 cancel p1
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "```\ndef f():\n    y = 1\n    ret"
            > says "urn y\n```\n"
            > actions a.py "x = 1"
              ask
              recipe "Simplify"
              recipe "Document"
              recipe "Handle errors"
            > stops complete
              start 5 receipt p1.r1 complete
              start 6 settling of 1 blocks
              p1.r1 of 1 streaming
              start 7 check of 2 edits
              marks a.py@1: directive in line 1, p1 works in line 1, p1.r1.h1 1/2 removes 1 line, p1.r1.h2 2/2 replaces 2 lines in `f`
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "# ai: rename x\n" -> ""
                h2 arriving 3:1-5:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > check
              p1 ends: 2 hunks to review
              marks a.py@1: directive in line 1, p1.r1.h1 1/2 removes 1 line, p1.r1.h2 2/2 replaces 2 lines in `f`
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "# ai: rename x\n" -> ""
                h2 pending 3:1-5:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > actions a.py "x = 1"
              accept p1.r1.h2: a.py@1 3:1-5:1 "    y = 1\n    return y\n"
              reject p1.r1.h2
              refine p1.r1.h2
              accept file (2)
              review p1
              reject all of p1
              more p1.r1.h2
            > lenses a.py
              1 run
              1 accept p1.r1.h1
              1 reject p1.r1.h1
              1 refine p1.r1.h1
              1 review p1
              3 accept p1.r1.h2
              3 reject p1.r1.h2
              3 refine p1.r1.h2
              3 review p1
            > hover a.py "return"
              p1.r1.h2 for "rename x"
        "##]],
    );
}

#[test]
fn blocks_where_the_whole_was_asked_for_are_offered_at_the_end() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two" "shout"
            gather
            says "<<<<<<< SEARCH\none\n=======\nONE\n>>>>>>> REPL"
            says "ACE\n\n<<<<<<< SEARCH\nfour\n"
            actions a.txt "one"
            lenses a.txt
            accept p1.r1.h1
            type a.txt "two" "2"
            says "=======\nFOUR\n>>>>>>> REPLACE\n"
            stops complete
            check
        "###,
        expect![[r#"
            > open a.txt
            > ask a.txt "two" "shout"
              p1 begins: shout
              start 1 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 2 question of 1 messages
              p1 goes on: waiting for the model
              start 3 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "<<<<<<< SEARCH\none\n=======\nONE\n>>>>>>> REPL"
            > says "ACE\n\n<<<<<<< SEARCH\nfour\n"
            > actions a.txt "one"
              cancel p1
            > lenses a.txt
              1 working p1
              1 cancel p1
            > accept p1.r1.h1
              refused: warning: p1.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again
            > type a.txt "two" "2"
              p1.r1 of 1 streaming
            > says "=======\nFOUR\n>>>>>>> REPLACE\n"
            > stops complete
              start 4 receipt p1.r1 complete
              start 5 settling of 2 blocks
              p1.r1 of 1 streaming
              start 6 check of 2 edits
              marks a.txt@2: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE\n"
                h2 arriving 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              p1 ends: 2 hunks to review
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn a_directive_is_marked_run_and_goes_with_the_first_hunk() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n    return x\n",
        r###"
            open a.py
            parse
            actions a.py "ai:"
            lenses a.py
            run a.py "ai:"
            gather
            says "```\ndef f():\n    y = 1\n    return y\n```\n"
            stops complete
            check
            accept p1.r1.h1
            applies
            shows a.py
            parse
            undone a.py
            parse
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > actions a.py "ai:"
              run "rename x"
              preview
            > lenses a.py
              1 run
            > run a.py "ai:"
              p1 begins: rename x
              start 2 gather for a.py 0..47
              answer p1
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > says "```\ndef f():\n    y = 1\n    return y\n```\n"
            > stops complete
              start 5 receipt p1.r1 complete
              start 6 settling of 1 blocks
              p1.r1 of 1 streaming
              start 7 check of 1 edits
              marks a.py@1: p1 works in line 1, p1.r1.h1 1/1 replaces 2 lines in `f`
              p1.r1 of 1 checking
                h1 arriving 3:1-5:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > check
              p1 ends: 1 hunks to review
              marks a.py@1: directive in line 1, p1.r1.h1 1/1 replaces 2 lines in `f`
              p1.r1 of 1 pending
                h1 pending 3:1-5:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.py@1 1:1-2:1 ""; 3:1-5:1 "    y = 1\n    return y\n"
              answer p1
            > applies
              start 8 parse a.py
              marks a.py@2: p1 decided +1 -0
              p1.r1 of 1 decided
                h1 accepted 2:1-4:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > shows a.py
              |def f():
              |    y = 1
              |    return y
            > parse
            > undone a.py
              start 9 parse a.py
              marks a.py@3: p1.r1.h1 1/1 replaces 2 lines in `f`
              p1.r1 of 1 pending
                h1 pending 3:1-5:1 "    x = 1\n    return x\n" -> "    y = 1\n    return y\n"
            > parse
              marks a.py@3: directive in line 1, p1.r1.h1 1/1 replaces 2 lines in `f`
        "#]],
    );
}

#[test]
fn an_instruction_is_asked_for_where_the_client_can() {
    check(
        "//- a.py\n# ai: rename x\ndef f():\n    x = 1\n    return x\n",
        r###"
            client prompts
            open a.py
            parse
            ask a.py "x = 1"
            prompted
            ask a.py "x = 1"
            prompted "rename x"
            gather
            ask a.py "x = 1"
            cannot-prompt
            applies
            shows a.py
        "###,
        expect![[r##"
            > client prompts
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > ask a.py "x = 1"
              prompt #1 "What should change here?" history []
              done
            > prompted
            > ask a.py "x = 1"
              prompt #2 "What should change here?" history []
              done
            > prompted "rename x"
              p1 begins: rename x
              start 2 gather for a.py 0..47
              marks a.py@1: directive in line 1, p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > ask a.py "x = 1"
              prompt #3 "What should change here?" history ["rename x"]
              done
            > cannot-prompt
              apply #4 "Hunkwise: instruction": a.py@1 1:1 "# ai: \n"
            > applies
              start 5 parse a.py
              marks a.py@2: directive in line 2, p1 works in line 2
              p1.r1 of 1 streaming
              show a.py 1:7
            > shows a.py
              |# ai: 
              |# ai: rename x
              |def f():
              |    x = 1
              |    return x
        "##]],
    );
}

#[test]
fn a_recipe_is_named_in_a_prompt_and_in_a_command() {
    check(
        "//- a.py\ndef f():\n    return 1\n",
        r###"
            client prompts
            open a.py
            parse
            ask a.py "return"
            prompted "/types and no comments"
            gather
            ask a.py "return" "/simplify"
        "###,
        expect![[r#"
            > client prompts
            > open a.py
              start 1 parse a.py
            > parse
            > ask a.py "return"
              prompt #1 "What should change here?" history []
              done
            > prompted "/types and no comments"
              p1 begins: Add or tighten type annotations. Change nothing that runs. and no comments
              start 2 gather for a.py 0..22
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
            > ask a.py "return" "/simplify"
              p2 begins: Simplify this code without changing what it does. Keep names, comments and the order of effects.
              start 5 gather for a.py 0..22
              answer p2
              marks a.py@1: p1 works in line 1, p2 works in line 1
              p2.r0 of 0 preparing
        "#]],
    );
}

#[test]
fn a_text_without_comments_gets_a_request_document() {
    check(
        FILES,
        r###"
            open a.txt
            ask a.txt "two"
            written
            open request-1.md
            actions request-1.md "Write"
            type request-1.md "## Instruction\n\n" "## Instruction\n\nshout\n"
            actions request-1.md "Write"
            run request-1.md "shout"
            rewrites "ONE\ntwo\nthree\nfour\n"
        "###,
        expect![[r###"
            > open a.txt
            > ask a.txt "two"
              start 1 write request-1.md
              done
            > written
              show request-1.md 3:1
            > open request-1.md
              start 2 parse request-1.md
            > actions request-1.md "Write"
            > type request-1.md "## Instruction\n\n" "## Instruction\n\nshout\n"
            > actions request-1.md "Write"
              run "shout"
            > run request-1.md "shout"
              p1 begins: shout
              start 3 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1
              p1.r0 of 0 preparing
            > rewrites "ONE\ntwo\nthree\nfour\n"
              p1 ends: 1 hunks to review
              marks a.txt@1: p1.r1.h1 1/1 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
        "###]],
    );
}

#[test]
fn recipes_complete_inside_a_directive() {
    check(
        "//- a.py\n# ai: /do\nx = 1\n",
        r###"
            open a.py
            parse
            completes a.py "/do"
            run a.py "/do"
            gather
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > completes a.py "/do"
              /document
            > run a.py "/do"
              p1 begins: /do
              start 2 gather for a.py 0..16
              answer p1
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 3 question of 1 messages
              p1 goes on: waiting for the model
              start 4 receipt p1.r1 under way
              p1.r1 of 1 streaming
        "#]],
    );
}

/// From a class of two methods and its tree on.
#[track_caller]
fn check_scopes(script: &str, expect: Expect) {
    let code = "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n";
    let files = format!("//- a.py\n{code}\nx = 1\n");
    expect.assert_eq(&crate::script::Script::new(&files).after("open a.py\nparse").run(script));
}

#[test]
fn the_same_is_asked_for_a_wider_scope() {
    check_scopes(
        r###"
            ask a.py "return 2" "go"
            rewrites "    def g(self):\n        return 3\n"
            more p1
            chooses 2
        "###,
        expect![[r#"
            > ask a.py "return 2" "go"
              p1 begins: go
              start 2 gather for a.py 44..78
              answer p1
              marks a.py@1: p1 works in line 5
              p1.r0 of 0 preparing
            > rewrites "    def g(self):\n        return 3\n"
              p1 ends: 1 hunks to review
              marks a.py@1: p1.r1.h1 1/1 changes 1 line in `g`
              p1.r1 of 1 pending
                h1 pending 6:1-7:1 "        return 2\n" -> "        return 3\n"
            > more p1
              choose #1 "Proposal p1": Follow up on the whole proposal | Reject all of this proposal | Ask the same for the whole class A
              done
            > chooses 2
              p2 begins: go
              start 8 gather for a.py 0..78
              marks a.py@1: p2 works in line 1, p1.r1.h1 1/1 changes 1 line in `g`
              p2.r0 of 0 preparing
        "#]],
    );
}

#[test]
fn the_same_is_asked_for_a_narrower_scope() {
    check_scopes(
        r###"
            ask a.py "class A" "go"
            rewrites "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 3\n"
            more p1.r1.h1
            chooses 3
        "###,
        expect![[r#"
            > ask a.py "class A" "go"
              p1 begins: go
              start 2 gather for a.py 0..78
              answer p1
              marks a.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > rewrites "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 3\n"
              p1 ends: 1 hunks to review
              marks a.py@1: p1.r1.h1 1/1 changes 1 line in `g`
              p1.r1 of 1 pending
                h1 pending 6:1-7:1 "        return 2\n" -> "        return 3\n"
            > more p1.r1.h1
              choose #1 "Proposal p1": Follow up on the whole proposal | Reject all of this proposal | Ask the same for the whole file | Ask the same for the method g only
              done
            > chooses 3
              p2 begins: go
              start 8 gather for a.py 44..78
              marks a.py@1: p2 works in line 5, p1.r1.h1 1/1 changes 1 line in `g`
              p2.r0 of 0 preparing
        "#]],
    );
}

#[test]
fn a_comment_that_is_run_while_the_tree_is_behind_means_what_it_stands_above() {
    check(
        "//- a.py\n# ai: double it\ndef f():\n    return 1\n",
        r###"
            open a.py
            parse
            type a.py "def f" "def g():\n    return 2\n\n\ndef f"
            run a.py "ai:"
            parse
        "###,
        expect![[r#"
            > open a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > type a.py "def f" "def g():\n    return 2\n\n\ndef f"
              start 2 parse a.py
            > run a.py "ai:"
              p1 begins: double it
              answer p1
              marks a.py@2: p1 works in line 1
              p1.r0 of 0 preparing
            > parse
              start 3 gather for a.py 0..38
        "#]],
    );
}
