//! Where a directive may begin: found in the whole text once, then carried along with its changes.
//!
//! Text only: whether a marker stands in a comment is for a tree to say.

use std::ops::Range;

use text::{ChangeSet, Text};

/// Bytes of a marker.
const LEN: usize = 3;

/// Bytes that are looked at together, many of them in one instruction.
const BLOCK: usize = 64;

/// Offsets of `ai:`, `ai?` and `ai!` in a text, whatever their case: few texts have any, so its tree is hardly asked.
///
/// Invariant: sorted, and all that the text has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markers {
    offsets: Vec<usize>,
}

impl Markers {
    /// The markers of a text: all of it is read.
    pub fn of(text: &Text) -> Markers {
        let mut offsets = Vec::new();
        let mut start = 0;
        // What a marker over the border of two runs can begin in.
        let mut before: Vec<u8> = Vec::new();
        let mut border: Vec<u8> = Vec::new();
        for chunk in text.chunks() {
            let bytes = chunk.as_bytes();
            border.clear();
            border.extend(before.iter().chain(bytes.iter().take(LEN - 1)));
            search(&border, start - before.len(), &mut offsets);
            search(bytes, start, &mut offsets);
            before.extend(bytes.iter().skip(bytes.len().saturating_sub(LEN - 1)));
            before.drain(..before.len().saturating_sub(LEN - 1));
            start += bytes.len();
        }
        Markers { offsets }
    }

    /// The text changed to `after`: only what was put in and its borders are read.
    pub fn on_change(&mut self, changes: &ChangeSet, after: &Text) {
        let mut known = std::mem::take(&mut self.offsets).into_iter().peekable();
        // What was read ends here in the text after.
        let mut read_to = 0;
        let mut shift = 0_isize;
        for (edit, new) in changes.with_after() {
            while let Some(offset) = known.next_if(|offset| offset + LEN <= edit.range.start) {
                self.offsets.push(offset.saturating_add_signed(shift));
            }
            while known.next_if(|offset| *offset < edit.range.end).is_some() {}
            // A marker that an edit begins or ends in, or that a deletion makes.
            let from = (new.start + 1).saturating_sub(LEN).max(read_to);
            let to = (new.end + LEN - 1).min(after.len());
            search(&bytes_of(after, from..to), from, &mut self.offsets);
            read_to = new.end.max(read_to);
            shift += edit.text.len() as isize - edit.range.len() as isize;
        }
        self.offsets.extend(known.map(|offset| offset.saturating_add_signed(shift)));
    }

    pub(crate) fn offsets(&self) -> &[usize] {
        &self.offsets
    }
}

/// Adds the offsets of the markers in `bytes`, which begin at `start`.
fn search(bytes: &[u8], start: usize, found: &mut Vec<usize>) {
    let firsts = bytes.get(..bytes.len().saturating_sub(2)).unwrap_or(&[]).chunks(BLOCK);
    let seconds = bytes.get(1..).unwrap_or(&[]).chunks(BLOCK);
    let thirds = bytes.get(2..).unwrap_or(&[]).chunks(BLOCK);
    for (block, ((firsts, seconds), thirds)) in firsts.zip(seconds).zip(thirds).enumerate() {
        let each = || {
            firsts
                .iter()
                .zip(seconds)
                .zip(thirds)
                .map(|((first, second), third)| is_marker(*first, *second, *third))
        };
        // No early end: a loop without one is what the compiler can do on many bytes at once.
        if each().fold(0, |any, is_marker| any | u8::from(is_marker)) != 0 {
            let here = each().enumerate().filter(|(_, is_marker)| *is_marker);
            found.extend(here.map(|(idx, _)| start + block * BLOCK + idx));
        }
    }
}

/// Without a jump, for the sake of [`search`].
fn is_marker(first: u8, second: u8, third: u8) -> bool {
    (first | 0x20 == b'a') & (second | 0x20 == b'i') & ((third == b':') | (third == b'?') | (third == b'!'))
}

/// The bytes of a range, wherever its ends are.
fn bytes_of(text: &Text, range: Range<usize>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(range.len());
    while bytes.len() < range.len() {
        let offset = range.start + bytes.len();
        let (chunk, start) = text.chunk_at(offset);
        let rest = chunk.as_bytes().get(offset - start..).unwrap_or(&[]);
        if rest.is_empty() {
            break;
        }
        bytes.extend(rest.iter().take(range.end - offset));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use text::Edit;

    use super::*;

    const PIECES: [&str; 12] =
        ["ai:", "AI?", "aI!", "a", "i", ":", "é", "x", "\n", "aai::", "ai", "\u{1}\u{9}:"];

    fn soak() -> usize {
        std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1)
    }

    fn written(rng: &mut Rng, n_pieces: usize) -> String {
        let filler = "y".repeat(rng.usize(0..150));
        let mut piece =
            || if rng.u8(0..8) == 0 { filler.as_str() } else { PIECES[rng.usize(0..PIECES.len())] };
        (0..n_pieces).map(|_| piece()).collect()
    }

    /// By windows of three bytes.
    fn plainly(text: &str) -> Vec<usize> {
        let windows = text.as_bytes().windows(LEN).enumerate();
        let is_marker =
            |bytes: &[u8]| matches!(bytes.to_ascii_lowercase().as_slice(), b"ai:" | b"ai?" | b"ai!");
        windows.filter(|(_, bytes)| is_marker(bytes)).map(|(offset, _)| offset).collect()
    }

    #[test]
    fn markers_are_found_wherever_the_rope_is_cut() {
        let mut rng = Rng::with_seed(17);
        let mut n_found = 0;
        for _ in 0..200 * soak() {
            let n_pieces = rng.usize(0..800);
            let written = written(&mut rng, n_pieces);
            let expected = plainly(&written);
            assert_eq!(Markers::of(&Text::from(written.as_str())).offsets, expected, "{written:?}");
            n_found += expected.len();
        }
        assert!(n_found > 0);
        eprintln!("counts: markers found in ropes {n_found}");
    }

    #[test]
    fn markers_carried_along_are_those_of_the_whole_text() {
        let mut rng = Rng::with_seed(18);
        let (mut n_changes, mut n_found) = (0, 0);
        for _ in 0..300 * soak() {
            let n_pieces = rng.usize(0..200);
            let mut text = Text::from(written(&mut rng, n_pieces));
            let mut markers = Markers::of(&text);
            for _ in 0..20 {
                let mut edits: Vec<Edit> = Vec::new();
                let mut from = 0;
                for _ in 0..rng.usize(1..6) {
                    // Near each other more often than not, so that a marker can be made of several edits.
                    let reach = if rng.u8(0..4) == 0 { text.len() } else { from + 6 };
                    let start = text.floor(rng.usize(from..=reach.clamp(from, text.len().max(from))));
                    let end = text.floor((start + rng.usize(0..8)).min(text.len()));
                    if start < from || end < start {
                        break;
                    }
                    let n_pieces = rng.usize(0..4);
                    edits.push(Edit::new(start..end, written(&mut rng, n_pieces)));
                    from = end;
                }
                let changes = ChangeSet::new(text.len(), edits).expect("sorted and inside");
                let after = text.apply(&changes).expect("between characters");
                markers.on_change(&changes, &after);
                assert_eq!(
                    markers.offsets,
                    plainly(&after.to_string()),
                    "{changes:?} of {:?}",
                    text.to_string()
                );
                n_changes += 1;
                n_found += markers.offsets.len();
                text = after;
            }
        }
        assert!(n_found > n_changes);
        eprintln!("counts: changes that markers were carried along {n_changes}");
    }
}
