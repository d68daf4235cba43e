//! Mentions in instructions: what is completed, what is shown to the model, and what is not sent without.

use expect_test::expect;

use super::check;

const FILES: &str = "//- /w/a.py\n# ai: use @ra and @\nx = 1\n//- /w/pay/rates.py\ndef rate_for(region):\n    return 1\n//- b.py\ny = 1\n";

#[test]
fn what_is_mentioned_is_shown_and_says_so() {
    check(
        FILES,
        r#"
            folder /w
            context 1000
            open /w/a.py
            open /w/pay/rates.py
            parse
            ask /w/a.py "x = 1" "use @rate_for, see @pay/rates.py"
            gather
            asked "mentioned"
        "#,
        expect![[r#"
            > folder /w
            > context 1000
            > open /w/a.py
              start 1 parse a.py
            > open /w/pay/rates.py
              start 2 parse rates.py
            > parse
              marks a.py@1: directive in line 1
            > ask /w/a.py "x = 1" "use @rate_for, see @pay/rates.py"
              p1 begins: use @rate_for, see @pay/rates.py
              start 3 gather for a.py 0..26
              answer p1
              marks a.py@1: directive in line 1, p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              start 4 question of 1 messages
              p1 goes on: waiting for the model
              start 5 receipt p1.r1 under way
              start 6 look up checks for /c:/w/a.py
              p1.r1 of 1 streaming
            > asked "mentioned"
              Lines 1-2, mentioned: @pay/rates.py; mentioned: @rate_for; like the request: rate_for:
        "#]],
    );
}

#[test]
fn a_request_does_not_go_out_without_what_it_mentions() {
    check(
        FILES,
        r#"
            folder /w
            context 1000
            open /w/a.py
            parse
            ask /w/a.py "x = 1" "like @pay/gone.py, with @diagnostic"
            gather
        "#,
        expect![[r#"
            > folder /w
            > context 1000
            > open /w/a.py
              start 1 parse a.py
            > parse
              marks a.py@1: directive in line 1
            > ask /w/a.py "x = 1" "like @pay/gone.py, with @diagnostic"
              p1 begins: like @pay/gone.py, with @diagnostic
              start 2 gather for a.py 0..26
              answer p1
              marks a.py@1: directive in line 1, p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              p1 ends: nothing was sent: `@pay/gone.py` is no file of this folder
              tell warning: nothing was sent: `@pay/gone.py` is no file of this folder; correct the path, or put it in backticks if nothing is to be shown. `@diagnostic` is no name that is known; write `@diagnostics` if you mean that, or put it in backticks
              marks a.py@1: directive in line 1, p1 failed
              p1.r0 of 0 failed
        "#]],
    );
}

#[test]
fn without_a_folder_there_are_no_files_to_mention() {
    check(
        FILES,
        r#"
            context 1000
            open b.py
            parse
            ask b.py "y = 1" "like @pay/rates.py"
            gather
        "#,
        expect![[r#"
            > context 1000
            > open b.py
              start 1 parse b.py
            > parse
            > ask b.py "y = 1" "like @pay/rates.py"
              p1 begins: like @pay/rates.py
              start 2 gather for b.py 0..6
              answer p1
              marks b.py@1: p1 works in line 1
              p1.r0 of 0 preparing
            > gather
              p1 ends: nothing was sent: `@pay/rates.py`: the document is in no folder of the workspace
              tell warning: nothing was sent: `@pay/rates.py`: the document is in no folder of the workspace; open its folder to mention files
              marks b.py@1: p1 failed
              p1.r0 of 0 failed
        "#]],
    );
}

#[test]
fn names_are_completed_from_what_is_there() {
    check(
        FILES,
        r#"
            folder /w
            open /w/a.py
            open /w/pay/rates.py
            parse
            completes /w/a.py "and @"
            completes /w/a.py "use @ra"
            names
            completes /w/a.py "use @ra"
            completes /w/a.py "use @"
            completes /w/a.py "x = 1"
        "#,
        expect![[r#"
            > folder /w
            > open /w/a.py
              start 1 parse a.py
            > open /w/pay/rates.py
              start 2 parse rates.py
            > parse
              marks a.py@1: directive in line 1
            > completes /w/a.py "and @"
              @diff
              @diagnostics
              @a.py
              @pay/rates.py
              and perhaps more
            > completes /w/a.py "use @ra"
              @pay/rates.py
              and perhaps more
            > names
            > completes /w/a.py "use @ra"
              @rate_for
              @pay/rates.py
            > completes /w/a.py "use @"
              @diff
              @diagnostics
              @x
              @a.py
              @rate_for
              @pay/rates.py
            > completes /w/a.py "x = 1"
        "#]],
    );
}
