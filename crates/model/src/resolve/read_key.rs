//! Keys out of the places that settings name: a variable, a command, a file.
//!
//! Must never put what it read into an error.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::env::Env;
use crate::error::Error;
use crate::key::{Key, KeySource};
#[cfg(feature = "keyring")]
use crate::mistaken::may_be_key;
use crate::mistaken::{is_variable_name, shown_path, shown_program};
use crate::settings::Settings;

/// Password stores may ask a key agent, not a person: there is nobody to answer.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// How often a finished command is looked for. Only its end is waited for this way, never its output.
const POLL: Duration = Duration::from_millis(10);

/// No key is longer.
const MAX_KEY_BYTES: u64 = 64 << 10;

/// The key that settings name, if they name one: by command, then by file, then by keyring, then by variable.
pub(super) fn read_key(settings: &Settings, env: &Env) -> Result<Option<(Key, KeySource)>, Error> {
    if let Some(argv) = &settings.api_key_command {
        let program = argv.first().cloned().unwrap_or_default();
        return Ok(Some((from_command(argv, COMMAND_LIMIT)?, KeySource::Command(program))));
    }
    if let Some(path) = &settings.api_key_file {
        let path = expanded(path, env);
        return Ok(Some((from_file(&path)?, KeySource::File(path))));
    }
    if let Some(name) = &settings.api_key_keyring {
        return Ok(Some((from_keyring(name)?, KeySource::Keyring(name.clone()))));
    }
    let Some(name) = &settings.api_key_env else { return Ok(None) };
    let text = env.get(name).ok_or_else(|| bad("api_key_env", not_set(name)))?;
    let key =
        Key::new(text).ok_or_else(|| bad("api_key_env", format!("the variable {name} holds no key")))?;
    Ok(Some((key, KeySource::Env(name.clone()))))
}

/// Why a variable gives nothing. A key that stands in the place of its name is not repeated.
fn not_set(name: &str) -> String {
    match is_variable_name(name) {
        true => format!("the variable {name} is not set"),
        false => "what it holds is no name of a variable; name the variable that holds the key, not the key"
            .to_owned(),
    }
}

fn from_file(path: &Path) -> Result<Key, Error> {
    let name = shown_path(path);
    let cannot = |error: std::io::Error| bad("api_key_file", format!("read {name}: {error}"));
    let file = std::fs::File::open(path).map_err(cannot)?;
    only_owner_may_read(&file.metadata().map_err(cannot)?, path)?;
    let mut text = zeroize::Zeroizing::new(String::new());
    file.take(MAX_KEY_BYTES).read_to_string(&mut text).map_err(cannot)?;
    Key::new(&text).ok_or_else(|| bad("api_key_file", format!("{name} holds no key, or more than a key")))
}

#[cfg(unix)]
fn only_owner_may_read(metadata: &std::fs::Metadata, path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let name = path.display();
    Err(bad("api_key_file", format!("others may read {name} (mode {mode:04o}); run `chmod 600 {name}`")))
}

/// Other systems keep access apart from the file's mode; the user's folder is closed to others there by default.
#[cfg(not(unix))]
fn only_owner_may_read(_: &std::fs::Metadata, _: &Path) -> Result<(), Error> {
    Ok(())
}

/// The service under which entries of the keyring are ours.
#[cfg(feature = "keyring")]
const SERVICE: &str = "hunkwise";

#[cfg(feature = "keyring")]
fn from_keyring(name: &str) -> Result<Key, Error> {
    let shown = if may_be_key(name) { "that name".to_owned() } else { format!("`{name}`") };
    let failed = |error: keyring::Error| {
        let said = match error {
            keyring::Error::NoEntry => format!("the keyring has no entry {shown} of the service {SERVICE}"),
            // What else it says may hold the entry's bytes.
            keyring::Error::BadEncoding(_) => format!("the entry {shown} is no text"),
            other => format!("the keyring cannot be asked for {shown}: {other}"),
        };
        bad("api_key_keyring", said)
    };
    let text = keyring::Entry::new(SERVICE, name).and_then(|entry| entry.get_password()).map_err(failed)?;
    let text = zeroize::Zeroizing::new(text);
    Key::new(&text).ok_or_else(|| bad("api_key_keyring", format!("the entry {shown} holds no key")))
}

#[cfg(not(feature = "keyring"))]
fn from_keyring(_: &str) -> Result<Key, Error> {
    let why =
        "this build has no keyring; build it with `--features keyring`, or name another place of the key";
    Err(bad("api_key_keyring", why.to_owned()))
}

fn expanded(path: &Path, env: &Env) -> PathBuf {
    match (path.strip_prefix("~"), env.get("HOME").or(env.get("USERPROFILE"))) {
        (Ok(rest), Some(home)) => Path::new(home).join(rest),
        _ => path.to_owned(),
    }
}

fn from_command(argv: &[String], limit: Duration) -> Result<Key, Error> {
    let (program, arguments) =
        argv.split_first().ok_or_else(|| bad("api_key_command", "it names no program".to_owned()))?;
    let failed = |why: String| bad("api_key_command", format!("{} {why}", shown_program(program)));
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("did not start ({error})")))?;
    let outcome = output(&mut child, limit);
    if !matches!(outcome, Outcome::Ended(..)) {
        // It may have ended in between; then there is nothing to stop.
        let _ = child.kill();
        let _ = child.wait();
    }
    match outcome {
        Outcome::Ended(text, true) => {
            let line = text.lines().next().unwrap_or_default();
            Key::new(line).ok_or_else(|| failed("printed no key in its first line".to_owned()))
        }
        Outcome::Ended(_, false) => Err(failed("failed; run it in a terminal to see why".to_owned())),
        Outcome::TooSlow => Err(failed(format!("printed no key within {} s", limit.as_secs_f64()))),
        Outcome::Unreadable => Err(failed("printed what is not text".to_owned())),
    }
}

enum Outcome {
    /// What it printed, and whether it succeeded.
    Ended(zeroize::Zeroizing<String>, bool),
    TooSlow,
    Unreadable,
}

fn output(child: &mut Child, limit: Duration) -> Outcome {
    let deadline = Instant::now() + limit;
    let Some(stdout) = child.stdout.take() else { return Outcome::Unreadable };
    let (tx, rx) = mpsc::channel();
    // A thread, because a pipe that something else still holds open cannot be read with a limit of time.
    std::thread::spawn(move || {
        let mut text = zeroize::Zeroizing::new(String::new());
        let read = stdout.take(MAX_KEY_BYTES).read_to_string(&mut text);
        // Nobody listens any more when the limit was reached.
        let _ = tx.send(read.map(|_| text));
    });
    let text = match rx.recv_timeout(limit) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => return Outcome::Unreadable,
        Err(_) => return Outcome::TooSlow,
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Outcome::Ended(text, status.success()),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
            Ok(None) | Err(_) => return Outcome::TooSlow,
        }
    }
}

fn bad(key: &str, why: String) -> Error {
    Error::BadSetting { key: key.to_owned(), why }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[track_caller]
    fn check_command(argv: &[&str], expect: Result<&str, &str>) {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        match (from_command(&argv, Duration::from_millis(400)), expect) {
            (Ok(key), expect) => assert_eq!(Ok(key.expose()), expect),
            (Err(error), expect) => assert_eq!(Err(error.to_string().as_str()), expect),
        }
    }

    #[test]
    fn a_command_prints_the_key_in_its_first_line() {
        check_command(&["printf", "  abc-123 \nmore\n"], Ok("abc-123"));
        check_command(&["printf", "$HOME"], Ok("$HOME"));
    }

    #[test]
    fn a_command_that_gives_no_key_is_named() {
        check_command(
            &["printf", "two words"],
            Err("setting `api_key_command`: `printf` printed no key in its first line"),
        );
        check_command(
            &["false"],
            Err("setting `api_key_command`: `false` failed; run it in a terminal to see why"),
        );
        check_command(
            &["sleep", "30"],
            Err("setting `api_key_command`: `sleep` printed no key within 0.4 s"),
        );
        check_command(&[], Err("setting `api_key_command`: it names no program"));
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        std::fs::write(&path, "abc-123\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let error = from_file(&path).unwrap_err().to_string();
        assert!(error.contains("(mode 0644); run `chmod 600"), "{error}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(from_file(&path).unwrap().expose(), "abc-123");
        std::fs::write(&path, "abc-123\nxyz-456\n").unwrap();
        let error = from_file(&path).unwrap_err().to_string();
        assert!(error.ends_with("holds no key, or more than a key") && !error.contains("abc"), "{error}");
    }
}
