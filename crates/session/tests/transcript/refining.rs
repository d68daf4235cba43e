//! Next revisions: of one hunk, of the whole, by hand, and the way back to an earlier one.

use expect_test::expect;

use super::check_pending;

#[test]
fn one_hunk_is_refined_and_the_other_stays() {
    check_pending(
        r###"
            refine p1.r1.h1 "louder"
            gather
            says "```\nONE!\n```\n"
            stops complete
            check
            revision p1 prev
            revision p1 prev
            revision p1 next
            revision p1 2
            accept p1.r1.h2
            applies
        "###,
        expect![[r#"
            > refine p1.r1.h1 "louder"
              p1 begins: louder
              start 7 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > gather
              start 8 question of 1 messages
              p1 goes on: waiting for the model
              start 9 receipt p1.r2 under way
              marks a.txt@1: p1 works in line 1, p1.r2.h2 1/1 changes 1 line
              p1.r2 of 2 streaming
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > says "```\nONE!\n```\n"
            > stops complete
              start 10 receipt p1.r2 complete
              start 11 settling of 1 blocks
              p1.r2 of 2 streaming
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
              start 12 check of 2 edits
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                h1 arriving 1:1-2:1 "one\n" -> "ONE!\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > check
              p1 ends: 2 hunks to review
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE!\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revision p1 prev
              answer p1
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 2 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revision p1 prev
              refused: info: p1 has no revision 0; it has 1 to 2, shown is 1
            > revision p1 next
              answer p1
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE!\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revision p1 2
              answer p1
            > accept p1.r1.h2
              apply #1 "Hunkwise: accept hunk": a.txt@1 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1.r2.h1 1/2 changes 1 line
              p1.r2 of 2 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE!\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn a_whole_proposal_is_refined_with_what_was_decided() {
    check_pending(
        r###"
            accept p1.r1.h1
            applies
            reject p1.r1.h2 "no"
            refine p1 "more"
            gather
            says "<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n"
            stops complete
            check
        "###,
        expect![[r#"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > applies
              marks a.txt@2: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > reject p1.r1.h2 "no"
              answer p1
              marks a.txt@2: p1 decided +1 -1
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected because "no" 4:1-5:1 "four\n" -> "FOUR\n"
            > refine p1 "more"
              p1 begins: more
              start 7 gather for a.txt 0..19
              answer p1
              marks a.txt@2: p1 works in line 1
              p1.r1 of 1 preparing
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 rejected because "no" 4:1-5:1 "four\n" -> "FOUR\n"
            > gather
              start 8 question of 1 messages
              p1 goes on: waiting for the model
              start 9 receipt p1.r2 under way
              p1.r2 of 2 streaming
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
            > says "<<<<<<< SEARCH\nthree\n=======\nTHREE\n>>>>>>> REPLACE\n"
              p1 goes on: 1 changes so far
            > stops complete
              start 10 receipt p1.r2 complete
              start 11 settling of 0 blocks
              p1.r2 of 2 streaming
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
              start 12 check of 1 edits
              marks a.txt@2: p1 works in line 1, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 arriving 3:1-4:1 "three\n" -> "THREE\n"
            > check
              p1 ends: 1 hunks to review
              marks a.txt@2: p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 3:1-4:1 "three\n" -> "THREE\n"
        "#]],
    );
}

#[test]
fn a_refinement_that_fails_leaves_the_hunks_as_they_were() {
    check_pending(
        r###"
            refine p1 "more"
            gather
            says "NO CHANGE: enough.\n"
            stops complete
            refine p1.r1.h1 "louder"
            refine p1.r1.h1 "louder"
            gather
            stops dead
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
            > gather
              start 8 question of 1 messages
              p1 goes on: waiting for the model
              start 9 receipt p1.r2 under way
              marks a.txt@1: p1 works in line 1
              p1.r2 of 2 streaming
            > says "NO CHANGE: enough.\n"
            > stops complete
              start 10 receipt p1.r2 complete
              start 11 settling of 0 blocks
              p1.r2 of 2 streaming, prose "NO CHANGE: enough."
              p1 ends: the model proposed no change: NO CHANGE: enough.. Your text is unchanged
              tell info: the model proposed no change: NO CHANGE: enough.. Your text is unchanged
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending, prose "NO CHANGE: enough."
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > refine p1.r1.h1 "louder"
              p1 begins: louder
              start 12 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing, prose "NO CHANGE: enough."
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > refine p1.r1.h1 "louder"
              refused: info: p1 is still working; cancel it first, or wait for it
            > gather
              start 13 question of 1 messages
              p1 goes on: waiting for the model
              start 14 receipt p1.r2 under way
              marks a.txt@1: p1 works in line 1, p1.r2.h2 1/1 changes 1 line
              p1.r2 of 2 streaming
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > stops dead
              start 15 receipt p1.r2 cut
              p1 ends: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              tell error: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn a_hunk_decided_while_its_refinement_is_prepared_is_not_asked_for() {
    check_pending(
        r###"
            refine p1.r1.h1 "louder"
            inline p1.r1.h1
            gather
            refine p1.r1.h1 "louder"
        "###,
        expect![[r#"
            > refine p1.r1.h1 "louder"
              p1 begins: louder
              start 7 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > inline p1.r1.h1
              marks a.txt@2: p1 works in line 1, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > gather
              p1 ends: p1.r1.h1 is not pending any more
              tell warning: p1.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again. What you had accepted stays
              marks a.txt@2: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > refine p1.r1.h1 "louder"
              refused: warning: p1.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again
        "#]],
    );
}

#[test]
fn the_user_writes_the_text_of_a_hunk() {
    check_pending(
        r###"
            revise p1.r1.h1 "Uno\n"
            revise p1.r2.h1 "no\n"
            check
            revise p1.r2.h1 "one\n"
            refine p1 "more"
            revise p1.r2.h1 "no\n"
        "###,
        expect![[r#"
            > revise p1.r1.h1 "Uno\n"
              p1 begins: edited by hand
              start 7 check of 2 edits
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 checking
                h1 arriving 1:1-2:1 "one\n" -> "Uno\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revise p1.r2.h1 "no\n"
              refused: info: p1 is still working; cancel it first, or wait for it
            > check
              p1 ends: 2 hunks to review
              marks a.txt@1: p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 pending
                h1 pending 1:1-2:1 "one\n" -> "Uno\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revise p1.r2.h1 "one\n"
              refused: warning: a change at offset 0 does not fit the text; the hunk stays as it was
            > refine p1 "more"
              p1 begins: more
              start 8 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r2.h1 1/2 changes 1 line, p1.r2.h2 2/2 changes 1 line
              p1.r2 of 2 preparing
                h1 pending 1:1-2:1 "one\n" -> "Uno\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > revise p1.r2.h1 "no\n"
              refused: info: p1 is still working; cancel it first, or wait for it
        "#]],
    );
}

#[test]
fn a_follow_up_is_written_into_the_review_document() {
    check_pending(
        r###"
            review p1
            written
            open p1.md
            shows p1.md
            type p1.md "## Follow-up\n" "## Follow-up\n\nmore\n"
            run p1.md "more"
        "###,
        expect![[r###"
            > review p1
              start 7 write p1.md
              answer p1
            > written
              show p1.md 1:1
            > open p1.md
              start 8 parse p1.md
            > shows p1.md
              |# p1 · revision 1 of 1
              |
              |1. shout
              |
              |Scope: paragraph in untitled:a.txt
              |Model: m-1 at model.test · 5 tokens in, 7 out
              |
              |## Hunk p1.r1.h1 · line 1 · changes 1 line · pending
              |
              |```diff
              |-one
              |+ONE
              |```
              |
              |## Hunk p1.r1.h2 · line 4 · changes 1 line · pending
              |
              |```diff
              |-four
              |+FOUR
              |```
              |
              |## Follow-up
              |
              |
            > type p1.md "## Follow-up\n" "## Follow-up\n\nmore\n"
            > run p1.md "more"
              p1 begins: more
              start 9 gather for a.txt 0..19
              answer p1
              marks a.txt@1: p1 works in line 1, p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "###]],
    );
}

#[test]
fn a_change_of_accepted_or_edited_text_is_left_out_aloud() {
    check_pending(
        r###"
            accept p1.r1.h1
            applies
            again p1
            gather
            type a.txt "three" "3"
            says "```\n1\ntwo\nTHREE\nFOUR!\n```\n"
            stops complete
        "###,
        expect![[r#"
            > accept p1.r1.h1
              apply #1 "Hunkwise: accept hunk": a.txt@1 1:1-2:1 "ONE\n"
              answer p1
            > applies
              marks a.txt@2: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > again p1
              p1 begins: shout
              start 7 gather for a.txt 0..19
              answer p1
              marks a.txt@2: p1 works in line 1, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 preparing
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > gather
              start 8 question of 1 messages
              p1 goes on: waiting for the model
              start 9 receipt p1.r2 under way
              marks a.txt@2: p1 works in line 1
              p1.r2 of 2 streaming
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
            > type a.txt "three" "3"
              p1.r2 of 2 streaming
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
            > says "```\n1\ntwo\nTHREE\nFOUR!\n```\n"
            > stops complete
              start 10 receipt p1.r2 complete
              start 11 settling of 1 blocks
              p1.r2 of 2 streaming
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
              p1 ends: 1 change touches text that you edited meanwhile and is left out
              tell warning: 1 change touches text that you edited meanwhile and is left out; 1 change touches text that you accepted from this proposal and is left out. Ask there again to change the text as it is now. What you had accepted stays
              marks a.txt@3: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}
