//! Files that are watched on disk.
//!
//! Owns the system's watches: one per folder that holds a watched file, none below it. Says where something happened, never
//! what: whoever is told reads the file. Must never read one itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::Uri;

/// Watches files through the folders that they lie in, so that one that is replaced or made again is seen.
///
/// Dropping it ends all watches. Where the system has no watches left, files are not watched and the log says so.
pub struct Watcher {
    system: Option<RecommendedWatcher>,
    /// The paths that a watched file can be reported under, with all links in it followed or not.
    paths: BTreeMap<PathBuf, Uri>,
    folders: BTreeSet<PathBuf>,
}

impl Watcher {
    /// A watcher of nothing. `touched` gets the paths that something happened to, on a thread of its own; an empty path
    /// stands for all, when the system lost count.
    pub fn new(touched: impl Fn(Vec<PathBuf>) + Send + 'static) -> Watcher {
        let system = notify::recommended_watcher(move |event: notify::Result<Event>| match event {
            Ok(event) if event.need_rescan() => touched(vec![PathBuf::new()]),
            Ok(event) if is_change(&event.kind) => touched(event.paths),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "watching files"),
        });
        let system = system.inspect_err(|error| tracing::warn!(%error, "files are not watched")).ok();
        Watcher { system, paths: BTreeMap::new(), folders: BTreeSet::new() }
    }

    /// Watches exactly these files from now on; a URI that is no path is left out.
    pub fn watch(&mut self, uris: &[Uri]) {
        let Some(system) = &mut self.system else { return };
        let files = uris.iter().filter_map(|uri| Some((uri, uri.to_path()?)));
        self.paths =
            files.flat_map(|(uri, path)| names(&path).into_iter().map(|name| (name, uri.clone()))).collect();
        let folders: BTreeSet<PathBuf> =
            self.paths.keys().filter_map(|path| path.parent()).map(Path::to_owned).collect();
        for folder in self.folders.difference(&folders) {
            // The system forgets a folder that is gone by itself.
            let _ = system.unwatch(folder);
        }
        let mut watched: BTreeSet<PathBuf> = self.folders.intersection(&folders).cloned().collect();
        for folder in folders {
            if watched.contains(&folder) {
                continue;
            }
            match system.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    watched.insert(folder);
                }
                Err(error) => tracing::warn!(%error, folder = %folder.display(), "a folder is not watched"),
            }
        }
        self.folders = watched;
    }

    /// The watched files at or below any of these paths.
    pub fn files_at(&self, paths: &[PathBuf]) -> Vec<Uri> {
        let is_touched = |file: &Path| paths.iter().any(|path| file.starts_with(path));
        let files = self.paths.iter().filter(|(file, _)| is_touched(file)).map(|(_, uri)| uri.clone());
        files.collect::<BTreeSet<Uri>>().into_iter().collect()
    }
}

/// The paths of a file: as it is written, with the links of its folder followed, and with its own followed too.
fn names(path: &Path) -> BTreeSet<PathBuf> {
    let in_folder = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    [Some(path.to_owned()), in_folder(), path.canonicalize().ok()].into_iter().flatten().collect()
}

/// Whether a text can be another after it. Reading a file to look is no change, else looking would lead to looking again.
pub(crate) fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}
