//! Hunks are written into the file asked about: `«old│new»` replaces `old` by `new`. Files beside it are in an index.

use std::fs;

use expect_test::{Expect, expect};
use syntax::Stop;
use text::{Edit, Encoding, Text};
use verify::Finding;
use workspace::{Indexer, IndexerOptions, Uri, Workspace};

use crate::level::NamesLevel;

use super::NamesCheck;

struct Asked {
    path: String,
    text: Text,
    edits: Vec<Edit>,
    others: Vec<(String, String)>,
}

/// The first file of a fixture with its hunks, and the other files.
fn asked(fixture: &str) -> Asked {
    let mut files =
        fixture.split("//- /").skip(1).map(|file| file.split_once('\n').expect("a path and a text"));
    let (path, marked) = files.next().expect("a file");
    let (mut text, mut edits, mut rest) = (String::new(), Vec::new(), marked);
    while let Some((plain, hunk)) = rest.split_once('«') {
        let (old, hunk) = hunk.split_once('│').expect("a hunk has two parts");
        let (new, tail) = hunk.split_once('»').expect("a hunk ends");
        text.push_str(plain);
        edits.push(Edit::new(text.len()..text.len() + old.len(), new));
        text.push_str(old);
        rest = tail;
    }
    text.push_str(rest);
    let others = files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    Asked { path: path.to_owned(), text: Text::from(text), edits, others }
}

#[track_caller]
fn check(fixture: &str, expect: Expect) {
    expect.assert_eq(&told(fixture, true));
}

/// The same where nothing is known but the file.
#[track_caller]
fn check_alone(fixture: &str, expect: Expect) {
    expect.assert_eq(&told(fixture, false));
}

fn told(fixture: &str, has_index: bool) -> String {
    let findings = findings(fixture, has_index);
    let lines = findings
        .iter()
        .enumerate()
        .flat_map(|(idx, findings)| findings.iter().map(move |finding| format!("{}: {finding}\n", idx + 1)));
    lines.collect()
}

fn findings(fixture: &str, has_index: bool) -> Vec<Vec<Finding>> {
    looked_up(fixture, if has_index { Folder::Read } else { Folder::Unknown }).0
}

/// What is known of the folder.
#[derive(PartialEq)]
enum Folder {
    Read,
    /// Its index has not read any file.
    Unread,
    Unknown,
}

fn looked_up(fixture: &str, folder: Folder) -> (Vec<Vec<Finding>>, NamesLevel) {
    let asked = asked(fixture);
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().canonicalize().expect("it is there");
    let own = (asked.path.clone(), asked.text.slice(0..asked.text.len()));
    for (path, text) in asked.others.iter().chain([&own]) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("it is written");
    }
    let mut workspace = Workspace::new(Encoding::Utf8);
    workspace.set_roots(vec![Uri::from_path(&root).expect("a path")]);
    let uri = Uri::from_path(&root.join(&asked.path)).expect("a path");
    workspace.open(uri.clone(), "", 1, &own.1);
    let job = workspace.parse_job(&uri).expect("a parse is due");
    workspace.parsed(job.run(&Stop::never()).expect("it parses"));
    let snapshot = workspace.snapshot();
    let document = snapshot.document(&uri).expect("it is open");
    let indexer = Indexer::new(&root, IndexerOptions::default());
    if folder == Folder::Read {
        indexer.update(&Stop::never());
    }
    let names = NamesCheck {
        snapshot: &snapshot,
        uri: &uri,
        indexer: Some(&indexer).filter(|_| folder != Folder::Unknown),
        language: document.language.expect("a language"),
        text: &asked.text,
        tree: document.current_tree(),
        edits: &asked.edits,
        outside: &[],
    };
    names.findings(&Stop::never())
}

const USERS: &str = "//- /users.py\nclass User:\n    def rename(self, name):\n        self.name = name\n\ndef fetch_user(id):\n    return User()\n";

#[test]
fn a_bare_name_that_nothing_gives_is_told_on_its_hunk() {
    check(
        "//- /a.py\ndef f(id):\n    «pass│user = load_users(id)»\n    «return 1│return user»\n//- /b.py\ndef load_user(id):\n    pass\n",
        expect![[r#"
            1: possible invention on line 2: nothing here has the name `load_users`; nearest is `load_user`
        "#]],
    );
}

#[test]
fn names_of_the_language_and_its_library_are_known() {
    check(
        "//- /a.py\nimport os\n\ndef f(id):\n    «pass│return sorted(os.path.expandvars(str(x)) for x in enumerate([id]))»\n",
        expect![[""]],
    );
    check(
        "//- /a.ts\nexport const f = (a: number[]) => «a│{ queueMicrotask(() => structuredClone(a)); return a.flatMap(String) }»;\n",
        expect![[""]],
    );
    check(
        "//- /a.go\npackage a\n\nimport \"strings\"\n\nfunc f(a string) bool {\n\t«return true│return strings.ContainsRune(a, 'b') && len(a) > cap([]byte(a))»\n}\n",
        expect![[""]],
    );
    check(
        "//- /A.java\nclass A { int f(String a) { «return 1;│return Math.floorMod(a.codePointCount(0, 1), Integer.parseUnsignedInt(a));» } }\n",
        expect![[""]],
    );
    check(
        "//- /a.rs\nfn f(a: &str) -> usize {\n    «0│a.char_indices().filter_map(|(at, c)| c.to_digit(9).map(|_| at)).count()»\n}\n",
        expect![[""]],
    );
}

#[test]
fn what_the_hunks_give_themselves_is_known() {
    check(
        "//- /a.py\n«│from codecs_extra import squeeze\n»\nclass A:\n    def f(self, n):\n        «pass│return self.halved(n) + helper_of(n, depth_limit=1) + squeeze(n)»\n\n    «x = 1│def halved(self, n):\n        return n»\n\n\n«y = 1│def helper_of(n, depth_limit):\n    return n»\n",
        expect![[""]],
    );
}

#[test]
fn a_member_of_a_class_that_is_wholly_known_is_told_and_one_of_a_library_is_not() {
    check(
        &format!(
            "//- /a.py\nimport requests\nfrom users import User, fetch_user\n\ndef f(user: User, s: requests.Session):\n    «pass│user.set_nickname(1)\n    s.mount_everything(2)\n    requests.postpone(3)»\n{USERS}"
        ),
        expect![[r#"
            1: possible invention on line 5: nothing here has the name `set_nickname`
        "#]],
    );
}

#[test]
fn a_member_of_nobody_knows_what_is_told_if_it_is_a_slip() {
    check(
        &format!(
            "//- /a.py\ndef f(user):\n    «pass│user.renmae(1)\n    user.reload_cache()\n    user.rename(1)»\n{USERS}"
        ),
        expect![[r#"
            1: possible invention on line 2: nothing here has the name `renmae`; nearest is `rename`
        "#]],
    );
}

#[test]
fn what_stood_in_the_text_before_is_not_told() {
    check("//- /a.py\ndef f():\n    undefined_thing()\n    «pass│return undefined_thing()»\n", expect![[""]]);
}

#[test]
fn names_among_the_tokens_of_attributes_and_comments_are_nobodys() {
    check(
        "//- /a.rs\n«│#[derive(Serialise)]\n#[serde(rename_alll = \"x\")]\n/// Calls `made_up_name`.\n»struct A;\n",
        expect![[""]],
    );
}

#[test]
fn a_module_of_the_library_is_known_whole() {
    check(
        "//- /a.go\npackage a\n\nimport (\n\t\"strings\"\n\n\t\"github.com/x/y\"\n)\n\nfunc f(a string) bool {\n\t«return true│return strings.HasPrefixFold(a) && y.HasPrefixFold(a)»\n}\n",
        expect![[r#"
            1: possible invention on line 10: nothing here has the name `HasPrefixFold`
        "#]],
    );
}

#[test]
fn without_a_folder_only_what_a_file_must_give_itself_is_told() {
    let python = "//- /a.py\nfrom b import load_user\n\ndef f(id):\n    «pass│id.renmae(1)\n    load_user(1)\n    return load_users(id)»\n";
    check_alone(
        python,
        expect![[r#"
        1: possible invention on line 6: nothing here has the name `load_users`; nearest is `load_user`
    "#]],
    );
    let go = "//- /a.go\npackage a\n\nfunc f(a string) {\n\t«return│loadUsers(a)»\n}\n";
    check_alone(go, expect![[""]]);
}

#[test]
fn text_that_is_no_code_of_a_known_language_is_passed_over() {
    check("//- /a.rb\ndef f(id)\n  «1│load_users(id)»\nend\n", expect![[""]]);
}

#[test]
fn a_model_is_told_the_definitions_that_are_nearest() {
    let fixture = format!(
        "//- /a.py\nfrom users import User\n\ndef f(user: User):\n    «pass│user.renam(1)»\n{USERS}//- /.env.py\ndef renam_all():\n    pass\n"
    );
    let findings = findings(&fixture, true);
    let told: Vec<String> = findings.iter().flatten().map(Finding::told).collect();
    expect![[r#"
        possible invention on line 4: nothing here has the name `renam`; nearest is `rename`
        users.py:2
            def rename(self, name):
    "#]]
    .assert_eq(&told.join("\n"));
}

#[track_caller]
fn check_level(fixture: &str, folder: Folder, expect: NamesLevel) {
    assert_eq!(looked_up(fixture, folder).1, expect);
}

#[test]
fn names_count_as_checked_where_all_files_of_the_folder_were_read() {
    check_level("//- /a.py\nx = «1│2»\n", Folder::Read, NamesLevel::Passed);
    check_level("//- /a.py\nx = «1│2»\n", Folder::Unread, NamesLevel::NotChecked);
    check_level("//- /a.py\nx = «1│2»\n", Folder::Unknown, NamesLevel::NotChecked);
}

#[test]
fn nothing_is_said_of_names_in_a_language_that_has_none_here() {
    check_level("//- /a.json\n{ \"a\": «1│2» }\n", Folder::Read, NamesLevel::None);
    check_level("//- /a.sh\na=«1│2»\n", Folder::Read, NamesLevel::None);
}
