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
/// becomes the program.
pub fn wrap(root: &Path, program: &str, variables: &[(&str, &str)], wrapper: &Path) -> Result<()> {
    let mut text = String::from("#!/bin/sh\n");
    for (name, value) in variables {
        let paths: Vec<String> = value.split(':').map(|path| quoted(&root.join(path))).collect();
        text.push_str(&format!("export {name}={}\n", paths.join(":")));
    }
    text.push_str(&format!("exec {} \"$@\"\n", quoted(&root.join(program))));
    // Not `with_extension`: the names end in version numbers.
    let partial = PathBuf::from(format!("{}.partial", wrapper.display()));
    fs::write(&partial, text).with_context(|| format!("write {}", partial.display()))?;
    make_executable(&partial)?;
    fs::rename(&partial, wrapper).with_context(|| format!("rename {}", partial.display()))
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
    fn a_wrapper_passes_variables_and_arguments_from_a_directory_with_any_name() {
        let root = tempfile::tempdir().unwrap();
        let suite = root.path().join("it's a $(suite)");
        fs::create_dir_all(suite.join("bin")).unwrap();
        let text = "#!/bin/sh\nprintf '%s|' \"$HUNKWISE_RUNTIME\" \"$@\"\n";
        fs::write(suite.join("bin/program"), text).unwrap();
        make_executable(&suite.join("bin/program")).unwrap();
        let wrapper = root.path().join("program-0.1");
        wrap(&suite, "bin/program", &[("HUNKWISE_RUNTIME", "share/runtime:lib")], &wrapper).unwrap();

        let output = super::super::output_when_free(Command::new(&wrapper).args(["a b", "c"])).unwrap();

        let (runtime, lib) = (suite.join("share/runtime"), suite.join("lib"));
        let expected = format!("{}:{}|a b|c|", runtime.display(), lib.display());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
}
