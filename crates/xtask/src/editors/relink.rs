//! Makes an unpacked program runnable where it lies, with the libraries that were unpacked beside it.
//!
//! Owns the loader's and the libraries' places for each architecture. Must never change a program outside the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The loader and the library directory of this architecture, inside an unpacked suite.
fn places() -> Result<(&'static str, &'static str)> {
    match std::env::consts::ARCH {
        "x86_64" => Ok(("usr/lib64/ld-linux-x86-64.so.2", "usr/lib/x86_64-linux-gnu")),
        "aarch64" => Ok(("usr/lib/ld-linux-aarch64.so.1", "usr/lib/aarch64-linux-gnu")),
        other => bail!("relink for {other}: only x86_64 and aarch64 are known"),
    }
}

/// Points `program` of the suite in `root` at the suite's own loader and libraries.
///
/// A running program must find itself under its own path (Neovim starts itself again), which calling the loader would hide.
pub fn program(root: &Path, tools: &Path, program: &str) -> Result<()> {
    let (loader, libraries) = places()?;
    let path = root.join(program);
    let original = PathBuf::from(format!("{}.orig", path.display()));
    if !original.exists() {
        fs::copy(&path, &original).with_context(|| format!("copy {}", path.display()))?;
    }
    let relinked = PathBuf::from(format!("{}.new", path.display()));
    fs::copy(&original, &relinked).with_context(|| format!("copy {}", original.display()))?;
    // The relinking program itself was unpacked, so it is started through the loader beside it.
    let output = Command::new(tools.join(loader))
        .arg("--library-path")
        .arg(tools.join(libraries))
        .arg(tools.join("usr/bin/patchelf"))
        .arg("--set-interpreter")
        .arg(root.join(loader))
        .args(["--force-rpath", "--set-rpath"])
        .arg(root.join(libraries))
        .arg(&relinked)
        .output()
        .with_context(|| format!("relink {}: start the loader in {}", path.display(), tools.display()))?;
    if !output.status.success() {
        bail!("relink {}: {}", path.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    fs::rename(&relinked, &path).with_context(|| format!("rename {}", relinked.display()))
}

/// Writes a script to `wrapper` that sets the variables, each one or more paths inside `root` with `:` between them, and
/// becomes the program with the flags, each with a path inside `root`. A `*` in a path stands for any part of one
/// component.
///
/// Fails where nothing, or more than one thing, is there for a `*`.
pub fn wrap(
    root: &Path,
    program: &str,
    variables: &[(&str, &str)],
    flags: &[(&str, &str)],
    wrapper: &Path,
) -> Result<()> {
    let mut text = String::from("#!/bin/sh\n");
    for (name, value) in variables {
        let paths: Vec<String> =
            value.split(':').map(|path| Ok(quoted(&only(root, path)?))).collect::<Result<_>>()?;
        text.push_str(&format!("export {name}={}\n", paths.join(":")));
    }
    text.push_str(&format!("exec {}", quoted(&root.join(program))));
    for (flag, path) in flags {
        text.push_str(&format!(" {flag}={}", quoted(&only(root, path)?)));
    }
    text.push_str(" \"$@\"\n");
    // Not `with_extension`: the names end in version numbers.
    let partial = PathBuf::from(format!("{}.partial", wrapper.display()));
    fs::write(&partial, text).with_context(|| format!("write {}", partial.display()))?;
    make_executable(&partial)?;
    fs::rename(&partial, wrapper).with_context(|| format!("rename {}", partial.display()))
}

/// The one path that matches: the version of a program is part of where its files are.
fn only(root: &Path, pattern: &str) -> Result<PathBuf> {
    let mut found = root.to_owned();
    for component in pattern.split('/') {
        let Some((start, end)) = component.split_once('*') else {
            found.push(component);
            continue;
        };
        let entries = fs::read_dir(&found).with_context(|| format!("read {}", found.display()))?;
        let mut names: Vec<_> = entries
            .map(|entry| Ok(entry?.file_name()))
            .collect::<std::io::Result<_>>()
            .with_context(|| format!("read {}", found.display()))?;
        names.retain(|name| name.to_str().is_some_and(|name| name.starts_with(start) && name.ends_with(end)));
        let [name] = names.as_slice() else {
            bail!("{component} of {pattern} stands for {} things in {}", names.len(), found.display());
        };
        found.push(name);
    }
    Ok(found)
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("make {} executable", path.display()))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_version_in_a_path_is_found_once() {
        let root = tempfile::tempdir().unwrap();
        for dir in ["share/vim/vim92", "share/vim/files", "lib/1/dumps"] {
            fs::create_dir_all(root.path().join(dir)).unwrap();
        }
        fs::write(root.path().join("lib/1/dumps/a-0.dump"), "").unwrap();
        let found = |pattern: &str| {
            only(root.path(), pattern)
                .map(|path| path.strip_prefix(root.path()).unwrap().to_string_lossy().into_owned())
                .map_err(|error| error.to_string().replace(&root.path().display().to_string(), "ROOT"))
        };

        assert_eq!(found("share/vim/vim9*").unwrap(), "share/vim/vim92");
        assert_eq!(found("lib/*/*/*.dump").unwrap(), "lib/1/dumps/a-0.dump");
        assert_eq!(
            found("share/vim/*").unwrap_err(),
            "* of share/vim/* stands for 2 things in ROOT/share/vim"
        );
        assert_eq!(found("lib/2*").unwrap_err(), "2* of lib/2* stands for 0 things in ROOT/lib");
    }

    #[test]
    fn a_wrapper_passes_variables_and_arguments_from_a_directory_with_any_name() {
        let root = tempfile::tempdir().unwrap();
        let suite = root.path().join("it's a $(suite)");
        fs::create_dir_all(suite.join("bin")).unwrap();
        let text = "#!/bin/sh\nprintf '%s|' \"$HUNKWISE_RUNTIME\" \"$@\"\n";
        fs::write(suite.join("bin/program"), text).unwrap();
        make_executable(&suite.join("bin/program")).unwrap();
        let wrapper = root.path().join("program-0.1");
        let variables = [("HUNKWISE_RUNTIME", "share/runtime:lib")];
        wrap(&suite, "bin/program", &variables, &[("--dump", "bin/pro*")], &wrapper).unwrap();

        let output = super::super::output_when_free(Command::new(&wrapper).args(["a b", "c"])).unwrap();

        let (runtime, lib) = (suite.join("share/runtime"), suite.join("lib"));
        let dump = suite.join("bin/program");
        let expected = format!("{}:{}|--dump={}|a b|c|", runtime.display(), lib.display(), dump.display());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
}
