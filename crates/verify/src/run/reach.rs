//! What of the machine a command may read: the system, and tools with what they installed.
//!
//! Owns the list. The home directory is not on it, for what lies there besides tools is the user's: keys, mail, other
//! projects. Must never hold the home directory itself or one above it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The system. Who may read what in it is the system's own question.
const SYSTEM: [&str; 13] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc",
    "/opt",
    "/nix",
    "/proc",
    "/sys",
    "/run/current-system",
    "/System",
];

/// Tools and packages in a home directory. What beside them holds a password is not on the list: the credentials of cargo, the
/// settings of Maven and npm.
const IN_HOME: [&str; 38] = [
    ".cargo/bin",
    ".cargo/registry",
    ".cargo/git",
    ".cargo/config.toml",
    ".cargo/config",
    ".cargo/env",
    ".rustup",
    ".pyenv",
    ".local/bin",
    ".local/lib",
    ".local/share/uv",
    ".local/share/mise",
    ".local/share/rtx",
    ".local/share/pnpm",
    ".local/share/fnm",
    ".local/share/pipx",
    ".local/share/virtualenvs",
    ".cache/pypoetry/virtualenvs",
    ".cache/uv",
    ".virtualenvs",
    ".local/pipx",
    ".nvm",
    ".volta",
    ".fnm",
    ".asdf",
    ".bun",
    ".deno",
    ".npm/_npx",
    ".nix-profile",
    ".sdkman",
    ".m2/repository",
    ".m2/wrapper",
    ".gradle/wrapper",
    ".jdks",
    ".rbenv",
    ".gem",
    "go",
    "sdk",
];

/// Variables that name a directory of tools.
const NAMED: [&str; 21] = [
    "RUSTUP_HOME",
    "GOROOT",
    "GOPATH",
    "GOMODCACHE",
    "JAVA_HOME",
    "JDK_HOME",
    "M2_HOME",
    "MAVEN_HOME",
    "GRADLE_HOME",
    "SDKMAN_DIR",
    "PYENV_ROOT",
    "PYTHONUSERBASE",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "NVM_DIR",
    "VOLTA_HOME",
    "FNM_DIR",
    "ASDF_DIR",
    "ASDF_DATA_DIR",
    "MISE_DATA_DIR",
    "RBENV_ROOT",
];

/// What may be read with the user's own variables, and beside the program at `program`. Only what is there.
pub fn readable(env: &[(String, String)], program: Option<&Path>) -> Vec<PathBuf> {
    let get = |name: &str| env.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let home = get("HOME").filter(|home| home.starts_with('/')).map(PathBuf::from);
    let mut paths: BTreeSet<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
    if let Some(home) = &home {
        paths.extend(IN_HOME.iter().map(|name| home.join(name)));
    }
    if let Some(cargo) = get("CARGO_HOME").map(Path::new) {
        let tools = IN_HOME.iter().filter_map(|name| name.strip_prefix(".cargo/"));
        paths.extend(tools.map(|name| cargo.join(name)));
    }
    paths.extend(NAMED.iter().filter_map(|name| get(name)).map(PathBuf::from));
    paths.extend(std::env::split_paths(get("PATH").unwrap_or_default()));
    // A program in `bin` often has its libraries beside that.
    let real = program.and_then(|program| program.canonicalize().ok());
    for dir in [program, real.as_deref()].into_iter().flatten().filter_map(Path::parent) {
        paths.insert(dir.to_owned());
        if dir.file_name().is_some_and(|name| name == "bin") {
            paths.extend(dir.parent().map(Path::to_owned));
        }
    }
    let homes: Vec<PathBuf> =
        home.iter().flat_map(|home| [Some(home.clone()), home.canonicalize().ok()]).flatten().collect();
    let is_too_much = |path: &Path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        [path, &real]
            .iter()
            .any(|path| path.parent().is_none() || homes.iter().any(|home| home.starts_with(path)))
    };
    paths.retain(|path| path.is_absolute() && path.exists() && !is_too_much(path));
    paths.into_iter().collect()
}
