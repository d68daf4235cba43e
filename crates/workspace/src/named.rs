//! Finding a file by the end of its path, among those that are not ignored.

use std::path::Path;

use ignore::WalkBuilder;

use crate::Snapshot;

/// Entries of a folder that are looked at before the search gives up.
const MAX_ENTRIES: usize = 50_000;

/// Files that a name can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Their paths below the folder, with `/`, in order.
    pub paths: Vec<String>,
    /// All files of the folder were looked at.
    pub is_complete: bool,
}

impl Snapshot {
    /// The files below `root` whose path is `end` or ends with it behind a `/`: open ones, and those on disk that no ignore
    /// file of git names.
    pub fn files_named(&self, root: &Path, end: &str) -> Named {
        let is_meant = |path: &str| {
            path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let below = |path: &Path| {
            let path = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            is_meant(&path).then_some(path)
        };
        let open = self.documents().filter_map(|document| below(document.path.as_deref()?));
        let mut paths: Vec<String> = open.collect();
        let walk = WalkBuilder::new(root)
            .hidden(false)
            .parents(false)
            .require_git(false)
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        let mut n_entries = 0;
        for entry in walk.flatten() {
            n_entries += 1;
            if n_entries > MAX_ENTRIES {
                break;
            }
            if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                paths.extend(below(entry.path()));
            }
        }
        paths.sort_unstable();
        paths.dedup();
        Named { paths, is_complete: n_entries <= MAX_ENTRIES }
    }
}
