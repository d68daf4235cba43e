//! An index that follows its folder: what another program does shows, without anybody telling of it.

#[path = "indexer/content.rs"]
mod content;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use content::content;
use syntax::Stop;
use workspace::{Indexer, IndexerOptions};

/// How long a system may take to tell.
const LIMIT: Duration = Duration::from_secs(20);

struct Desk {
    dir: tempfile::TempDir,
    indexer: Arc<Indexer>,
    updated: Receiver<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// A folder with these files, whose index is up to date and watched.
    fn new(names: &[&str]) -> Desk {
        let dir = tempfile::tempdir().expect("a folder");
        for name in names {
            write(&dir.path().join(name), "one = 1\n");
        }
        let indexer = Arc::new(Indexer::new(dir.path(), IndexerOptions::default()));
        let (tx, updated) = channel();
        let followed = indexer.clone();
        let thread =
            std::thread::spawn(move || followed.follow(|report| tx.send(report.is_watched).unwrap_or(())));
        assert_eq!(updated.recv_timeout(LIMIT), Ok(true), "it is watched");
        Desk { dir, indexer, updated, thread: Some(thread) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Waits until the index says what a new one says, with these files.
    #[track_caller]
    fn check(&self, files: &[&str]) {
        let fresh = Indexer::new(self.dir.path(), IndexerOptions::default());
        fresh.update(&Stop::never());
        let fresh = fresh.index().read();
        let found: Vec<&str> = fresh.files().map(|(_, file)| &*file.path).collect();
        assert_eq!(found, files);
        let expect = content(&fresh);
        while content(&self.indexer.index().read()) != expect {
            self.updated.recv_timeout(LIMIT).expect("it is told");
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.indexer.end();
        self.thread.take().expect("it runs").join().expect("it ends");
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

#[test]
fn files_that_are_written_renamed_and_deleted_show() {
    let desk = Desk::new(&["a.py", "in/b.py"]);
    write(&desk.path("in/b.py"), "def two(): pass\n");
    desk.check(&["a.py", "in/b.py"]);
    write(&desk.path("in/c.py"), "def three(): pass\n");
    desk.check(&["a.py", "in/b.py", "in/c.py"]);
    fs::rename(desk.path("in/b.py"), desk.path("a.py")).unwrap();
    desk.check(&["a.py", "in/c.py"]);
    fs::remove_file(desk.path("a.py")).unwrap();
    desk.check(&["in/c.py"]);
}

#[test]
fn folders_that_are_made_moved_and_made_again_show() {
    let desk = Desk::new(&["a.py"]);
    write(&desk.path("new/deep/b.py"), "two = 2\n");
    desk.check(&["a.py", "new/deep/b.py"]);
    fs::rename(desk.path("new"), desk.path("other")).unwrap();
    desk.check(&["a.py", "other/deep/b.py"]);
    write(&desk.path("other/deep/c.py"), "three = 3\n");
    desk.check(&["a.py", "other/deep/b.py", "other/deep/c.py"]);
    fs::remove_dir_all(desk.path("other")).unwrap();
    write(&desk.path("other/deep/d.py"), "four = 4\n");
    desk.check(&["a.py", "other/deep/d.py"]);
    write(&desk.path("other/deep/e.py"), "five = 5\n");
    desk.check(&["a.py", "other/deep/d.py", "other/deep/e.py"]);
}

#[test]
fn ignore_files_that_change_show() {
    let desk = Desk::new(&["a.py", "in/b.py"]);
    write(&desk.path(".gitignore"), "in/\n");
    desk.check(&["a.py"]);
    write(&desk.path("in/c.py"), "three = 3\n");
    fs::remove_file(desk.path(".gitignore")).unwrap();
    desk.check(&["a.py", "in/b.py", "in/c.py"]);
    write(&desk.path("in/c.py"), "four = 4\n");
    desk.check(&["a.py", "in/b.py", "in/c.py"]);
}

#[test]
fn another_branch_shows() {
    let names: Vec<String> = (0..60).map(|n| format!("d{}/f{n}.py", n % 7)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let desk = Desk::new(&names);
    for name in &names {
        write(&desk.path(name), &format!("def of_{}(): pass\n", name.len()));
    }
    fs::remove_dir_all(desk.path("d3")).unwrap();
    let mut left: Vec<&str> = names.into_iter().filter(|name| !name.starts_with("d3/")).collect();
    left.sort_unstable();
    desk.check(&left);
}
