//! The text between the end of one server and the start of the next.

use super::{CODE, REWRITTEN, Run, left};

/// From three hunks in `text`, which is `edited` while no server runs: those that can be decided when it is opened again,
/// those that do not fit any more, and the text when all are accepted that can be.
#[track_caller]
fn check(text: &str, edited: &str, pending: &[usize], stale: &[usize], expected: &str) {
    let (world, _model, ids) = left(text);
    world.write("a.py", edited);
    let mut run = Run::start(&world, "a.py", edited);
    let (found, gone) = run.hunks(pending.len(), stale.len());
    let named = |idx: &[usize]| idx.iter().map(|idx| ids[*idx].clone()).collect::<Vec<_>>();
    assert_eq!((found, gone), (named(pending), named(stale)));
    if pending.is_empty() {
        run.refused("hunkwise.accept", "p1");
    } else {
        run.accept("p1");
    }
    assert_eq!(run.text(), expected);
    run.end();
}

#[test]
fn hunks_are_back_on_the_same_text() {
    check(CODE, CODE, &[0, 1, 2], &[], REWRITTEN);
}

#[test]
fn hunks_move_with_what_was_put_in_front_of_them() {
    let edited = CODE.replace("import os\n", "import os\nimport sys\n# é 😀\n");
    let expected = REWRITTEN.replace("import os\n", "import os\nimport sys\n# é 😀\n");
    check(CODE, &edited, &[0, 1, 2], &[], &expected);
}

#[test]
fn hunks_stay_where_something_behind_them_was_changed() {
    let edited = CODE.replace("return 1", "return 2").replace("tail", "end");
    let expected = REWRITTEN.replace("return 1", "return 2").replace("tail", "end");
    check(CODE, &edited, &[0, 1, 2], &[], &expected);
}

#[test]
fn a_hunk_whose_line_was_changed_is_stale() {
    let edited = CODE.replace("result += price", "result += 2 * price");
    let expected = REWRITTEN.replace(
        "        if price is not None:\n            result += price\n",
        "        result += 2 * price\n",
    );
    check(CODE, &edited, &[0, 2], &[1], &expected);
}

#[test]
fn a_hunk_between_changed_lines_stays_on_its_own() {
    let edited = CODE.replace("    print(result)\n", "    print('sum', result)\n");
    let expected = REWRITTEN.replace("    print(result)\n", "    print('sum', result)\n");
    check(CODE, &edited, &[0, 1, 2], &[], &expected);
}

#[test]
fn a_line_that_is_there_twice_now_is_nobodys() {
    let twin = "\n\ndef other():\n    return result\n";
    let (edited, expected) = (format!("{CODE}{twin}"), REWRITTEN.replace("    amount = 0", "    result = 0"));
    let edited = edited.replace("    result = 0\n", "    result = 0\n    result = 0\n");
    let expected = expected.replace("    result = 0\n", "    result = 0\n    result = 0\n") + twin;
    // Its line `return result` stands between lines that are there once.
    check(CODE, &edited, &[1, 2], &[0], &expected);
}

#[test]
fn a_file_that_is_another_has_no_hunks_to_accept() {
    check(CODE, "x = 1\n", &[], &[0, 1, 2], "x = 1\n");
}

#[test]
fn an_emptied_file_has_no_hunks_to_accept() {
    check(CODE, "", &[], &[0, 1, 2], "");
}

#[test]
fn line_endings_stay_byte_for_byte() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    check(&crlf(CODE), &crlf(CODE), &[0, 1, 2], &[], &crlf(REWRITTEN));
    let edited = crlf(CODE).replace("import os\r\n", "import os\nimport re\r\n");
    let expected = crlf(REWRITTEN).replace("import os\r\n", "import os\nimport re\r\n");
    check(&crlf(CODE), &edited, &[0, 1, 2], &[], &expected);
}

#[test]
fn other_line_endings_are_another_text() {
    let edited = CODE.replace('\n', "\r\n");
    check(CODE, &edited, &[], &[0, 1, 2], &edited);
}

#[test]
fn a_last_line_without_an_ending_stays_without() {
    let cut = |text: &str| text.split("\n\n\ndef tail").next().expect("a part").to_owned();
    check(&cut(CODE), &cut(CODE), &[0, 1, 2], &[], &cut(REWRITTEN));
    // With an ending it is another line.
    let expected = cut(REWRITTEN).replace("    return round(result, 2)", "    return result\n");
    check(&cut(CODE), &format!("{}\n", cut(CODE)), &[0, 1], &[2], &expected);
}

#[test]
fn lines_with_characters_of_any_length_stay_byte_for_byte() {
    let with =
        |text: &str| text.replace("import os\n", "import os  # é漢 👩‍👩‍👧\n").replace("return 1", "return '😀'");
    check(&with(CODE), &with(CODE), &[0, 1, 2], &[], &with(REWRITTEN));
    let edit = |text: &str| with(text).replace("😀", "😀😀").replace("# é", "# 😀é\n# 😀");
    check(&with(CODE), &edit(CODE), &[0, 1, 2], &[], &edit(REWRITTEN));
}

#[test]
fn a_file_that_was_deleted_keeps_its_hunks_until_it_is_back() {
    let (world, _model, ids) = left(CODE);
    std::fs::remove_file(world.path("a.py")).expect("it was there");
    let mut other = Run::start(&world, "b.py", "x = 1\n");
    other.client.indexed();
    assert_eq!(super::rows(&world).len(), 1);
    other.end();
    world.write("a.py", CODE);
    let mut run = Run::start(&world, "a.py", CODE);
    assert_eq!(run.pending(3), ids);
    run.end();
}
