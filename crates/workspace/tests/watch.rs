//! Files watched on disk: what another program does to one is told, and nothing else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use workspace::{Uri, Watcher};

/// How long a system may take to tell.
const LIMIT: Duration = Duration::from_secs(20);

struct Desk {
    dir: tempfile::TempDir,
    watcher: Watcher,
    touched: Receiver<Vec<PathBuf>>,
}

impl Desk {
    /// A folder with these files.
    fn new(names: &[&str]) -> Desk {
        let dir = tempfile::tempdir().expect("a folder");
        for name in names {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "one\n").expect("a file");
        }
        let (tx, touched) = channel();
        let watcher = Watcher::new(move |paths| drop(tx.send(paths)));
        Desk { dir, watcher, touched }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn uri(&self, name: &str) -> Uri {
        Uri::from_path(&self.path(name)).expect("a path")
    }

    fn watch(&mut self, names: &[&str]) {
        let uris: Vec<Uri> = names.iter().map(|name| self.uri(name)).collect();
        self.watcher.watch(&uris);
    }

    /// Whether what is done to the folder is told of a file.
    #[track_caller]
    fn check_told(&self, act: impl Fn(&Path), name: &str) {
        act(self.dir.path());
        let wanted = vec![self.uri(name)];
        loop {
            let paths = self.touched.recv_timeout(LIMIT).expect("it is told");
            let files = self.watcher.files_at(&paths);
            assert!(files.is_empty() || files == wanted, "{files:?}");
            if files == wanted {
                return;
            }
        }
    }
}

#[test]
fn a_file_that_is_written_is_told() {
    let mut desk = Desk::new(&["a.py", "b.py"]);
    desk.watch(&["a.py"]);
    let act = |dir: &Path| {
        fs::write(dir.join("b.py"), "two\n").unwrap();
        fs::write(dir.join("a.py"), "two\n").unwrap();
    };
    desk.check_told(act, "a.py");
}

#[test]
fn a_file_that_is_replaced_deleted_and_made_again_is_told() {
    let mut desk = Desk::new(&["a.py", "new"]);
    desk.watch(&["a.py"]);
    desk.check_told(|dir| fs::rename(dir.join("new"), dir.join("a.py")).unwrap(), "a.py");
    desk.check_told(|dir| fs::remove_file(dir.join("a.py")).unwrap(), "a.py");
    desk.check_told(|dir| fs::write(dir.join("a.py"), "two\n").unwrap(), "a.py");
}

#[test]
fn another_file_can_be_watched_instead() {
    let mut desk = Desk::new(&["in/a.py", "b.py"]);
    desk.watch(&["in/a.py"]);
    desk.watch(&["b.py"]);
    let act = |dir: &Path| {
        fs::write(dir.join("in/a.py"), "two\n").unwrap();
        fs::write(dir.join("b.py"), "two\n").unwrap();
    };
    desk.check_told(act, "b.py");
}

#[test]
fn a_folder_stands_for_the_files_in_it() {
    let mut desk = Desk::new(&["in/a.py", "b.py"]);
    desk.watch(&["in/a.py", "b.py"]);
    assert_eq!(desk.watcher.files_at(&[desk.path("in")]), [desk.uri("in/a.py")]);
    assert_eq!(desk.watcher.files_at(&[desk.path("i")]), []);
    assert_eq!(desk.watcher.files_at(&[PathBuf::new()]).len(), 2);
}

#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_told() {
    let mut desk = Desk::new(&["in/a.py"]);
    std::os::unix::fs::symlink(desk.path("in/a.py"), desk.path("link.py")).unwrap();
    desk.watch(&["link.py"]);
    desk.check_told(|dir| fs::write(dir.join("in/a.py"), "two\n").unwrap(), "link.py");
}

#[test]
fn what_is_no_file_is_left_out() {
    let mut desk = Desk::new(&[]);
    desk.watcher.watch(&[Uri::from("untitled:a.py"), desk.uri("nowhere/a.py")]);
    assert_eq!(desk.watcher.files_at(&[desk.path("nowhere")]), [desk.uri("nowhere/a.py")]);
}
