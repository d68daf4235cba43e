//! Where a printed path lies in the workspace.
//!
//! Owns the way back from the copy that a tool ran in. Must never give a path that leads out of the workspace.

use std::borrow::Cow;

/// Files of the workspace, as a tool that ran in a copy of it may name them.
pub struct Places<'a> {
    tree: String,
    dir: String,
    is_file: &'a dyn Fn(&str) -> bool,
}

impl<'a> Places<'a> {
    /// Places in the copy at `tree`, where the tool ran in `dir`, relative to it. `is_file` says which relative paths are
    /// files of the workspace.
    pub fn new(tree: &str, dir: &str, is_file: &'a dyn Fn(&str) -> bool) -> Places<'a> {
        let slashes = |path: &str| path.replace('\\', "/").trim_end_matches('/').to_owned();
        // A slash backwards is a letter like any other where paths do not begin with a drive.
        let tree = if has_drive(tree) { slashes(tree) } else { tree.trim_end_matches('/').to_owned() };
        Places { tree, dir: dir.trim_matches('/').to_owned(), is_file }
    }

    /// The file that `printed` means, relative to the root; none if it is not in the workspace.
    pub(super) fn find(&self, printed: &str) -> Option<String> {
        self.find_as(printed).or_else(|| {
            let is_windows = printed.contains('\\');
            if is_windows { self.find_as(&printed.replace('\\', "/")) } else { None }
        })
    }

    fn find_as(&self, printed: &str) -> Option<String> {
        let printed = printed.strip_prefix("//?/").unwrap_or(printed);
        if printed.is_empty() || printed.len() > 4_096 {
            return None;
        }
        if printed.starts_with('/') || has_drive(printed) {
            let below = below(printed, &self.tree)?;
            let path = joined("", below)?;
            return (self.is_file)(&path).then_some(path);
        }
        // Some tools name files from where they ran, some from the top of the project that they found above.
        let mut dir = self.dir.as_str();
        loop {
            if let Some(path) = joined(dir, printed).filter(|path| (self.is_file)(path)) {
                return Some(path);
            }
            if dir.is_empty() {
                return None;
            }
            dir = dir.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// A message that names files from the workspace's root instead of in the copy.
    pub(super) fn without_tree<'t>(&self, message: &'t str) -> Cow<'t, str> {
        if self.tree.is_empty() || !message.contains(&self.tree) {
            return Cow::Borrowed(message);
        }
        Cow::Owned(message.replace(&format!("{}/", self.tree), "").replace(&self.tree, "."))
    }
}

/// Whether a path begins with the letter of a drive.
fn has_drive(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('/' | '\\'))
}

/// What is left of a path below a folder; the case of a drive's letter says nothing.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let start = path.get(..folder.len())?;
    let is_same = start == folder || has_drive(folder) && start.eq_ignore_ascii_case(folder);
    path.get(folder.len()..).filter(|_| is_same)?.strip_prefix('/')
}

/// A relative path from `dir`, without `.` and `..`; none if it leads out.
fn joined(dir: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { None } else { Some(parts.join("/")) }
}
