//! An editor's buffer: text, version, and edits in the protocol's positions.

use serde_json::{Value, json};
use text::{ChangeSet, Edit, Encoding, Position, PositionRange, Text};

/// In what shape an editor tells its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Each edit as it was made.
    Edits,
    /// One replacement from the first character that differs to the last.
    OnePiece,
    /// The whole new text.
    Whole,
}

/// A document as an editor holds it.
#[derive(Debug, Clone)]
pub struct Buffer {
    /// Its URI.
    pub uri: String,
    /// Its version as the editor counts.
    pub version: i32,
    /// Its text.
    pub text: Text,
    /// How the editor counts characters.
    pub encoding: Encoding,
    /// How it tells its changes.
    pub telling: Telling,
    undo: Vec<Text>,
}

impl Buffer {
    /// A buffer at version 1.
    pub fn new(uri: String, text: &str, encoding: Encoding) -> Buffer {
        Buffer {
            uri,
            version: 1,
            text: Text::from(text),
            encoding,
            telling: Telling::Edits,
            undo: Vec::new(),
        }
    }

    /// The position of the first occurrence of `part`.
    pub fn find(&self, part: &str) -> Value {
        let offset =
            self.text.to_string().find(part).unwrap_or_else(|| panic!("{part:?} is not in the buffer"));
        self.at(offset)
    }

    /// The position of an offset.
    pub fn at(&self, offset: usize) -> Value {
        let position = self.text.position(offset, self.encoding);
        json!({ "line": position.line, "character": position.character })
    }

    /// Applies text edits as an editor does for one workspace edit, and returns the `didChange` parameters.
    pub fn apply(&mut self, edits: &[Value]) -> Value {
        let mut edits: Vec<Edit> = edits
            .iter()
            .map(|edit| Edit::new(self.offsets(&edit["range"]), string(&edit["newText"])))
            .collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let changes = ChangeSet::new(self.text.len(), edits).expect("edits of a server are disjoint");
        self.change(&changes)
    }

    /// Replaces the first occurrence of `old`, as a user types, and returns the `didChange` parameters.
    pub fn replace(&mut self, old: &str, new: &str) -> Value {
        let start = self.text.to_string().find(old).unwrap_or_else(|| panic!("{old:?} is not in the buffer"));
        self.edit(start..start + old.len(), new)
    }

    /// Replaces a byte range and returns the `didChange` parameters.
    pub fn edit(&mut self, range: std::ops::Range<usize>, new: &str) -> Value {
        let changes =
            ChangeSet::single(self.text.len(), Edit::new(range, new)).expect("an edit inside the buffer");
        self.change(&changes)
    }

    /// Takes the last change back, as an editor's undo, and returns the `didChange` parameters.
    pub fn undo(&mut self) -> Value {
        let before = self.undo.pop().expect("something to undo");
        let changes = ChangeSet::between(&self.text, &before);
        let params = self.change(&changes);
        self.undo.pop();
        params
    }

    fn change(&mut self, changes: &ChangeSet) -> Value {
        self.undo.push(self.text.clone());
        let after = self.text.apply(changes).expect("a change of the buffer");
        let told = match self.telling {
            Telling::Edits => changes.edits().to_vec(),
            Telling::OnePiece => {
                let old = self.text.to_string();
                vec![Edit::new(0..old.len(), after.to_string()).trimmed(&old)]
            }
            Telling::Whole => Vec::new(),
        };
        // Changes of a notification apply one after another: from the last to the first, offsets stay right.
        let mut content: Vec<Value> = told
            .iter()
            .rev()
            .map(|edit| {
                let (start, end) = (self.at(edit.range.start), self.at(edit.range.end));
                json!({ "range": { "start": start, "end": end }, "text": edit.text })
            })
            .collect();
        if self.telling == Telling::Whole {
            content.push(json!({ "text": after.to_string() }));
        }
        self.text = after;
        self.version += 1;
        json!({ "textDocument": { "uri": self.uri, "version": self.version }, "contentChanges": content })
    }

    fn offsets(&self, range: &Value) -> std::ops::Range<usize> {
        let position = |value: &Value| Position {
            line: u32::try_from(value["line"].as_u64().expect("a line")).expect("a line"),
            character: u32::try_from(value["character"].as_u64().expect("a character")).expect("a character"),
        };
        self.text.offsets(
            PositionRange { start: position(&range["start"]), end: position(&range["end"]) },
            self.encoding,
        )
    }
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a string")
}
