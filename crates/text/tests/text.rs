//! The text crate through its front door: positions, whole lines, endings, diffs.

use text::{
    ChangeSet, Edit, Encoding, LineEnding, Position, Text, diff_lines, diff_words, fixture, split_lines,
    unified_diff, with_line_ending,
};

#[track_caller]
fn check_position(marked: &str, encoding: Encoding, line: u32, character: u32) {
    let (content, range) = fixture::cursor(marked);
    let text = Text::from(content);
    let offset = range.expect("the fixture has a cursor").start;
    let position = Position { line, character };
    assert_eq!(text.position(offset, encoding), position);
    assert_eq!(text.offset(position, encoding), offset);
}

#[test]
fn positions_count_bytes_units_or_characters() {
    check_position("é\n😀x$0y", Encoding::Utf8, 1, 5);
    check_position("é\n😀x$0y", Encoding::Utf16, 1, 3);
    check_position("é\n😀x$0y", Encoding::Utf32, 1, 2);
}

#[test]
fn every_line_ending_ends_a_line() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        check_position("a\r\nb\rc\nd$0", encoding, 3, 1);
    }
}

#[test]
fn other_separators_do_not_end_a_line() {
    check_position("a\u{2028}b\u{85}c\u{b}d$0", Encoding::Utf32, 0, 7);
}

#[test]
fn a_position_behind_a_line_is_its_end() {
    let text = Text::from("ab\r\ncd");
    let at = |line, character| text.offset(Position { line, character }, Encoding::Utf16);
    assert_eq!((at(0, 99), at(1, 99), at(7, 0)), (2, 6, 6));
}

#[test]
fn half_a_surrogate_pair_is_the_start_of_its_character() {
    let text = Text::from("a😀b");
    assert_eq!(text.offset(Position { line: 0, character: 2 }, Encoding::Utf16), 1);
}

#[test]
fn whole_lines_hold_a_range() {
    let text = Text::from("one\ntwo\nthree");
    assert_eq!(text.whole_lines(5..5), 4..8);
    assert_eq!(text.whole_lines(4..4), 4..4);
    assert_eq!(text.whole_lines(1..8), 0..8);
    assert_eq!(text.whole_lines(9..10), 8..13);
}

#[test]
fn the_most_frequent_line_ending_wins() {
    assert_eq!(Text::from("a\r\nb\nc\r\n").line_ending(), LineEnding::CrLf);
    assert_eq!(Text::from("a\nb\r\n").line_ending(), LineEnding::Lf);
    assert_eq!(Text::from("a").line_ending(), LineEnding::Lf);
    assert_eq!(Text::from("a\rb\r").line_ending(), LineEnding::Cr);
    assert_eq!(with_line_ending("a\nb\r\nc", LineEnding::CrLf), "a\r\nb\r\nc");
}

#[test]
fn a_change_set_refuses_what_it_was_not_made_for() {
    let text = Text::from("aé");
    let change = |range, len| ChangeSet::single(len, Edit::new(range, "x"));
    assert!(text.apply(&change(0..1, 4).unwrap()).is_err());
    assert!(text.apply(&change(2..3, 3).unwrap()).is_err());
    assert!(change(2..9, 3).is_err());
    assert!(ChangeSet::new(9, vec![Edit::new(3..5, ""), Edit::new(4..6, "")]).is_err());
}

#[test]
fn lines_and_words_differ_where_they_should() {
    let old = "a\nb\nc\n";
    let new = "a\nB\nc\nd\n";
    let changes = diff_lines(old, new);
    let shown: Vec<_> =
        changes.iter().map(|change| (&old[change.old.clone()], &new[change.new.clone()])).collect();
    assert_eq!(shown, [("b\n", "B\n"), ("", "d\n")]);
    let words = diff_words("let total = a;", "let total = b + a;");
    assert_eq!(words.len(), 1);
    assert_eq!(split_lines("a\r\nb\rc"), ["a\r\n", "b\r", "c"]);
}

#[test]
fn a_unified_diff_reads_as_git_writes_it() {
    let diff = unified_diff("a\nb\nc", "a\nB\nc", "a/f", "b/f", 1);
    assert_eq!(diff, "--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n");
    assert_eq!(unified_diff("same", "same", "a/f", "b/f", 3), "");
    assert!(unified_diff("", "x\n", "/dev/null", "b/f", 3).contains("@@ -0,0 +1 @@"));
}

#[test]
fn a_whole_new_text_becomes_small_edits() {
    let before = Text::from("one\ntwo\nthree\nfour\n");
    let after = Text::from("one\ntwo!\nthree\nfour\nfive\n");
    let changes = ChangeSet::between(&before, &after);
    assert_eq!(changes.edits(), [Edit::new(7..7, "!"), Edit::new(19..19, "five\n")]);
    assert_eq!(before.apply(&changes).unwrap(), after);
}

/// `marked` is the text before with the replaced range between two `|`.
#[track_caller]
fn check_refined(marked: &str, new: &str, expected: &[(&str, &str)]) {
    let [front, old, behind] = marked.split('|').collect::<Vec<_>>()[..] else { panic!("two marks") };
    let text = Text::from([front, old, behind].concat().as_str());
    let edit = Edit::new(front.len()..front.len() + old.len(), new);
    let change = ChangeSet::single(text.len(), edit).expect("an edit inside the text");
    let refined = change.refined(&text);
    let shown: Vec<(String, &str)> =
        refined.edits().iter().map(|edit| (text.slice(edit.range.clone()), edit.text.as_str())).collect();
    let shown: Vec<(&str, &str)> = shown.iter().map(|(old, new)| (old.as_str(), *new)).collect();
    assert_eq!(shown, expected);
    assert_eq!(text.apply(&refined), text.apply(&change));
}

#[test]
fn lines_cut_at_other_characters_are_whole_lines() {
    check_refined("a\n  |# b\n  |c\n", "", &[("  # b\n", "")]);
    check_refined("a\n  ||c\n", "# b\n  ", &[("", "  # b\n")]);
    check_refined("a||\nc\n", "\nb", &[("", "b\n")]);
    check_refined("a|\nb|\nc\n", "", &[("b\n", "")]);
    check_refined("a\r\n  |b\r\n  |c\r\n", "", &[("  b\r\n", "")]);
    check_refined("a||", "\nb", &[("", "\nb")]);
    check_refined("  ||c\n", "x\ny", &[("", "x\ny")]);
}

#[test]
fn a_block_is_compared_line_by_line() {
    check_refined("|a\nb\nc\nd\n|", "A\nb\nc\nD\n", &[("a", "A"), ("d", "D")]);
    check_refined("x = |1\ny = 2\nz = 3|\n", "one\ny = 2\nz = three", &[("1", "one"), ("3", "three")]);
    check_refined("|same\n|", "same\n", &[]);
    check_refined("f(|a|)\n", "ab", &[("", "b")]);
}
