//! Keeps a process, and all that it starts, to some directories.
//!
//! Owns the kernel's Landlock. Must never let a command run with less than what was said to hold.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What holds for commands on this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// They read and write only what they may.
    pub files: bool,
    /// They open and take TCP connections only where they may.
    pub network: bool,
    /// They reach no process but their own.
    pub signals: bool,
}

impl Confinement {
    /// A few words for people.
    pub fn describe(self) -> &'static str {
        match (self.files, self.network) {
            (true, true) => "writes only to its copy of the workspace; no TCP",
            (true, false) => "writes only to its copy of the workspace; the network is open",
            (false, _) => "not confined: this system has no Landlock, or an old one",
        }
    }
}

/// What may be reached.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Reach {
    pub(super) readable: Vec<PathBuf>,
    pub(super) writable: Vec<PathBuf>,
    pub(super) network: bool,
}

/// What the kernel holds commands to; found out on a thread that ends right after.
#[cfg(target_os = "linux")]
pub(super) fn available() -> Confinement {
    let probe = std::thread::spawn(|| linux::restrict(&Reach::default()));
    probe.join().ok().and_then(Result::ok).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn available() -> Confinement {
    Confinement::default()
}

/// Keeps this thread, and whatever it starts, to what may be reached. Fails if less would hold than `expected`.
#[cfg(target_os = "linux")]
pub(super) fn restrict(reach: &Reach, expected: Confinement) -> Result<(), String> {
    if !expected.files {
        return Ok(());
    }
    let held = linux::restrict(reach)?;
    let is_less = !held.files || expected.network && !held.network || expected.signals && !held.signals;
    if is_less { Err("the kernel does not hold it to its directories".to_owned()) } else { Ok(()) }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn restrict(_: &Reach, _: Confinement) -> Result<(), String> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    //! Landlock, as much of it as the kernel has.

    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr as _,
        RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, path_beneath_rules,
    };

    use super::{Confinement, Reach};

    /// What this code knows; older kernels hold less.
    const KNOWN: ABI = ABI::V7;

    /// Files without a content of their own, which tools read and write everywhere.
    const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

    pub(super) fn restrict(reach: &Reach) -> Result<Confinement, String> {
        let status = apply(reach).map_err(|error| error.to_string())?;
        let abi = match status.landlock {
            LandlockStatus::Available { effective_abi, .. } => effective_abi,
            LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => ABI::Unsupported,
        };
        let is_on = status.ruleset != RulesetStatus::NotEnforced && status.no_new_privs;
        // Before version 3 a file could be cut to nothing by its name.
        Ok(Confinement {
            files: is_on && abi >= ABI::V3,
            network: is_on && abi >= ABI::V4,
            signals: is_on && abi >= ABI::V6,
        })
    }

    fn apply(reach: &Reach) -> Result<landlock::RestrictionStatus, RulesetError> {
        let all = AccessFs::from_all(KNOWN);
        let mut ruleset = Ruleset::default().handle_access(all)?.scope(Scope::from_all(KNOWN))?;
        if !reach.network {
            ruleset = ruleset.handle_access(AccessNet::from_all(KNOWN))?;
        }
        ruleset
            .create()?
            .add_rules(path_beneath_rules(&reach.readable, AccessFs::from_read(KNOWN)))?
            .add_rules(path_beneath_rules(&reach.writable, all))?
            .add_rules(path_beneath_rules(
                DEVICES,
                AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev,
            ))?
            .restrict_self()
    }
}
