//! Identity of a document, as the editor writes it.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

/// A URI, kept byte for byte as it came: editors compare them as strings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(String);

impl Uri {
    /// The URI of an absolute path; none for a relative one.
    pub fn from_path(path: &Path) -> Option<Uri> {
        Url::from_file_path(path).ok().map(|url| Uri(url.into()))
    }

    /// The path of a `file:` URI; none for any other.
    pub fn to_path(&self) -> Option<PathBuf> {
        let url = Url::parse(&self.0).ok()?;
        if url.scheme() != "file" {
            return None;
        }
        url.to_file_path().ok()
    }

    /// The URI as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Uri {
    fn from(uri: &str) -> Uri {
        Uri(uri.to_owned())
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
