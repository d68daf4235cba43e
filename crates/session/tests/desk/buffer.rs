//! An editor's buffer that knows where each of its characters came from, with undo, redo and the shapes in which editors
//! tell their changes. It counts positions by itself, without the code that is tested.

use std::ops::Range;

use session::{ContentChange, Message, Uri};
use text::{Encoding, Position, PositionRange};

/// One character. Its id is unique among all that were ever made; an undo brings the same one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub ch: char,
    pub id: u64,
}

/// In what shape changes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Each edit as it was made, the last first.
    Edits,
    /// Each edit as it was made, the first first, against the result of those before.
    InOrder,
    /// One replacement from the first character that differs to the last.
    OnePiece,
    /// The whole new text.
    Whole,
}

/// An edit: a range of cells and what stands there afterwards.
pub type CellEdit = (Range<usize>, Vec<Cell>);

pub struct Buffer {
    pub uri: Uri,
    pub language: &'static str,
    pub version: i32,
    pub cells: Vec<Cell>,
    pub encoding: Encoding,
    pub telling: Telling,
    pub is_open: bool,
    undo: Vec<Vec<Cell>>,
    redo: Vec<Vec<Cell>>,
    /// Id of the next character that is made.
    pub next_id: u64,
}

impl Buffer {
    /// A closed buffer; `idx` keeps its characters apart from those of others.
    pub fn new(uri: Uri, language: &'static str, text: &str, encoding: Encoding, idx: usize) -> Buffer {
        let mut buffer = Buffer {
            uri,
            language,
            version: 0,
            cells: Vec::new(),
            encoding,
            telling: Telling::Edits,
            is_open: false,
            undo: Vec::new(),
            redo: Vec::new(),
            next_id: idx as u64 * 1_000_000_000,
        };
        buffer.cells = buffer.fresh(text);
        buffer
    }

    pub fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.ch).collect()
    }

    pub fn slice(&self, range: Range<usize>) -> String {
        self.cells[range].iter().map(|cell| cell.ch).collect()
    }

    pub fn ids(&self, range: Range<usize>) -> Vec<u64> {
        self.cells[range].iter().map(|cell| cell.id).collect()
    }

    /// New cells for a text.
    pub fn fresh(&mut self, text: &str) -> Vec<Cell> {
        let first = self.next_id;
        self.next_id += text.chars().count() as u64;
        (first..).zip(text.chars()).map(|(id, ch)| Cell { ch, id }).collect()
    }

    /// Byte offset of a cell.
    pub fn byte(&self, index: usize) -> usize {
        self.cells[..index].iter().map(|cell| cell.ch.len_utf8()).sum()
    }

    /// First cells of all lines.
    pub fn line_starts(&self) -> Vec<usize> {
        line_starts(&self.cells)
    }

    /// Whether an index is between the two characters of one line ending, where no position is.
    pub fn splits_ending(&self, index: usize) -> bool {
        splits_ending(&self.cells, index)
    }

    pub fn position(&self, index: usize) -> Position {
        position(&self.cells, index, self.encoding)
    }

    pub fn positions(&self, range: &Range<usize>) -> PositionRange {
        PositionRange { start: self.position(range.start), end: self.position(range.end) }
    }

    /// The cell at a position, which must be exact.
    pub fn index(&self, wanted: Position) -> usize {
        let starts = self.line_starts();
        let line = wanted.line as usize;
        let start = *starts.get(line).unwrap_or_else(|| panic!("{wanted:?} is behind {:?}", self.text()));
        let end = starts.get(line + 1).copied().unwrap_or(self.cells.len());
        let mut units = 0;
        let mut index = start;
        while index < end && units < wanted.character as usize {
            units += width(self.cells[index].ch, self.encoding);
            index += 1;
        }
        let is_exact = units == wanted.character as usize && !self.splits_ending(index);
        let is_inside = index < end || end == self.cells.len() && line + 1 == starts.len();
        assert!(is_exact && is_inside, "{wanted:?} is no position in {:?}", self.text());
        index
    }

    pub fn range(&self, range: PositionRange) -> Range<usize> {
        self.index(range.start)..self.index(range.end)
    }

    pub fn open(&mut self) -> Message {
        self.is_open = true;
        self.version += 1;
        self.undo.clear();
        self.redo.clear();
        Message::Opened {
            uri: self.uri.clone(),
            language_id: self.language.to_owned(),
            version: self.version,
            text: self.text(),
        }
    }

    pub fn close(&mut self) -> Message {
        self.is_open = false;
        Message::Closed(self.uri.clone())
    }

    /// Applies sorted disjoint edits as one undo step and tells the change.
    pub fn change(&mut self, edits: Vec<CellEdit>) -> Message {
        self.undo.push(self.cells.clone());
        self.redo.clear();
        self.tell(edits)
    }

    /// Changes the file behind a closed buffer.
    pub fn change_closed(&mut self, edits: Vec<CellEdit>) {
        assert!(!self.is_open);
        self.cells = applied(&self.cells, &edits);
    }

    pub fn undo(&mut self) -> Option<Message> {
        let before = self.undo.pop()?;
        self.redo.push(self.cells.clone());
        Some(self.go_to(before))
    }

    pub fn redo(&mut self) -> Option<Message> {
        let after = self.redo.pop()?;
        self.undo.push(self.cells.clone());
        Some(self.go_to(after))
    }

    /// Editors tell an undo as one replacement; so does this one unless it always sends the whole text.
    fn go_to(&mut self, cells: Vec<Cell>) -> Message {
        let edit = one_piece(&self.cells, &cells);
        let message = self.tell(vec![edit]);
        // Of equal characters the old ones are back too.
        self.cells = cells;
        message
    }

    fn tell(&mut self, edits: Vec<CellEdit>) -> Message {
        let after = applied(&self.cells, &edits);
        let text_of = |cells: &[Cell]| cells.iter().map(|cell| cell.ch).collect::<String>();
        let ranged = |buffer: &Buffer, (range, cells): &CellEdit| ContentChange {
            range: Some(buffer.positions(range)),
            text: text_of(cells),
        };
        let changes = match self.telling {
            Telling::Edits => edits.iter().rev().map(|edit| ranged(self, edit)).collect(),
            Telling::InOrder => self.in_order(&edits),
            Telling::OnePiece => vec![ranged(self, &one_piece(&self.cells, &after))],
            Telling::Whole => vec![ContentChange { range: None, text: text_of(&after) }],
        };
        self.cells = after;
        self.version += 1;
        Message::Changed { uri: self.uri.clone(), version: self.version, changes }
    }

    fn in_order(&self, edits: &[CellEdit]) -> Vec<ContentChange> {
        let mut cells = self.cells.clone();
        let mut shift = 0isize;
        let mut changes = Vec::new();
        for (range, new) in edits {
            let start = range.start.checked_add_signed(shift).expect("sorted edits");
            let end = range.end.checked_add_signed(shift).expect("sorted edits");
            if splits_ending(&cells, start) || splits_ending(&cells, end) {
                // Between the halves of an ending that an edit before made: from the last to the first instead.
                return edits
                    .iter()
                    .rev()
                    .map(|(range, new)| ContentChange {
                        range: Some(self.positions(range)),
                        text: new.iter().map(|cell| cell.ch).collect(),
                    })
                    .collect();
            }
            changes.push(ContentChange {
                range: Some(PositionRange {
                    start: position(&cells, start, self.encoding),
                    end: position(&cells, end, self.encoding),
                }),
                text: new.iter().map(|cell| cell.ch).collect(),
            });
            cells.splice(start..end, new.iter().copied());
            shift += new.len() as isize - range.len() as isize;
        }
        changes
    }
}

fn applied(cells: &[Cell], edits: &[CellEdit]) -> Vec<Cell> {
    let mut after = cells.to_vec();
    for (range, new) in edits.iter().rev() {
        after.splice(range.clone(), new.iter().copied());
    }
    after
}

/// The smallest single replacement whose borders are positions in both texts.
fn one_piece(before: &[Cell], after: &[Cell]) -> CellEdit {
    let shorter = before.len().min(after.len());
    let mut start = (0..shorter).take_while(|index| before[*index].ch == after[*index].ch).count();
    while splits_ending(before, start) || splits_ending(after, start) {
        start -= 1;
    }
    let most = shorter - start;
    let same = |back: &usize| before[before.len() - 1 - back].ch == after[after.len() - 1 - back].ch;
    let mut back = (0..most).take_while(same).count();
    while splits_ending(before, before.len() - back) || splits_ending(after, after.len() - back) {
        back -= 1;
    }
    (start..before.len() - back, after[start..after.len() - back].to_vec())
}

fn splits_ending(cells: &[Cell], index: usize) -> bool {
    let at = |index: usize| cells.get(index).map(|cell| cell.ch);
    index > 0 && at(index - 1) == Some('\r') && at(index) == Some('\n')
}

fn line_starts(cells: &[Cell]) -> Vec<usize> {
    let mut starts = vec![0];
    for index in 1..=cells.len() {
        let ch = cells[index - 1].ch;
        if ch == '\n' || ch == '\r' && !splits_ending(cells, index) {
            starts.push(index);
        }
    }
    starts
}

fn position(cells: &[Cell], index: usize, encoding: Encoding) -> Position {
    let starts = line_starts(cells);
    let line = starts.partition_point(|start| *start <= index) - 1;
    let units = cells[starts[line]..index].iter().map(|cell| width(cell.ch, encoding));
    let number = |n: usize| u32::try_from(n).expect("a small text");
    Position { line: number(line), character: number(units.sum()) }
}

fn width(ch: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => ch.len_utf8(),
        Encoding::Utf16 => ch.len_utf16(),
        Encoding::Utf32 => 1,
    }
}
