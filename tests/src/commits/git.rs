//! Files of a commit, read from a bare clone.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};

/// A clone, with the process that reads its blobs.
pub struct Git {
    dir: std::path::PathBuf,
    _child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    blobs: HashMap<String, Option<Arc<str>>>,
}

impl Git {
    /// Starts to read a bare clone.
    pub fn open(dir: &Path) -> Result<Git> {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(dir)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start git")?;
        let stdin = child.stdin.take().context("git takes no input")?;
        let stdout = BufReader::new(child.stdout.take().context("git gives no output")?);
        Ok(Git { dir: dir.to_owned(), _child: child, stdin, stdout, blobs: HashMap::new() })
    }

    /// The paths of a commit's regular files with the names of their blobs.
    pub fn files(&self, commit: &str) -> Result<Vec<(String, String)>> {
        let text = self.said(&["ls-tree", "-r", "-z", commit])?;
        let file = |entry: &str| {
            let (meta, path) = entry.split_once('\t')?;
            let mut meta = meta.split(' ');
            let mode = meta.next()?;
            mode.starts_with("100").then(|| meta.nth(1))?.map(|blob| (path.to_owned(), blob.to_owned()))
        };
        Ok(text.split('\0').filter_map(file).collect())
    }

    /// What the last commits up to one wrote, as git prints it.
    pub fn log(&self, commit: &str) -> Result<String> {
        self.said(&[&["-c", "core.quotePath=false", "log"], &workspace::LOG_OPTIONS[..], &[commit]].concat())
    }

    fn said(&self, args: &[&str]) -> Result<String> {
        let output = Command::new("git").arg("-C").arg(&self.dir).args(args).output();
        let output = output.with_context(|| format!("run git {}", args.join(" ")))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The text of a blob; none where it is missing or no text.
    pub fn text(&mut self, blob: &str) -> Result<Option<Arc<str>>> {
        if let Some(known) = self.blobs.get(blob) {
            return Ok(known.clone());
        }
        writeln!(self.stdin, "{blob}")?;
        self.stdin.flush()?;
        let mut header = String::new();
        self.stdout.read_line(&mut header)?;
        let n_bytes: Option<usize> = header.split_whitespace().nth(2).and_then(|n| n.parse().ok());
        let text = match n_bytes {
            Some(n_bytes) => {
                let mut bytes = vec![0; n_bytes + 1];
                self.stdout.read_exact(&mut bytes)?;
                bytes.truncate(n_bytes);
                String::from_utf8(bytes).ok().map(Arc::from)
            }
            None => None,
        };
        self.blobs.insert(blob.to_owned(), text.clone());
        Ok(text)
    }
}
