//! Names are looked up in an index that defines nothing: all that is known stands in the text or in the language.

use expect_test::{Expect, expect};
use syntax::language_for;
use text::Text;
use workspace::Index;

use super::{Answered, NewName, Source, inventions};

/// What is told of names of which nothing is known but that they stand in a text behind `before`.
#[track_caller]
fn check(path: &str, before: &str, source: &Source, names: &[&str], expect: Expect) {
    let text = Text::from(before);
    let after = Text::from(format!("{before} {}", names.join(" ")));
    let answered = Answered {
        language: language_for("", path).expect("a language"),
        before: &text,
        after: &after,
        index: &Index::default(),
        is_whole: true,
    };
    let new = |name: &&str| NewName {
        name: (*name).to_owned(),
        is_member: true,
        ranges: Vec::new(),
        source: source.clone(),
    };
    let names: Vec<NewName> = names.iter().map(new).collect();
    let told = inventions(&answered, &names);
    let lines = told.iter().map(|told| format!("{}: {}\n", told.name, told.nearest.join(" ")));
    expect.assert_eq(&lines.collect::<String>());
}

#[test]
fn the_nearest_names_are_those_that_differ_by_a_slip() {
    check(
        "a.py",
        "get_user rename_all parse_header",
        &Source::Files,
        &[
            "getUser",
            "get_usr",
            "user_get",
            "get_user_by_name",
            "fetch_user",
            "rename_al",
            "header_to_parse",
            "qqqq_qqqq",
        ],
        expect![[r#"
            getUser: get_user
            get_usr: get_user
            user_get: get_user
            get_user_by_name: get_user getservbyname
            fetch_user: get_user
            rename_al: rename_all
            header_to_parse: parse_header
            qqqq_qqqq: 
        "#]],
    );
}

#[test]
fn of_what_could_be_a_librarys_only_slips_are_told() {
    let names = [
        "getUser",
        "get_usr",
        "user_get",
        "get_user_by_name",
        "fetch_user",
        "user_agent_string",
        "startswiht",
    ];
    check(
        "a.py",
        "get_user user",
        &Source::Unknown,
        &names,
        expect![[r#"
            getUser: get_user
            get_usr: get_user
            user_get: get_user
        "#]],
    );
    check(
        "a.py",
        "get_user user",
        &Source::Partly,
        &names,
        expect![[r#"
            getUser: get_user
            get_usr: get_user
            user_get: get_user
            get_user_by_name: get_user getservbyname
            fetch_user: user get_user
            user_agent_string: user
            startswiht: startswith
        "#]],
    );
    check("a.py", "get_user user", &Source::Library("requests".to_owned()), &names, expect![[""]]);
    check(
        "a.py",
        "get_user user",
        &Source::Library("json".to_owned()),
        &["dump_all", "dumps"],
        expect![[r#"
        dump_all: 
    "#]],
    );
}
