//! Words that differ between two blocks of lines.

use text::{Piece, block_pieces};

/// Lines with what changed in brackets.
fn marked(lines: &[Vec<Piece>]) -> String {
    let piece = |piece: &Piece| {
        assert!(!piece.text.is_empty(), "a piece has text");
        if piece.is_changed { format!("[{}]", piece.text) } else { piece.text.clone() }
    };
    lines.iter().map(|line| line.iter().map(piece).collect::<String>()).collect::<Vec<_>>().join("|")
}

#[track_caller]
fn check(old: &str, new: &str, expected_old: &str, expected_new: &str) {
    let pieces = block_pieces(old, new);
    assert_eq!((marked(&pieces.old).as_str(), marked(&pieces.new).as_str()), (expected_old, expected_new));
    for line in pieces.old.iter().chain(&pieces.new) {
        assert!(
            line.windows(2).all(|pair| pair[0].is_changed != pair[1].is_changed),
            "{line:?} is cut in vain"
        );
    }
    let text = |lines: &[Vec<Piece>]| -> Vec<String> {
        lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect()
    };
    let bare = |block: &str| -> Vec<String> { block.lines().map(str::to_owned).collect() };
    assert_eq!((text(&pieces.old), text(&pieces.new)), (bare(old), bare(new)), "nothing is lost");
}

#[test]
fn a_word_that_differs_is_marked() {
    check("return a + b\n", "return a * b\n", "return a [+] b", "return a [*] b");
    check("x = 1", "x = 1", "x = 1", "x = 1");
    check("return result\n", "return round(result, 2)\n", "return result", "return [round(]result[, 2)]");
}

#[test]
fn a_name_is_one_word() {
    check("total = 0\n", "total_net = 0\n", "[total] = 0", "[total_net] = 0");
}

#[test]
fn letters_outside_of_ascii_are_not_cut() {
    check("a = \"é\" + b", "a = \"è\" + b", "a = \"[é]\" + b", "a = \"[è]\" + b");
    check("a = e\u{301} + b", "a = e + b", "a = [e\u{301}] + b", "a = [e] + b");
}

#[test]
fn a_line_more_is_marked_whole() {
    check("a = 1\nc = 3\n", "a = 1\nb = 2\nc = 3\n", "a = 1|c = 3", "a = 1|[b = 2]|c = 3");
}

#[test]
fn what_goes_over_lines_is_marked_in_each() {
    check("f(a, b)\n", "f(a,\n  b)\n", "f(a,[ ]b)", "f(a,|[  ]b)");
    check("f(\n  a\n)\n", "f(a)\n", "f(|[  ]a|)", "f(a)");
}

#[test]
fn blocks_with_little_in_common_have_no_marks() {
    check("alpha beta gamma\n", "x(1, 2)\n", "alpha beta gamma", "x(1, 2)");
}

#[test]
fn where_only_one_side_has_lines_nothing_is_marked() {
    check("", "a\n\nb\n", "", "a||b");
    check("a\n", "", "a", "");
    check("\n", "a\n", "", "a");
}

#[test]
fn the_kind_of_line_ending_is_no_difference() {
    check("a = 1\r\nb = 2\r\n", "a = 1\nb = 3\n", "a = 1|b = [2]", "a = 1|b = [3]");
}

#[test]
fn large_blocks_are_not_compared() {
    let block = |value: &str| format!("x = {value}\n").repeat(500);
    let pieces = block_pieces(&block("1"), &block("2"));
    assert!(pieces.old.iter().chain(&pieces.new).all(|line| line.len() == 1 && !line[0].is_changed));
    assert_eq!((pieces.old.len(), pieces.new.len()), (500, 500));
}
