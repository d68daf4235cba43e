//! What may leave the machine: the union of all ignore files people write, and a floor of names that hold secrets.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::Uri;
use crate::disk::{checkout_above, real_path};

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
    /// It lies elsewhere than its name says, and in none of the folders.
    #[error("{} is a link that leads out of the folder", path.display())]
    LeadsOut {
        /// The file, by its name in the folder.
        path: PathBuf,
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

    /// Whether anything of a file may leave the machine, by its name and by where it really lies. Ignore files are read each
    /// time: they are small, few and may change.
    pub(crate) fn may_send(&self, path: &Path) -> Result<(), Withheld> {
        self.may_send_as_named(path)?;
        let real = real_path(path);
        if real == path {
            return Ok(());
        }
        let behind = self.behind_links();
        if self.root_of(path).is_some() && behind.root_of(&real).is_none() {
            return Err(Withheld::LeadsOut { path: path.to_owned() });
        }
        behind.may_send_as_named(&real)
    }

    /// The rules of the same folders, by where they really lie.
    fn behind_links(&self) -> IgnoreRules {
        IgnoreRules { roots: self.roots.iter().map(|root| real_path(root)).collect() }
    }

    fn may_send_as_named(&self, path: &Path) -> Result<(), Withheld> {
        if has_secret_name(path) {
            return Err(Withheld::Secret { path: path.to_owned() });
        }
        let Some(top) = self.top_of(path) else { return Ok(()) };
        for dir in path.ancestors().skip(1).take_while(|dir| dir.starts_with(top)) {
            for rule in rule_files(dir, |_| true) {
                if names(&rules(dir, &rule), dir, path, false) {
                    return Err(Withheld::Ignored { path: path.to_owned(), rule });
                }
            }
        }
        Ok(())
    }

    /// From where down the rules count for a path: from the top of the checkout that its outermost root lies in, else from
    /// that root.
    fn top_of(&self, path: &Path) -> Option<&Path> {
        let holding = self.roots.iter().filter(|root| path.starts_with(root));
        let root = holding.min_by_key(|root| root.components().count())?;
        Some(checkout_above(root).unwrap_or(root))
    }

    /// The directories above a root whose rules count in it.
    pub(crate) fn dirs_above(&self, root: &Path) -> Vec<PathBuf> {
        let top = self.top_of(root).unwrap_or(root);
        root.ancestors().skip(1).take_while(|dir| dir.starts_with(top)).map(Path::to_owned).collect()
    }

    /// The rules of a root, where `has` says which names there are in it.
    pub(crate) fn chain_of(&self, root: &Path, has: impl Fn(&str) -> bool) -> Arc<RuleChain> {
        let mut above = self.chain_above(root);
        let real = real_path(root);
        if real != root {
            let rules = self.behind_links().chain_above(&real);
            above.behind = Some(Behind { root: root.to_owned(), real, rules: Box::new(rules) });
        }
        Arc::new(RuleChain {
            above: Some(Arc::new(above)),
            rules: rules_in(root, has),
            ..RuleChain::default()
        })
    }

    /// The rules above a root.
    fn chain_above(&self, root: &Path) -> RuleChain {
        let mut chain = RuleChain::default();
        let top = self.top_of(root).unwrap_or(root);
        let above: Vec<&Path> = root.ancestors().skip(1).take_while(|dir| dir.starts_with(top)).collect();
        for dir in above.into_iter().rev() {
            let rules = rules_in(dir, |_| true);
            let is_closed = rules.iter().any(|rules| names(rules, dir, root, true));
            chain = RuleChain { above: Some(Arc::new(chain)), rules, is_closed, behind: None };
        }
        chain
    }
}

/// The ignore rules of a directory and of those above it, each file read once: for a walk from a root down.
#[derive(Debug, Default)]
pub(crate) struct RuleChain {
    above: Option<Arc<RuleChain>>,
    rules: Vec<Gitignore>,
    /// Rules above the root name the root, or a directory on the way to it.
    is_closed: bool,
    /// The rules above the root where it really lies, if that is elsewhere.
    behind: Option<Behind>,
}

#[derive(Debug)]
struct Behind {
    root: PathBuf,
    real: PathBuf,
    rules: Box<RuleChain>,
}

impl Behind {
    fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        let below = path.strip_prefix(&self.root);
        below.is_ok_and(|below| self.rules.is_ignored(&self.real.join(below), is_dir))
    }
}

impl RuleChain {
    /// The rules of a directory right below. It must not be ignored itself.
    pub(crate) fn enter(self: &Arc<RuleChain>, dir: &Path, has: impl Fn(&str) -> bool) -> Arc<RuleChain> {
        let rules = rules_in(dir, has);
        if rules.is_empty() {
            return self.clone();
        }
        Arc::new(RuleChain { above: Some(self.clone()), rules, ..RuleChain::default() })
    }

    /// Whether any of the rules names something right in the directory.
    pub(crate) fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        self.is_closed
            || self.rules.iter().any(|rules| rules.matched(path, is_dir).is_ignore())
            || self.behind.as_ref().is_some_and(|behind| behind.is_ignored(path, is_dir))
            || self.above.as_ref().is_some_and(|above| above.is_ignored(path, is_dir))
    }
}

fn rules_in(dir: &Path, has: impl Fn(&str) -> bool) -> Vec<Gitignore> {
    rule_files(dir, has).map(|file| rules(dir, &file)).collect()
}

/// The files of rules that count from a directory down, where `has` says which names there are in it.
fn rule_files(dir: &Path, has: impl Fn(&str) -> bool) -> impl Iterator<Item = PathBuf> {
    let exclude = if has(".git") { exclude_file(dir) } else { None };
    let files: Vec<PathBuf> =
        IGNORE_FILES.iter().filter(|file| has(file)).map(|file| dir.join(file)).collect();
    // A link to rules counts, a directory of that name does not.
    files.into_iter().chain(exclude).filter(|file| file.is_file())
}

/// The rules that a checkout keeps to itself. Those of a linked worktree lie in the repository that it belongs to.
fn exclude_file(checkout: &Path) -> Option<PathBuf> {
    let mut repository = checkout.join(".git");
    if repository.is_file() {
        let link = fs::read_to_string(&repository).ok()?;
        repository = checkout.join(link.strip_prefix("gitdir:")?.trim());
        if let Ok(common) = fs::read_to_string(repository.join("commondir")) {
            repository = repository.join(common.trim());
        }
    }
    Some(repository.join("info").join("exclude"))
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

/// The directory from which on down the rules of a file count; none for a file that holds no rules.
pub(crate) fn dir_of_rules(file: &Path) -> Option<&Path> {
    if file.ends_with(".git/info/exclude") {
        return file.ancestors().nth(3);
    }
    file.parent().filter(|_| file.file_name().and_then(|name| name.to_str()).is_some_and(is_ignore_file))
}

/// Whether the rules of `dir` name a file below it, or a directory on the way: as for git, what lies in an ignored directory
/// cannot be taken back in.
fn names(rules: &Gitignore, dir: &Path, path: &Path, is_dir: bool) -> bool {
    let parts = path.ancestors().take_while(|part| *part != dir);
    parts.enumerate().any(|(idx, part)| rules.matched(part, is_dir || idx > 0).is_ignore())
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
