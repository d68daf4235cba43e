//! All open documents, and the folders they belong to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use syntax::{Directive, Markers};
use text::{ChangeError, ChangeSet, Edit, Encoding, Text};

use crate::document::SyntaxState;
use crate::history::History;
use crate::ignored::IgnoreRules;
use crate::{Changed, ContentChange, Document, ParseJob, Parsed, Snapshot, Uri, Withheld};

/// A change that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// The document was never opened.
    #[error("change {uri}: it is not open")]
    NotOpen {
        /// The document.
        uri: String,
    },
    /// The changes do not fit the text.
    #[error("change {uri}: {source}")]
    DoesNotFit {
        /// The document.
        uri: String,
        /// Why not.
        source: ChangeError,
    },
}

/// The open documents of an editor.
#[derive(Debug)]
pub struct Workspace {
    encoding: Encoding,
    roots: Vec<Uri>,
    documents: BTreeMap<Uri, Arc<Document>>,
    histories: BTreeMap<Uri, History>,
    rules: Arc<IgnoreRules>,
}

impl Workspace {
    /// A workspace without documents, for an editor that counts characters in `encoding`.
    pub fn new(encoding: Encoding) -> Workspace {
        Workspace {
            encoding,
            roots: Vec::new(),
            documents: BTreeMap::new(),
            histories: BTreeMap::new(),
            rules: Arc::new(IgnoreRules::default()),
        }
    }

    /// How the editor counts characters.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The folders of the workspace are now these.
    pub fn set_roots(&mut self, roots: Vec<Uri>) {
        self.rules = Arc::new(IgnoreRules::new(roots.iter().filter_map(Uri::to_path).collect()));
        self.roots = roots;
    }

    /// The folder that a path lies in: the innermost.
    pub fn root_of(&self, path: &Path) -> Option<PathBuf> {
        self.rules.root_of(path).map(Path::to_owned)
    }

    /// A document's name for people and prompts: its path below its folder, else the last part of its URI.
    pub fn display_path(&self, uri: &Uri) -> String {
        self.rules.display_path(uri)
    }

    /// A document was opened, or opened again.
    pub fn open(&mut self, uri: Uri, language_id: &str, version: i32, text: &str) {
        let path = uri.to_path();
        let name = path.as_ref().map_or_else(|| uri.as_str().to_owned(), |path| path.display().to_string());
        let language = syntax::language_for(language_id, &name);
        let syntax = match language {
            Some(_) => SyntaxState::Behind { edited: None, parsing: None },
            None => SyntaxState::None,
        };
        let text = Text::from(text);
        let markers = if language.is_some() { Markers::of(&text) } else { Markers::default() };
        let (at_open, saved) = (text.clone(), text.clone());
        let document = Document {
            uri: uri.clone(),
            path,
            language,
            version,
            text,
            at_open,
            saved,
            n_inversions: 0,
            markers,
            syntax,
        };
        self.histories.remove(&uri);
        self.documents.insert(uri, Arc::new(document));
    }

    /// Applies the changes of one notification, in its order. Fails without changing anything.
    ///
    /// What comes back is the same change in the shape that says most: an undo as the inverse of what was done, and whole
    /// lines as whole lines, however the client cut them.
    ///
    /// A version that does not grow is logged and applied: notifications come in the client's order, and its text is what counts.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<ContentChange>,
    ) -> Result<Changed, ChangeRefused> {
        let encoding = self.encoding;
        let Some(document) = self.documents.get_mut(uri) else {
            return Err(ChangeRefused::NotOpen { uri: uri.to_string() });
        };
        let is_inversion = version <= document.version;
        if is_inversion {
            tracing::warn!(%uri, version, known = document.version, "a version does not grow");
        }
        let before = document.text.clone();
        let composed = composed(&before, changes, encoding);
        let (total, after) =
            composed.map_err(|source| ChangeRefused::DoesNotFit { uri: uri.to_string(), source })?;
        let history = self.histories.entry(uri.clone()).or_default();
        let changes = history.back_to(&total, &after).unwrap_or_else(|| total.refined(&before));
        let changed = Changed { changes, before, after };
        let document = Arc::make_mut(document);
        document.version = version;
        document.n_inversions += u32::from(is_inversion);
        if !changed.changes.is_identity() {
            document.text = changed.after.clone();
            document.move_tree(&changed);
            history.remember(changed.before.clone(), changed.changes.clone());
        }
        Ok(changed)
    }

    /// The last change of a document is better known as `changes`, which come to the same: an undo of it will be their inverse.
    pub fn reshape(&mut self, uri: &Uri, changes: &ChangeSet) {
        if let Some(history) = self.histories.get_mut(uri) {
            history.reshape(changes.clone());
        }
    }

    /// A document was written to disk.
    pub fn save(&mut self, uri: &Uri) {
        let Some(document) = self.documents.get_mut(uri) else { return };
        let document = Arc::make_mut(document);
        document.saved = document.text.clone();
    }

    /// A document was closed.
    pub fn close(&mut self, uri: &Uri) {
        self.documents.remove(uri);
        self.histories.remove(uri);
    }

    /// A file has another name; an open document keeps its text under it.
    pub fn rename(&mut self, old: &Uri, new: &Uri) {
        if let Some(mut document) = self.documents.remove(old) {
            let renamed = Arc::make_mut(&mut document);
            renamed.uri = new.clone();
            renamed.path = new.to_path();
            // A job that runs answers for the old name.
            if let SyntaxState::Behind { parsing, .. } = &mut renamed.syntax {
                *parsing = None;
            }
            if let Some(history) = self.histories.remove(old) {
                self.histories.insert(new.clone(), history);
            }
            self.documents.insert(new.clone(), document);
        }
    }

    /// An open document.
    pub fn document(&self, uri: &Uri) -> Option<&Document> {
        self.documents.get(uri).map(Arc::as_ref)
    }

    /// An open document, to be read elsewhere for a moment: while somebody has it, a change copies it.
    pub fn shared(&self, uri: &Uri) -> Option<Arc<Document>> {
        self.documents.get(uri).cloned()
    }

    /// The open documents.
    pub fn uris(&self) -> Vec<Uri> {
        self.documents.keys().cloned().collect()
    }

    /// A parse that a document needs, unless one runs already. It takes the tree so far with it.
    pub fn parse_job(&mut self, uri: &Uri) -> Option<ParseJob> {
        let document = self.documents.get_mut(uri)?;
        let language = document.language?;
        let SyntaxState::Behind { parsing: None, .. } = &document.syntax else { return None };
        let document = Arc::make_mut(document);
        let parsing = Some(ChangeSet::identity(document.text.len()));
        let parsed = SyntaxState::Behind { edited: None, parsing };
        let edited = match std::mem::replace(&mut document.syntax, parsed) {
            SyntaxState::Behind { edited, .. } => edited,
            SyntaxState::None | SyntaxState::Current(_) => None,
        };
        Some(ParseJob {
            uri: uri.clone(),
            version: document.version,
            language,
            text: document.text.clone(),
            markers: document.markers.clone(),
            edited,
        })
    }

    /// Takes the tree of the job that was made last, and gives the directives that it shows. If the text moved on, the tree
    /// is moved along and stays behind, and there are none.
    pub fn parsed(&mut self, parsed: Parsed) -> Option<Vec<Directive>> {
        let document = Arc::make_mut(self.documents.get_mut(&parsed.uri)?);
        // Else the document was opened anew meanwhile: this tree is of another text.
        let SyntaxState::Behind { parsing: Some(since), .. } = &document.syntax else { return None };
        let (syntax, directives) = if since.is_identity() {
            (SyntaxState::Current(parsed.tree), Some(parsed.directives))
        } else {
            let edited = parsed.tree.into_edited(since, &parsed.text, &document.text);
            (SyntaxState::Behind { edited: Some(edited), parsing: None }, None)
        };
        document.syntax = syntax;
        directives
    }

    /// A parse was stopped: the document goes on without a tree until it changes.
    pub fn parse_stopped(&mut self, uri: &Uri) {
        if let Some(document) = self.documents.get_mut(uri) {
            Arc::make_mut(document).syntax = SyntaxState::None;
        }
    }

    /// Everything as it is now. Cheap.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { documents: Arc::new(self.documents.clone()), rules: self.rules.clone() }
    }

    /// Whether anything of a file may leave the machine. Reads ignore files.
    pub fn may_send(&self, path: &Path) -> Result<(), Withheld> {
        self.rules.may_send(path)
    }
}

/// The changes of a notification as one, and the text after.
fn composed(
    before: &Text,
    changes: Vec<ContentChange>,
    encoding: Encoding,
) -> Result<(ChangeSet, Text), ChangeError> {
    let mut total = ChangeSet::identity(before.len());
    let mut text = before.clone();
    for change in changes {
        let step = match change.range {
            None => ChangeSet::between(&text, &Text::from(change.text)),
            Some(range) => {
                ChangeSet::single(text.len(), Edit::new(text.offsets(range, encoding), change.text))?
            }
        };
        text = text.apply(&step)?;
        total = total.compose(&step)?;
    }
    Ok((total, text))
}
