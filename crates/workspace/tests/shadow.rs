//! A copy of a workspace: what is in it, what is written again, and what is never touched.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use expect_test::{Expect, expect};
use fastrand::Rng;
use syntax::Stop;
use tempfile::TempDir;
use text::Text;
use workspace::{Dependencies, Overlay, Shadow, Trust, Trusted};

struct World {
    dir: TempDir,
}

impl World {
    fn new(fixture: &str) -> World {
        let world = World { dir: tempfile::tempdir().expect("the test's own files") };
        fs::create_dir_all(world.root()).expect("the test's own files");
        for file in text::fixture::files(fixture) {
            world.write(&file.path[1..], &file.text);
        }
        world
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("project")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Long ago, so that a time tells.
    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("the test's own files")).expect("the test's own files");
        fs::write(&path, text).expect("the test's own files");
        let file = fs::File::options().write(true).open(&path).expect("the test's own files");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000))
            .expect("the test's own files");
    }

    fn shadow(&self) -> Shadow {
        let state = self.dir.path().join("state");
        let trusted = Trust::grant(&state, &self.root()).expect("the test's own files");
        let tree = self.dir.path().join("copy");
        Shadow::new(&trusted, &tree).expect("the test's own files")
    }
}

fn refresh(shadow: &mut Shadow, overlay: &[(&World, &str, &str)]) -> workspace::ContentState {
    let overlay: Overlay =
        overlay.iter().map(|(world, name, text)| (world.path(name), Text::from(*text))).collect();
    shadow.refresh(&overlay, Dependencies::Linked, &Stop::never()).expect("the test's own files")
}

/// All below a directory, a line each: files with their text, links with where they lead.
fn listing(dir: &Path) -> String {
    fn walk(top: &Path, dir: &Path, lines: &mut Vec<String>) {
        for entry in fs::read_dir(dir).expect("the test's own files") {
            let path = entry.expect("the test's own files").path();
            let name = path
                .strip_prefix(top)
                .expect("the test's own files")
                .display()
                .to_string()
                .replace('\n', "\\n");
            let kind = fs::symlink_metadata(&path).expect("the test's own files");
            if kind.is_symlink() {
                lines.push(format!(
                    "{name} -> {}",
                    fs::read_link(&path).expect("the test's own files").display()
                ));
            } else if kind.is_dir() {
                lines.push(format!("{name}/"));
                walk(top, &path, lines);
            } else {
                lines.push(format!(
                    "{name}: {}",
                    fs::read_to_string(&path).expect("the test's own files").trim_end()
                ));
            }
        }
    }
    let mut lines = Vec::new();
    walk(dir, dir, &mut lines);
    lines.sort();
    lines.join("\n")
}

/// Every file and link below a directory, with all that a stray write would change.
fn fingerprint(dir: &Path) -> String {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(&dir).expect("the test's own files") {
            let path = entry.expect("the test's own files").path();
            let metadata = fs::symlink_metadata(&path).expect("the test's own files");
            let text =
                if metadata.is_file() { fs::read(&path).expect("the test's own files") } else { Vec::new() };
            let times = (metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec());
            found.push(format!("{path:?} {} {times:?} {text:?}", metadata.mode()));
            if metadata.is_dir() {
                dirs.push(path);
            }
        }
    }
    found.sort();
    found.join("\n")
}

#[track_caller]
fn check(world: &World, overlay: &[(&World, &str, &str)], expect: Expect) {
    let mut shadow = world.shadow();
    let before = fingerprint(&world.root());
    refresh(&mut shadow, overlay);
    expect.assert_eq(&listing(shadow.tree()));
    assert_eq!(fingerprint(&world.root()), before);
}

#[test]
fn texts_lie_over_files() {
    let world = World::new("//- /a.py\nold\n//- /b/c.py\nkept\n");
    check(
        &world,
        &[(&world, "a.py", "new"), (&world, "n/new.py", "made"), (&world, "../else.py", "no")],
        expect![[r#"
            a.py: new
            b/
            b/c.py: kept
            n/
            n/new.py: made"#]],
    );
}

#[test]
fn history_builds_and_secrets_that_git_does_not_know_stay_behind() {
    let world = World::new(
        "//- /.gitignore\n.env\nbuild/\n//- /.git/HEAD\nx\n//- /.env\nKEY=1\n//- /test.pem\nfor tests\n//- /build/a.o\nx\n//- /lib/build/b.py\nkept\n//- /c/CACHEDIR.TAG\nSignature: 8a477f597d28d172789f06886806bc55\n//- /c/x\nx\n",
    );
    fs::write(world.path(".gitignore"), ".env\n/build/\n").unwrap();
    check(
        &world,
        &[],
        expect![[r#"
            .gitignore: .env
            /build/
            lib/
            lib/build/
            lib/build/b.py: kept
            test.pem: for tests"#]],
    );
}

#[test]
fn links_are_copied_if_they_stay_inside() {
    let world = World::new("//- /a/b.py\nb\n//- /c/d.py\nd\n");
    fs::write(world.dir.path().join("outside"), "secret").unwrap();
    symlink("../a/b.py", world.path("c/relative")).unwrap();
    symlink(world.path("a"), world.path("c/absolute")).unwrap();
    symlink("../../project/a/b.py", world.path("c/round")).unwrap();
    symlink("../../outside", world.path("c/out")).unwrap();
    symlink("/etc/passwd", world.path("c/passwd")).unwrap();
    symlink("nowhere", world.path("c/dangling")).unwrap();
    check(
        &world,
        &[],
        expect![[r#"
            a/
            a/b.py: b
            c/
            c/absolute -> ../a
            c/d.py: d
            c/relative -> ../a/b.py
            c/round -> ../a/b.py"#]],
    );
}

#[test]
fn any_name_will_do() {
    let world = World::new("//- /a.py\na\n");
    for name in ["new\nline", "quo\"te's", " ", "-rf", "$(touch x)", "é"] {
        world.write(name, "x");
    }
    check(
        &world,
        &[],
        expect![[r#"
             : x
            $(touch x): x
            -rf: x
            a.py: a
            new\nline: x
            quo"te's: x
            é: x"#]],
    );
}

#[test]
fn packages_are_linked_and_those_of_the_workspace_lie_in_the_copy() {
    let world = World::new(
        "//- /packages/own/index.js\nown\n//- /node_modules/dep/index.js\ndep\n//- /node_modules/@s/sub/index.js\nsub\n//- /.venv/pyvenv.cfg\nx\n",
    );
    symlink("../packages/own", world.path("node_modules/own")).unwrap();
    let mut shadow = world.shadow();
    refresh(&mut shadow, &[]);
    let (root, tree) = (world.root().canonicalize().unwrap(), shadow.tree());
    let link = |name: &str| fs::read_link(tree.join(name)).unwrap();
    assert_eq!(link("node_modules/dep"), root.join("node_modules/dep"));
    assert_eq!(link("node_modules/@s/sub"), root.join("node_modules/@s/sub"));
    assert_eq!(link("node_modules/own"), tree.join("packages/own"));
    assert_eq!(link(".venv"), root.join(".venv"));
    shadow.refresh(&Overlay::new(), Dependencies::LeftOut, &Stop::never()).unwrap();
    expect![[r#"
        packages/
        packages/own/
        packages/own/index.js: own"#]]
    .assert_eq(&listing(shadow.tree()));
}

#[test]
fn times_stay_until_a_text_is_replaced() {
    let world = World::new("//- /a.py\none\n//- /b.py\nb\n");
    let mut shadow = world.shadow();
    let time =
        |shadow: &Shadow, name: &str| fs::metadata(shadow.tree().join(name)).unwrap().modified().unwrap();
    let first = refresh(&mut shadow, &[]);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    assert_eq!((time(&shadow, "a.py"), time(&shadow, "b.py")), (old, old));
    let second = refresh(&mut shadow, &[(&world, "a.py", "two")]);
    assert_ne!(first, second);
    let laid = time(&shadow, "a.py");
    assert!(laid > old);
    // The old text is newer in the copy than what a tool made of the other one.
    assert_eq!(refresh(&mut shadow, &[]), first);
    assert!(time(&shadow, "a.py") >= laid);
    assert_eq!(time(&shadow, "b.py"), old);
}

#[test]
fn what_a_tool_did_is_put_right_without_touching_the_workspace() {
    let world = World::new("//- /a.py\na\n//- /src/b.py\nb\n//- /src/c.py\nc\n");
    let mut shadow = world.shadow();
    let state = refresh(&mut shadow, &[]);
    let wanted = listing(shadow.tree());
    let before = fingerprint(&world.root());
    let tree = shadow.tree().to_owned();
    let hostile: [&dyn Fn(); 6] = [
        &|| fs::write(tree.join("a.py"), "A\n").unwrap(),
        &|| {
            fs::remove_dir_all(tree.join("src")).unwrap();
            symlink(world.path("src"), tree.join("src")).unwrap();
        },
        &|| {
            fs::remove_file(tree.join("a.py")).unwrap();
            symlink(world.path("a.py"), tree.join("a.py")).unwrap();
        },
        &|| {
            fs::remove_dir_all(&tree).unwrap();
            symlink(world.root(), &tree).unwrap();
        },
        &|| {
            fs::create_dir_all(tree.join("made/deep")).unwrap();
            fs::set_permissions(tree.join("made"), fs::Permissions::from_mode(0o0)).unwrap();
            fs::set_permissions(tree.join("src"), fs::Permissions::from_mode(0o0)).unwrap();
        },
        &|| {
            fs::remove_file(tree.join("a.py")).unwrap();
            fs::create_dir(tree.join("a.py")).unwrap();
            fs::write(tree.join("a.py/x"), "").unwrap();
        },
    ];
    for act in hostile {
        act();
        assert_eq!(refresh(&mut shadow, &[]), state);
        assert_eq!(listing(&tree), wanted);
        assert_eq!(fingerprint(&world.root()), before);
    }
}

#[test]
fn trust_is_for_one_directory_and_can_be_taken_back() {
    let world = World::new("//- /a/b.py\nb\n");
    fs::create_dir(world.path(".git")).unwrap();
    let state = world.dir.path().join("state");
    let is_granted = |folder: &Path| matches!(Trust::of(&state, folder).unwrap(), Trust::Granted(_));
    assert!(!is_granted(&world.root()));
    Trust::grant(&state, &world.path("a")).unwrap();
    assert!(is_granted(&world.root()) && is_granted(&world.path("a")));
    assert!(Trust::revoke(&state, &world.root()).unwrap());
    assert!(!is_granted(&world.root()));
    Trust::grant(&state, &world.root()).unwrap();
    // Another checkout in the same place; the first one stays, so that its number is not given again.
    fs::rename(world.root(), world.dir.path().join("moved")).unwrap();
    fs::create_dir_all(world.path(".git")).unwrap();
    assert!(!is_granted(&world.root()));
}

#[test]
fn a_command_that_the_checkout_names_is_asked_about_by_itself() {
    let world = World::new("//- /a/b.py\nb\n");
    fs::create_dir(world.path(".git")).unwrap();
    let state = world.dir.path().join("state");
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    let said = |trusted: &Trusted, commands: &[&str]| trusted.said_of(&state, &words(commands)).unwrap();
    let root = Trust::grant(&state, &world.root()).unwrap();
    assert_eq!(said(&root, &["make", "rm"]), [None, None]);
    root.say_of(&state, &words(&["make"]), true).unwrap();
    root.say_of(&state, &words(&["rm"]), false).unwrap();
    assert_eq!(said(&root, &["make", "rm", "make all"]), [Some(true), Some(false), None]);
    let below = Trust::grant(&state, &world.path("a")).unwrap();
    assert_eq!(said(&below, &["make"]), [None], "of another folder");
    Trust::revoke(&state, &world.root()).unwrap();
    let root = Trust::grant(&state, &world.root()).unwrap();
    assert_eq!(said(&root, &["make", "rm"]), [None, None]);
    root.say_of(&state, &words(&["make"]), true).unwrap();
    fs::rename(world.root(), world.dir.path().join("moved")).unwrap();
    fs::create_dir_all(world.path(".git")).unwrap();
    let root = Trust::grant(&state, &world.root()).unwrap();
    assert_eq!(said(&root, &["make"]), [None], "another checkout in the same place");
}

#[test]
fn a_copy_that_was_refreshed_is_like_a_new_one() {
    let soak: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|value| value.parse().ok()).unwrap_or(1);
    let mut rng = Rng::with_seed(71);
    let rounds = 20 * soak;
    for round in 0..rounds {
        let world = World::new("//- /a\na\n");
        let mut shadow = world.shadow();
        for _ in 0..8 {
            for _ in 0..rng.usize(0..4) {
                let name = ["a", "b", "d/a", "d/b", "d/e/c", "b/x"][rng.usize(0..6)];
                let path = world.path(name);
                let place = if rng.bool() { path.clone() } else { shadow.tree().join(name) };
                match rng.u8(0..4) {
                    0 => drop(fs::remove_file(&place)),
                    1 => drop(fs::remove_dir_all(
                        place.parent().filter(|dir| dir.ends_with("d")).unwrap_or(&place),
                    )),
                    2 => drop(symlink("a", &place)),
                    _ => {
                        drop(fs::create_dir_all(place.parent().unwrap()));
                        drop(fs::write(&place, ["x", "y", "z"][rng.usize(0..3)]));
                    }
                }
            }
            drop(fs::create_dir_all(world.root()));
            let text = ["x", "y"][rng.usize(0..2)];
            let overlay = [(&world, ["a", "d/n"][rng.usize(0..2)], text)];
            let overlay = &overlay[..rng.usize(0..2)];
            let state = refresh(&mut shadow, overlay);
            let fresh_dir = tempfile::tempdir().unwrap();
            let trusted = Trust::grant(&world.dir.path().join("state"), &world.root()).unwrap();
            let mut fresh = Shadow::new(&trusted, &fresh_dir.path().join("copy")).unwrap();
            assert_eq!(refresh(&mut fresh, overlay), state, "round {round}");
            assert_eq!(listing(shadow.tree()), listing(fresh.tree()), "round {round}");
        }
    }
    println!("counts: refreshed copies {}", rounds * 8);
}
