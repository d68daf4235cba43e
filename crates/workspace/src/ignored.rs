//! What may leave the machine: the union of all ignore files people write, and a floor of names that hold secrets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::Uri;

/// Files of ignore rules, read in every directory from the root down; what one of them names is withheld.
const IGNORE_FILES: [&str; 9] = [
    ".gitignore",
    ".ignore",
    ".aiignore",
    ".aiexclude",
    ".cursorignore",
    ".cursorindexingignore",
    ".codeiumignore",
    ".continueignore",
    ".hunkwiseignore",
];

/// Names that hold secrets, whatever a project's ignore files say.
const SECRET_NAMES: [&str; 30] = [
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "*.gpg",
    "*.asc",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".npmrc",
    ".pypirc",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".htpasswd",
    "credentials",
    "credentials.json",
    "*.tfstate",
    "*.tfvars",
    "secrets.*",
    "kubeconfig",
];

/// Names that match the list above and hold none.
const PUBLIC_NAMES: [&str; 4] = [".env.example", ".env.sample", ".env.template", ".env.dist"];

/// Why nothing of a file may leave the machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// An ignore file names it.
    #[error("{} is named by {}", path.display(), rule.display())]
    Ignored {
        /// The file.
        path: PathBuf,
        /// The ignore file.
        rule: PathBuf,
    },
    /// Its name is one of those that hold secrets.
    #[error("{} has a name that usually holds secrets", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
    },
}

/// The ignore rules of a workspace's folders.
#[derive(Debug, Default)]
pub(crate) struct IgnoreRules {
    roots: Vec<PathBuf>,
}

impl IgnoreRules {
    pub(crate) fn new(roots: Vec<PathBuf>) -> IgnoreRules {
        IgnoreRules { roots }
    }

    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// The innermost root that holds a path.
    pub(crate) fn root_of(&self, path: &Path) -> Option<&Path> {
        let holding = self.roots.iter().filter(|root| path.starts_with(root));
        holding.max_by_key(|root| root.components().count()).map(PathBuf::as_path)
    }

    pub(crate) fn display_path(&self, uri: &Uri) -> String {
        let Some(path) = uri.to_path() else {
            return uri.as_str().rsplit('/').next().unwrap_or(uri.as_str()).to_owned();
        };
        let relative = self.root_of(&path).and_then(|root| path.strip_prefix(root).ok());
        let shown = relative.filter(|relative| !relative.as_os_str().is_empty()).map(Path::to_owned);
        let shown = shown.unwrap_or_else(|| path.file_name().map_or_else(|| path.clone(), PathBuf::from));
        shown.display().to_string().replace('\\', "/")
    }

    /// Whether anything of a file may leave the machine. Ignore files are read each time: they are small, few and may change.
    pub(crate) fn may_send(&self, path: &Path) -> Result<(), Withheld> {
        if has_secret_name(path) {
            return Err(Withheld::Secret { path: path.to_owned() });
        }
        let Some(root) = self.root_of(path) else { return Ok(()) };
        let mut dir = path.parent();
        while let Some(current) = dir.filter(|current| current.starts_with(root)) {
            for file in IGNORE_FILES {
                let rule = current.join(file);
                if rule.is_file() && names(&rules(current, &rule), current, path) {
                    return Err(Withheld::Ignored { path: path.to_owned(), rule });
                }
            }
            dir = current.parent();
        }
        Ok(())
    }
}

/// The ignore rules of a directory and of those above it, each file read once: for a walk from a root down.
#[derive(Debug)]
pub(crate) struct RuleChain {
    above: Option<Arc<RuleChain>>,
    rules: Vec<Gitignore>,
}

impl RuleChain {
    /// The rules of a root, where `is_file` says which of the ignore files it has.
    pub(crate) fn of_root(root: &Path, is_file: impl Fn(&str) -> bool) -> Arc<RuleChain> {
        Arc::new(RuleChain { above: None, rules: rules_in(root, is_file) })
    }

    /// The rules of a directory right below. It must not be ignored itself.
    pub(crate) fn enter(self: &Arc<RuleChain>, dir: &Path, is_file: impl Fn(&str) -> bool) -> Arc<RuleChain> {
        let rules = rules_in(dir, is_file);
        if rules.is_empty() {
            return self.clone();
        }
        Arc::new(RuleChain { above: Some(self.clone()), rules })
    }

    /// Whether any of the rules names something right in the directory.
    pub(crate) fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        self.rules.iter().any(|rules| rules.matched(path, is_dir).is_ignore())
            || self.above.as_ref().is_some_and(|above| above.is_ignored(path, is_dir))
    }
}

fn rules_in(dir: &Path, is_file: impl Fn(&str) -> bool) -> Vec<Gitignore> {
    let files = IGNORE_FILES.iter().filter(|file| is_file(file)).map(|file| dir.join(file));
    // A link to rules counts, a directory of that name does not.
    files.filter(|file| file.is_file()).map(|file| rules(dir, &file)).collect()
}

/// Whether a name alone says that a file holds secrets.
pub(crate) fn has_secret_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("").to_ascii_lowercase();
    SECRET_NAMES.iter().any(|pattern| is_match(pattern, &name)) && !PUBLIC_NAMES.contains(&name.as_str())
}

/// Whether a file name is one of those that hold ignore rules.
pub(crate) fn is_ignore_file(name: &str) -> bool {
    IGNORE_FILES.contains(&name)
}

/// Whether the rules of `dir` name a file below it, or a directory on the way: as for git, what lies in an ignored directory
/// cannot be taken back in.
fn names(rules: &Gitignore, dir: &Path, path: &Path) -> bool {
    let parts = path.ancestors().take_while(|part| *part != dir);
    parts.enumerate().any(|(idx, part)| rules.matched(part, idx > 0).is_ignore())
}

/// The rules of one file; lines that cannot be read are skipped, the others count.
fn rules(dir: &Path, file: &Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new(dir);
    builder.add(file);
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// `*` at one end, or `.*` at the other, or the name itself.
fn is_match(pattern: &str, name: &str) -> bool {
    if let Some(suffix) = pattern.strip_prefix('*') {
        return name.ends_with(suffix);
    }
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == pattern,
    }
}
