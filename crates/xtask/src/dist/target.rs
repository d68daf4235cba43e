//! The systems that are shipped to, and what each place that packages come from calls them.
//!
//! Owns that table. Must never say how anything is built but for the linkage of a system.

use anyhow::{Context, Result};

/// A system that is shipped to.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Rust's name of it.
    pub triple: &'static str,
    /// How programs end there.
    pub exe: &'static str,
    /// `process.platform` and `process.arch` of Node.js.
    pub node: (&'static str, &'static str),
    /// What VS Code's packages are for.
    pub vscode: &'static str,
    /// The platform tags of a Python wheel. A static program runs with every libc.
    pub wheel: &'static str,
    /// Mason's names.
    pub mason: &'static [&'static str],
    /// The blocks of a Homebrew formula that it stands in.
    pub homebrew: Option<(&'static str, &'static str)>,
    /// Arch Linux's name of the processor.
    pub aur: Option<&'static str>,
}

/// All of them. Of Linux with two libcs either can be built; what comes out runs on both.
pub const TARGETS: &[Target] = &[
    linux_x64("x86_64-unknown-linux-musl"),
    linux_x64("x86_64-unknown-linux-gnu"),
    linux_arm64("aarch64-unknown-linux-musl"),
    linux_arm64("aarch64-unknown-linux-gnu"),
    Target {
        triple: "x86_64-apple-darwin",
        exe: "",
        node: ("darwin", "x64"),
        vscode: "darwin-x64",
        wheel: "macosx_10_12_x86_64",
        mason: &["darwin_x64"],
        homebrew: Some(("on_macos", "on_intel")),
        aur: None,
    },
    Target {
        triple: "aarch64-apple-darwin",
        exe: "",
        node: ("darwin", "arm64"),
        vscode: "darwin-arm64",
        wheel: "macosx_11_0_arm64",
        mason: &["darwin_arm64"],
        homebrew: Some(("on_macos", "on_arm")),
        aur: None,
    },
    Target {
        triple: "x86_64-pc-windows-msvc",
        exe: ".exe",
        node: ("win32", "x64"),
        vscode: "win32-x64",
        wheel: "win_amd64",
        mason: &["win_x64"],
        homebrew: None,
        aur: None,
    },
    Target {
        triple: "aarch64-pc-windows-msvc",
        exe: ".exe",
        node: ("win32", "arm64"),
        vscode: "win32-arm64",
        wheel: "win_arm64",
        mason: &["win_arm64"],
        homebrew: None,
        aur: None,
    },
];

const fn linux_x64(triple: &'static str) -> Target {
    Target {
        triple,
        exe: "",
        node: ("linux", "x64"),
        vscode: "linux-x64",
        wheel: "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
        mason: &["linux_x64_gnu", "linux_x64_musl"],
        homebrew: Some(("on_linux", "on_intel")),
        aur: Some("x86_64"),
    }
}

const fn linux_arm64(triple: &'static str) -> Target {
    Target {
        triple,
        exe: "",
        node: ("linux", "arm64"),
        vscode: "linux-arm64",
        wheel: "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        mason: &["linux_arm64_gnu", "linux_arm64_musl"],
        homebrew: Some(("on_linux", "on_arm")),
        aur: Some("aarch64"),
    }
}

impl Target {
    /// The target of that name. Fails with the names that there are.
    pub fn named(triple: &str) -> Result<&'static Target> {
        let known = || TARGETS.iter().map(|target| target.triple).collect::<Vec<_>>().join(", ");
        TARGETS
            .iter()
            .find(|target| target.triple == triple)
            .with_context(|| format!("{triple} is not shipped; these are: {}", known()))
    }

    /// The target to build where none was named: on Linux that of musl, if Rust's library for it `is_there`.
    pub fn of_host(host: &str, is_there: impl Fn(&str) -> bool) -> Result<&'static Target> {
        let musl = host.replace("-linux-gnu", "-linux-musl");
        if musl != host && is_there(&musl) { Target::named(&musl) } else { Target::named(host) }
    }

    /// The name of the program.
    pub fn program(&self) -> String {
        format!("hunkwise{}", self.exe)
    }

    /// Whether the program must need no other file to run.
    pub fn is_static(&self) -> bool {
        self.node.0 == "linux"
    }

    /// Whether a program for it runs on a machine whose own name in Rust is `host`.
    pub fn runs_on(&self, host: &str) -> bool {
        TARGETS.iter().any(|target| target.triple == host && target.node == self.node)
    }

    /// What the C library in the program is, and its licence, where there is one in it.
    pub fn libc(&self) -> Option<(&'static str, &'static str)> {
        if self.triple.ends_with("-musl") {
            Some(("musl libc", "MIT"))
        } else {
            self.is_static().then_some(("GNU C Library", "LGPL-2.1-or-later"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn musl_is_built_where_rust_has_it() {
        let triple = |host: &str, is_there: bool| Target::of_host(host, |_| is_there).unwrap().triple;
        assert_eq!(triple("x86_64-unknown-linux-gnu", true), "x86_64-unknown-linux-musl");
        assert_eq!(triple("x86_64-unknown-linux-gnu", false), "x86_64-unknown-linux-gnu");
        assert_eq!(triple("aarch64-apple-darwin", true), "aarch64-apple-darwin");
        let error = Target::of_host("riscv64gc-unknown-linux-gnu", |_| false).unwrap_err().to_string();
        assert!(error.contains("x86_64-pc-windows-msvc"), "{error}");
    }

    #[test]
    fn a_static_program_runs_on_either_linux_of_its_processor() {
        let musl = Target::named("x86_64-unknown-linux-musl").unwrap();
        assert!(musl.runs_on("x86_64-unknown-linux-gnu"));
        assert!(!musl.runs_on("aarch64-unknown-linux-gnu"));
        assert!(!musl.runs_on("x86_64-apple-darwin"));
    }

    #[test]
    fn what_two_systems_are_called_alike_only_libcs_of_one_linux_share() {
        for (idx, one) in TARGETS.iter().enumerate() {
            for other in &TARGETS[idx + 1..] {
                let is_one_system = one.node == other.node;
                assert_eq!(one.vscode == other.vscode, is_one_system, "{} {}", one.triple, other.triple);
                assert_eq!(one.wheel == other.wheel, is_one_system, "{} {}", one.triple, other.triple);
                assert_eq!(one.mason == other.mason, is_one_system, "{} {}", one.triple, other.triple);
            }
        }
    }
}
