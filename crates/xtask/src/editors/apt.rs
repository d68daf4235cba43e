//! Unpacks packages of a Debian suite, with all that they depend on, into a directory of our own.
//!
//! Owns the private apt configuration. Must never read or change the system's package state beyond asking which mirror this
//! machine uses, and must never name a mirror itself.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use super::cache::Cache;

/// Where Debian's own machines keep the keys that sign its suites.
const KEYRINGS: &[&str] =
    &["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"];

/// The Debian mirror that this machine already uses, or `HUNKWISE_DEBIAN_MIRROR`.
///
/// Fails on a machine whose apt knows no Debian mirror.
pub fn mirror(cache: &Cache) -> Result<String> {
    if let Ok(mirror) = env::var("HUNKWISE_DEBIAN_MIRROR")
        && !mirror.is_empty()
    {
        return Ok(mirror);
    }
    if let Some(mirror) = known_mirror(&mut Command::new("apt-get"))? {
        return Ok(mirror);
    }
    // A fresh container has sources but no lists, and apt knows a source's origin only from its list.
    let apt = cache.apt("system");
    fs::create_dir_all(apt.join("lists/partial")).with_context(|| format!("create {}", apt.display()))?;
    let config = apt.join("apt.conf");
    write_config(
        &config,
        &[("Dir::State::lists", &path_text(&apt.join("lists"))?), ("Dir::Cache", &path_text(&apt)?)],
    )?;
    run(apt_get(&config).args(["-qq", "update"]), "update the list of this machine's mirrors")?;
    let mirror = known_mirror(&mut apt_get(&config))?;
    fs::remove_dir_all(&apt).with_context(|| format!("remove {}", apt.display()))?;
    mirror.context(
        "apt on this machine knows no Debian mirror: set HUNKWISE_DEBIAN_MIRROR to the address of one",
    )
}

/// Fetches `packages` of `suite` and leaves them unpacked in the cache, replacing what was there.
pub fn unpack(cache: &Cache, mirror: &str, suite: &str, packages: &[&str]) -> Result<()> {
    cache.unstamp(suite)?;
    let apt = cache.apt(suite);
    remove(&apt)?;
    fs::create_dir_all(apt.join("lists/partial")).with_context(|| format!("create {}", apt.display()))?;
    fs::create_dir_all(apt.join("archives/partial")).with_context(|| format!("create {}", apt.display()))?;
    let config = configure(&apt, mirror, suite)?;
    run(apt_get(&config).args(["-qq", "update"]), &format!("fetch the package list of {suite}"))?;
    run(
        apt_get(&config).args(["-qq", "-y", "--download-only", "install"]).args(packages),
        &format!("fetch {} of {suite}", packages.join(" ")),
    )?;
    extract(&apt.join("archives"), &cache.suite(suite))?;
    remove(&apt)
}

/// Writes the configuration of a machine that has nothing installed and sees one suite only.
fn configure(apt: &Path, mirror: &str, suite: &str) -> Result<std::path::PathBuf> {
    let status = apt.join("status");
    let sources = apt.join("sources.list");
    let signed_by = KEYRINGS
        .iter()
        .find(|keyring| Path::new(keyring).exists())
        .map(|keyring| format!("[signed-by={keyring}] "))
        .unwrap_or_default();
    fs::write(&status, "").with_context(|| format!("write {}", status.display()))?;
    fs::write(&sources, format!("deb {signed_by}{mirror} {suite} main\n"))
        .with_context(|| format!("write {}", sources.display()))?;
    let config = apt.join("apt.conf");
    write_config(
        &config,
        &[
            ("Dir::Etc::sourcelist", &path_text(&sources)?),
            ("Dir::Etc::sourceparts", "/dev/null"),
            ("Dir::Etc::preferences", "/dev/null"),
            ("Dir::Etc::preferencesparts", "/dev/null"),
            ("Dir::State", &path_text(apt)?),
            ("Dir::State::lists", &path_text(&apt.join("lists"))?),
            ("Dir::State::status", &path_text(&status)?),
            ("Dir::Cache", &path_text(apt)?),
            ("Dir::Cache::archives", &path_text(&apt.join("archives"))?),
            ("Dir::Log", &path_text(apt)?),
            ("APT::Install-Recommends", "false"),
        ],
    )?;
    Ok(config)
}

/// Writes an apt configuration that replaces the machine's files: how to reach the network is kept, hooks are not.
fn write_config(path: &Path, settings: &[(&str, &str)]) -> Result<()> {
    let dump = run(Command::new("apt-config").arg("dump"), "read apt's configuration")?;
    let mut text = String::new();
    for line in String::from_utf8_lossy(&dump.stdout).lines() {
        if line.starts_with("Acquire::")
            && !line.starts_with("Acquire::IndexTargets")
            && !line.contains("Languages")
        {
            text.push_str(line);
            text.push('\n');
        }
    }
    let own = [
        ("Dir::Etc::main", "/dev/null"),
        ("Dir::Etc::parts", "/dev/null"),
        ("Acquire::Languages", "none"),
        // Otherwise a mirror that cannot be reached is a warning, and the error is about a package.
        ("APT::Update::Error-Mode", "any"),
        ("Acquire::Retries", "3"),
        // Otherwise apt as root becomes a user that cannot write into this user's cache.
        ("APT::Sandbox::User", ""),
    ];
    for (key, value) in own.iter().chain(settings) {
        text.push_str(&format!("{key} \"{value}\";\n"));
    }
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}

fn known_mirror(apt: &mut Command) -> Result<Option<String>> {
    let output = run(
        apt.args(["indextargets", "--format", "$(REPO_URI)", "Origin: Debian"]),
        "ask apt for this machine's mirror",
    )?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().find(|line| !line.contains("security")).map(str::to_owned))
}

fn apt_get(config: &Path) -> Command {
    let mut command = Command::new("apt-get");
    command.env("APT_CONFIG", config).env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Unpacks every archive into `target` through a directory beside it, so that a broken run leaves no half of a suite.
fn extract(archives: &Path, target: &Path) -> Result<()> {
    let partial = target.with_extension("partial");
    remove(&partial)?;
    for dir in ["bin", "sbin", "lib", "lib64"] {
        fs::create_dir_all(partial.join("usr").join(dir))
            .with_context(|| format!("create {}", partial.display()))?;
        merge_usr(&partial, dir)?;
    }
    let entries = fs::read_dir(archives).with_context(|| format!("read {}", archives.display()))?;
    for entry in entries {
        let archive = entry.with_context(|| format!("read {}", archives.display()))?.path();
        if archive.extension().is_some_and(|extension| extension == "deb") {
            extract_one(&archive, &partial)?;
        }
    }
    remove(target)?;
    fs::rename(&partial, target)
        .with_context(|| format!("rename {} to {}", partial.display(), target.display()))
}

/// Debian keeps `/bin` and its like as links into `/usr`; older packages still ship files under both names.
#[cfg(unix)]
fn merge_usr(root: &Path, dir: &str) -> Result<()> {
    let link = root.join(dir);
    std::os::unix::fs::symlink(format!("usr/{dir}"), &link)
        .with_context(|| format!("link {}", link.display()))
}

#[cfg(not(unix))]
fn merge_usr(_root: &Path, dir: &str) -> Result<()> {
    bail!("link {dir}: packages can be unpacked on Linux only")
}

fn extract_one(archive: &Path, target: &Path) -> Result<()> {
    let mut reader = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(archive)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .with_context(|| format!("start dpkg-deb on {}", archive.display()))?;
    let stdout = reader.stdout.take().context("dpkg-deb has no output")?;
    let unpacked = run(
        Command::new("tar")
            .args(["-x", "--keep-directory-symlink", "--no-same-owner", "--no-same-permissions", "-C"])
            .arg(target)
            .stdin(stdout),
        &format!("unpack {}", archive.display()),
    );
    let status = reader.wait().with_context(|| format!("wait for dpkg-deb on {}", archive.display()))?;
    unpacked?;
    if !status.success() {
        bail!("dpkg-deb on {}: {status}", archive.display());
    }
    Ok(())
}

fn remove(dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("remove {}", dir.display()))?;
    }
    Ok(())
}

fn path_text(path: &Path) -> Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// Runs a command quietly; its complaint is the error.
fn run(command: &mut Command, what: &str) -> Result<Output> {
    let output = command.output().with_context(|| format!("{what}: start {:?}", command.get_program()))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        let complaint: Vec<&str> = complaint.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        bail!("{what}: {}: {}", output.status, complaint.join("; "));
    }
    Ok(output)
}
