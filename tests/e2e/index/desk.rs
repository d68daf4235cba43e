//! A workspace that changes, and an editor on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use e2e::{Buffer, Client, World};
use fastrand::Rng;
use serde_json::{Value, json};
use syntax::{Facts, Stop, language_for};
use text::Encoding;
use workspace::{Fingerprint, Indexer, IndexerOptions};

use super::tree;

/// Nothing that the index has to do here takes this long on a loaded machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The folder that is now and then one of its own.
const INNER: &str = "a";

/// A workspace on disk, the server, and the documents that are open in it.
pub struct Desk {
    pub rng: Rng,
    world: World,
    /// None only between two servers.
    client: Option<Client>,
    open: BTreeMap<PathBuf, Buffer>,
    has_inner: bool,
    pub n_opened: usize,
    pub n_typed: usize,
    pub n_on_disk: usize,
    pub n_replaced: usize,
    pub n_starts: usize,
}

impl Desk {
    pub fn new(seed: u64) -> Desk {
        let world = World::new("", None);
        let mut desk = Desk {
            rng: Rng::with_seed(seed),
            world,
            client: None,
            open: BTreeMap::new(),
            has_inner: false,
            n_opened: 0,
            n_typed: 0,
            n_on_disk: 0,
            n_replaced: 0,
            n_starts: 0,
        };
        desk.start();
        desk
    }

    fn start(&mut self) {
        let mut client = Client::start(&self.world);
        client.initialize(json!({
            "processId": std::process::id(),
            "workspaceFolders": self.folders().iter().map(|root| folder(root)).collect::<Vec<_>>(),
            "capabilities": {
                "general": { "positionEncodings": ["utf-16"] },
                "workspace": { "workspaceFolders": true },
            },
        }));
        for buffer in self.open.values_mut() {
            buffer.version = 1;
            client.open(buffer, "");
        }
        self.client = Some(client);
        self.n_starts += 1;
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("a server")
    }

    fn folders(&self) -> Vec<PathBuf> {
        let inner = self.has_inner.then(|| self.world.path(INNER));
        std::iter::once(self.world.root()).chain(inner).collect()
    }

    /// Whether one folder has another within.
    pub fn set_inner(&mut self, has_inner: bool) {
        if self.has_inner != has_inner {
            self.has_inner = has_inner;
            let inner = [folder(&self.world.path(INNER))];
            let (added, removed) = if has_inner { (&inner[..], &[][..]) } else { (&[][..], &inner[..]) };
            let event = json!({ "event": { "added": added, "removed": removed } });
            self.client().notify("workspace/didChangeWorkspaceFolders", event);
        }
    }

    pub fn write(&mut self, name: &str, bytes: &[u8]) {
        tree::write(&self.world.path(name), bytes);
    }

    /// Opens a file, or a new document where there is none that could be opened.
    pub fn open(&mut self, name: impl AsRef<Path>) {
        let path = self.world.root().join(name);
        let text = fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        let buffer = Buffer::new(World::uri_of(&path), &text, Encoding::Utf16);
        self.client().open(&buffer, "");
        self.open.insert(path, buffer);
        self.n_opened += 1;
    }

    /// Gives an open document another text.
    pub fn change(&mut self, name: &str, text: &str) {
        let path = self.world.path(name);
        let end = self.open[&path].text.len();
        self.edit(&path, 0..end, text);
    }

    fn edit(&mut self, path: &Path, range: std::ops::Range<usize>, text: &str) {
        let params = self.open.get_mut(path).expect("an open document").edit(range, text);
        self.client().notify("textDocument/didChange", params);
        self.n_typed += 1;
    }

    /// One thing that a person, a tool or an agent does.
    pub fn step(&mut self) {
        match self.rng.usize(0..100) {
            0..30 => self.type_something(),
            30..40 => self.open_something(),
            40..45 => self.save_something(),
            45..50 => self.close_something(),
            50..53 => self.rename_document(),
            53..54 if self.rng.usize(0..4) == 0 => self.restart(),
            53..55 => {
                let has_inner = self.rng.bool();
                self.set_inner(has_inner);
            }
            _ => self.change_the_disk(),
        }
    }

    fn type_something(&mut self) {
        let Some(path) = self.some_document() else { return };
        let text = self.open[&path].text.clone();
        let lines: Vec<usize> = (0..=text.len()).filter(|at| *at == 0 || is_line_start(&text, *at)).collect();
        let start = lines[self.rng.usize(0..lines.len())];
        let end = lines.iter().copied().find(|at| *at > start).unwrap_or(text.len());
        let new = String::from_utf8_lossy(&tree::source(&mut self.rng)).into_owned();
        let name = format!("f{}", self.rng.u8(0..12));
        match self.rng.usize(0..5) {
            0 => self.edit(&path, start..start, &new),
            1 => self.edit(&path, start..end, ""),
            2 => self.edit(&path, start..end, &new),
            3 => {
                // Letter by letter.
                let line = format!("def {name}(): pass\n");
                for (idx, letter) in line.char_indices() {
                    self.edit(&path, start + idx..start + idx, &letter.to_string());
                }
            }
            _ => self.edit(&path, 0..text.len(), &new),
        }
    }

    fn open_something(&mut self) {
        let files = tree::files(&self.world.root());
        let is_new = files.is_empty() || self.rng.usize(0..4) == 0;
        let path = match is_new {
            true => self.world.root().join(tree::path(&mut self.rng)),
            false => files[self.rng.usize(0..files.len())].clone(),
        };
        if !self.open.contains_key(&path) {
            self.open(&path);
        }
    }

    fn save_something(&mut self) {
        let Some(path) = self.some_document() else { return };
        let (uri, text) = (self.open[&path].uri.clone(), self.open[&path].text.to_string());
        tree::write(&path, text.as_bytes());
        self.client().notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    fn close_something(&mut self) {
        let Some(path) = self.some_document() else { return };
        let buffer = self.open.remove(&path).expect("an open document");
        self.client().notify("textDocument/didClose", json!({ "textDocument": { "uri": buffer.uri } }));
    }

    /// A rename in the editor: of the file, and of the document that shows it.
    fn rename_document(&mut self) {
        let Some(old) = self.some_document() else { return };
        let new = self.world.root().join(tree::path(&mut self.rng));
        if old.extension() != new.extension() || self.open.contains_key(&new) {
            return;
        }
        let _ = fs::create_dir_all(new.parent().expect("a directory"));
        let _ = fs::rename(&old, &new);
        let mut buffer = self.open.remove(&old).expect("an open document");
        let files = json!([{ "oldUri": buffer.uri, "newUri": World::uri_of(&new) }]);
        self.client().notify("workspace/didRenameFiles", json!({ "files": files }));
        buffer.uri = World::uri_of(&new);
        self.open.insert(new, buffer);
    }

    fn restart(&mut self) {
        if let Some(client) = self.client.take() {
            end(client);
        }
        self.start();
    }

    fn change_the_disk(&mut self) {
        self.n_on_disk += 1;
        let root = self.world.root();
        let files = tree::files(&root);
        let any = |rng: &mut Rng| match files.is_empty() || rng.usize(0..4) == 0 {
            true => root.join(tree::path(rng)),
            false => files[rng.usize(0..files.len())].clone(),
        };
        match self.rng.usize(0..12) {
            0..4 => tree::write(&any(&mut self.rng), &tree::source(&mut self.rng)),
            4..6 => fs::remove_file(any(&mut self.rng)).unwrap_or_default(),
            6 => moved(&any(&mut self.rng), &root.join(tree::path(&mut self.rng))),
            7 => moved(&root.join(tree::dir(&mut self.rng)), &root.join(tree::dir(&mut self.rng))),
            8 => fs::remove_dir_all(root.join(tree::dir(&mut self.rng))).unwrap_or_default(),
            9 | 10 => {
                let path = root.join(tree::ignore_file(&mut self.rng));
                match self.rng.bool() {
                    true => tree::write(&path, tree::rules(&mut self.rng).as_bytes()),
                    false => fs::remove_file(&path).unwrap_or_default(),
                }
            }
            _ => self.switch_branch(&root),
        }
    }

    fn switch_branch(&mut self, root: &Path) {
        for _ in 0..self.rng.usize(5..60) {
            let path = root.join(tree::path(&mut self.rng));
            match self.rng.usize(0..4) {
                0 => fs::remove_file(&path).unwrap_or_default(),
                _ => tree::write(&path, &tree::source(&mut self.rng)),
            }
            self.n_replaced += 1;
        }
    }

    fn some_document(&mut self) -> Option<PathBuf> {
        let paths: Vec<&PathBuf> = self.open.keys().collect();
        self.rng.choice(paths).cloned()
    }

    /// Waits until the server has carried out all that it was told of, and its indexes say what new ones say.
    pub fn check(&mut self, what: &str) {
        let wanted: Vec<Value> = self.folders().iter().map(|root| self.fresh(root)).collect();
        let started = Instant::now();
        loop {
            let status = self.client().request("hunkwise/indexStatus", json!({ "contents": true }));
            let folders = status["folders"].as_array().cloned().unwrap_or_default();
            let is_quiet = status["waiting"] == 0
                && folders.iter().all(|folder| folder["quiet"] == true && folder["complete"] == true);
            let found: Vec<Value> = folders.iter().map(said).collect();
            if is_quiet && found == wanted {
                return;
            }
            if started.elapsed() > LIMIT {
                let waiting = &status["waiting"];
                panic!("{what}: quiet {is_quiet}, waiting {waiting}\n{}", differences(&found, &wanted));
            }
            // tidy allows sleep: the system tells of changes on disk when it likes, and indexing needs the processor
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What a new index of a folder says.
    fn fresh(&self, root: &Path) -> Value {
        let nested = self.folders().into_iter().filter(|other| other != root && other.starts_with(root));
        let outer = self.folders().into_iter().filter(|other| other != root && root.starts_with(other));
        let options =
            IndexerOptions { nested: nested.collect(), outer: outer.collect(), ..IndexerOptions::default() };
        let indexer = Indexer::new(root, options);
        for (path, buffer) in &self.open {
            let text = buffer.text.to_string();
            if let Some(language) = language_for("", path.to_str().expect("UTF-8")) {
                let facts = Facts::read(language, &text, &Stop::never()).expect("facts of a little text");
                indexer.set_open(path, language, &text, facts);
            }
        }
        indexer.update(&Stop::never());
        let files = indexer.index().fingerprints();
        let contents = files.iter().map(|(path, print)| (path.to_string(), json!(print.to_string())));
        json!({
            "uri": World::uri_of(root),
            "files": files.len(),
            "definitions": indexer.index().read().n_definitions(),
            "fingerprint": Fingerprint::of_all(&files).to_string(),
            "contents": contents.collect::<serde_json::Map<String, Value>>(),
        })
    }

    pub fn end(self) {
        self.client.into_iter().for_each(end);
    }
}

fn end(mut client: Client) {
    client.taken.push("window/showMessage");
    assert_eq!(client.shutdown(), 0);
}

fn folder(root: &Path) -> Value {
    json!({ "uri": World::uri_of(root), "name": "folder" })
}

/// What a folder's index says, without how far it is.
fn said(folder: &Value) -> Value {
    let fields = ["uri", "files", "definitions", "fingerprint", "contents"];
    fields
        .iter()
        .map(|field| ((*field).to_owned(), folder[*field].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The fields and files in which two lists of indexes differ.
fn differences(found: &[Value], wanted: &[Value]) -> String {
    let mut out = format!("{} folders instead of {}\n", found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        out += &format!("{}:\n", wanted["uri"]);
        for field in ["uri", "files", "definitions"] {
            if found[field] != wanted[field] {
                out += &format!("  {field} {} instead of {}\n", found[field], wanted[field]);
            }
        }
        let (found, wanted) = (&found["contents"], &wanted["contents"]);
        let files = |of: &Value| {
            of.as_object().map(|files| files.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let all: std::collections::BTreeSet<String> = files(found).into_iter().chain(files(wanted)).collect();
        for file in all.iter().filter(|file| found[file.as_str()] != wanted[file.as_str()]) {
            out += &format!("  {file}: {} instead of {}\n", found[file.as_str()], wanted[file.as_str()]);
        }
    }
    out
}

fn is_line_start(text: &text::Text, at: usize) -> bool {
    text.floor(at) == at && text.slice(text.floor(at - 1)..at).ends_with('\n')
}

fn moved(from: &Path, to: &Path) {
    let _ = to.parent().map(fs::create_dir_all);
    let _ = fs::rename(from, to);
}
