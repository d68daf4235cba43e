//! Accepting: by commands and by code actions, in editors that do as they say.

use expect_test::expect;

use super::check_pending;

#[test]
fn a_code_action_accepts_by_itself() {
    check_pending(
        r###"
            inline p1.r1.h1
            applied p1.r1.h1
            undone a.txt
            redone a.txt
        "###,
        expect![[r#"
            > inline p1.r1.h1
              marks a.txt@2: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > applied p1.r1.h1
              answer p1
            > undone a.txt
              marks a.txt@3: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > redone a.txt
              marks a.txt@4: p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}

#[test]
fn a_command_accepts_a_file() {
    check_pending(
        r###"
            accept file@a.txt
            accept file@a.txt
            applies
            shows a.txt
            actions a.txt "ONE"
        "###,
        expect![[r#"
            > accept file@a.txt
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > accept file@a.txt
              refused: info: these hunks are being accepted already
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
            > shows a.txt
              |ONE
              |two
              |three
              |FOUR
            > actions a.txt "ONE"
              undo p1
              follow up p1
              review p1
              dismiss p1
              ask
        "#]],
    );
}

#[test]
fn accept_all_goes_from_file_to_file() {
    check_pending(
        r###"
            open b.txt
            ask b.txt "red" "shout"
            rewrites "RED\nblue\n"
            accept all
            applies
            applies
        "###,
        expect![[r#"
            > open b.txt
            > ask b.txt "red" "shout"
              p2 begins: shout
              start 7 gather for b.txt 0..9
              answer p2
              marks b.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > rewrites "RED\nblue\n"
              p2 ends: 1 hunks to review
              marks b.txt@1: p2.r1.h1 1/1 changes 1 line
              p2.r1 of 1 pending
                h1 pending 1:1-2:1 "red\n" -> "RED\n"
            > accept all
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
              apply #2 "Hunkwise: accept hunk": b.txt@1 1:1-2:1 "RED\n"
            > applies
              marks b.txt@2: p2 decided +1 -0
              p2.r1 of 1 decided
                h1 accepted 1:1-2:1 "red\n" -> "RED\n"
        "#]],
    );
}

#[test]
fn accept_all_stops_where_an_edit_is_refused() {
    check_pending(
        r###"
            open b.txt
            ask b.txt "red" "shout"
            rewrites "RED\nblue\n"
            accept all
            applies
            refuses
        "###,
        expect![[r#"
            > open b.txt
            > ask b.txt "red" "shout"
              p2 begins: shout
              start 7 gather for b.txt 0..9
              answer p2
              marks b.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > rewrites "RED\nblue\n"
              p2 ends: 1 hunks to review
              marks b.txt@1: p2.r1.h1 1/1 changes 1 line
              p2.r1 of 1 pending
                h1 pending 1:1-2:1 "red\n" -> "RED\n"
            > accept all
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
              apply #2 "Hunkwise: accept hunk": b.txt@1 1:1-2:1 "RED\n"
            > refuses
              tell warning: the editor did not apply the edit (not now); the hunks stay pending. Accept them again; done before: untitled:a.txt
        "#]],
    );
}

#[test]
fn accept_all_leaves_what_was_revised_meanwhile() {
    check_pending(
        r###"
            open b.txt
            ask b.txt "red" "shout"
            rewrites "RED\nblue\n"
            accept all
            revise p2.r1.h1 "Rot\n"
            check
            applies
        "###,
        expect![[r#"
            > open b.txt
            > ask b.txt "red" "shout"
              p2 begins: shout
              start 7 gather for b.txt 0..9
              answer p2
              marks b.txt@1: p2 works in line 1
              p2.r0 of 0 preparing
            > rewrites "RED\nblue\n"
              p2 ends: 1 hunks to review
              marks b.txt@1: p2.r1.h1 1/1 changes 1 line
              p2.r1 of 1 pending
                h1 pending 1:1-2:1 "red\n" -> "RED\n"
            > accept all
              apply #1 "Hunkwise: accept 2 hunks": a.txt@1 1:1-2:1 "ONE\n"; 4:1-5:1 "FOUR\n"
              answer p1
            > revise p2.r1.h1 "Rot\n"
              p2 begins: edited by hand
              start 13 check of 1 edits
              answer p2
              marks b.txt@1: p2 works in line 1, p2.r2.h1 1/1 changes 1 line
              p2.r2 of 2 checking
                h1 arriving 1:1-2:1 "red\n" -> "Rot\n"
            > check
              p2 ends: 1 hunks to review
              marks b.txt@1: p2.r2.h1 1/1 changes 1 line
              p2.r2 of 2 pending
                h1 pending 1:1-2:1 "red\n" -> "Rot\n"
            > applies
              marks a.txt@2: p1 decided +2 -0
              p1.r1 of 1 decided
                h1 accepted 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
              tell warning: p2.r1.h1 is not pending any more; nothing was changed. Look at the current hunks and try again. Done before: untitled:a.txt
        "#]],
    );
}

#[test]
fn an_accept_is_known_though_its_revision_was_withdrawn() {
    check_pending(
        r###"
            refine p1.r1.h1 "louder"
            gather
            accept p1.r2.h2
            stops dead
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
            > accept p1.r2.h2
              apply #1 "Hunkwise: accept hunk": a.txt@1 4:1-5:1 "FOUR\n"
              answer p1
            > stops dead
              start 10 receipt p1.r2 cut
              p1 ends: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              tell error: the answer was cut off (the line went dead), so nothing of it is offered. Your text is unchanged. Ask again
              marks a.txt@1: p1.r1.h1 1/2 changes 1 line, p1.r1.h2 2/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 pending 4:1-5:1 "four\n" -> "FOUR\n"
            > applies
              marks a.txt@2: p1.r1.h1 1/2 changes 1 line
              p1.r1 of 1 pending
                h1 pending 1:1-2:1 "one\n" -> "ONE\n"
                h2 accepted 4:1-5:1 "four\n" -> "FOUR\n"
        "#]],
    );
}
