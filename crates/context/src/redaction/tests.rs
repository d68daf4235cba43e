//! Secrets are made at run time, so that no text that looks like one lies in the tree.

use expect_test::{Expect, expect};
use fastrand::Rng;

use super::{Redaction, Restore};

const ALNUM: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

fn random(rng: &mut Rng, chars: &str, len: usize) -> String {
    let chars: Vec<char> = chars.chars().collect();
    // A digit is sure, as it is in nearly every real token.
    let mut made: String = (1..len).map(|_| chars[rng.usize(..chars.len())]).collect();
    made.insert(len / 2, '7');
    made
}

/// One secret of each kind: what it is called here, and its text.
fn secrets(rng: &mut Rng) -> Vec<(&'static str, String)> {
    let mut token = |head: &[&str], chars: &str, len: usize| head.concat() + &random(rng, chars, len);
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hex = "0123456789abcdef";
    let base64 = &format!("{ALNUM}+/");
    let key_lines: Vec<String> = (0..6).map(|_| token(&[], base64, 64)).collect();
    let key = |kind: &str, newline: &str| {
        let dashes = "-".repeat(5);
        let lines = key_lines.join(newline);
        format!("{dashes}BEGIN {kind}KEY{dashes}{newline}{lines}{newline}{dashes}END {kind}KEY{dashes}")
    };
    let keys = [key("PRIVATE ", "\n"), key("RSA PRIVATE ", "\r\n"), key("OPENSSH PRIVATE ", "\\n")];
    let [plain, rsa, openssh] = keys;
    let jwt =
        [token(&["ey", "J"], ALNUM, 30), token(&["ey", "J"], ALNUM, 60), token(&[], ALNUM, 43)].join(".");
    vec![
        ("aws", token(&["AK", "IA"], upper, 16)),
        ("aws temporary", token(&["AS", "IA"], upper, 16)),
        ("github", token(&["gh", "p_"], ALNUM, 36)),
        ("github server", token(&["gh", "s_"], ALNUM, 36)),
        ("github fine-grained", token(&["github", "_pat_"], ALNUM, 82)),
        ("gitlab", token(&["gl", "pat-"], ALNUM, 20)),
        ("openai", token(&["s", "k-"], ALNUM, 48)),
        ("openai project", token(&["s", "k-", "proj-"], ALNUM, 80)),
        ("anthropic", token(&["s", "k-", "ant-api03-"], ALNUM, 90)),
        ("slack bot", token(&["xo", "xb-"], ALNUM, 40)),
        ("slack user", token(&["xo", "xp-"], ALNUM, 60)),
        ("google", token(&["AI", "za"], ALNUM, 35)),
        ("stripe", token(&["sk", "_live_"], ALNUM, 24)),
        ("npm", token(&["np", "m_"], ALNUM, 36)),
        ("pypi", token(&["py", "pi-"], ALNUM, 120)),
        ("hugging face", token(&["h", "f_"], ALNUM, 34)),
        ("digitalocean", token(&["dop", "_v1_"], hex, 64)),
        ("vault", token(&["hv", "s."], ALNUM, 24)),
        ("json web token", jwt),
        ("key", plain),
        ("rsa key", rsa),
        ("key in a string", openssh),
    ]
}

#[track_caller]
fn check(text: &str, expect: Expect) {
    let mut redaction = Redaction::new();
    let redacted = redaction.redact(text);
    assert_eq!(redaction.restore(&redacted), text);
    expect.assert_eq(&redacted);
}

#[track_caller]
fn check_untouched(text: &str) {
    let mut redaction = Redaction::new();
    assert_eq!(redaction.redact(text), text);
}

#[test]
fn every_kind_is_found_in_every_surrounding() {
    let mut rng = Rng::with_seed(1);
    for (name, secret) in secrets(&mut rng) {
        let surroundings = [
            (String::new(), String::new()),
            ("x = \"".to_owned(), "\"\n".to_owned()),
            ("<a href='".to_owned(), "'>b</a>".to_owned()),
            ("key: ".to_owned(), "\nnext: 1\n".to_owned()),
            ("see (".to_owned(), ").\n".to_owned()),
            ("日本語=".to_owned(), " 日本語".to_owned()),
        ];
        for (before, after) in surroundings {
            let text = format!("{before}{secret}{after}");
            let mut redaction = Redaction::new();
            let redacted = redaction.redact(&text);
            assert_eq!(redacted, format!("{before}REDACTED_1_END{after}"), "{name}");
            assert_eq!(redaction.restore(&redacted), text, "{name}");
        }
    }
}

#[test]
fn values_are_given_away_by_their_name() {
    let value = ["hunter2", "&Zq9"].concat();
    for (line, expect) in [
        ("password = \"V\"", "password = \"REDACTED_1_END\""),
        ("let db_password: String = \"V\".into();", "let db_password: String = \"REDACTED_1_END\".into();"),
        ("{\"name\": \"x\", \"apiKey\": \"V\"}", "{\"name\": \"x\", \"apiKey\": \"REDACTED_1_END\"}"),
        ("config['secret-token'] = 'V'", "config['secret-token'] = 'REDACTED_1_END'"),
        ("export AUTH_TOKEN=V", "export AUTH_TOKEN=REDACTED_1_END"),
        ("client_secret: V # keep", "client_secret: REDACTED_1_END # keep"),
        ("  - token: V", "  - token: REDACTED_1_END"),
        ("PASSWORD := `V`", "PASSWORD := `REDACTED_1_END`"),
        ("connect(user='me', passwd=b'V')", "connect(user='me', passwd=b'REDACTED_1_END')"),
        ("postgres://me:V@db:5432/x", "postgres://me:REDACTED_1_END@db:5432/x"),
    ] {
        let mut redaction = Redaction::new();
        let text = line.replace('V', &value);
        let redacted = redaction.redact(&text);
        assert_eq!(redacted, expect, "{line}");
        assert_eq!(redaction.restore(&redacted), text);
    }
}

#[test]
fn references_and_stand_ins_stay() {
    for line in [
        "password = settings.database_password1",
        "password = os.environ[\"DB_PASSWORD1\"]",
        "token = get_token(user1, 'a1b2c3d4e5')",
        "password = \"changeme-2024\"",
        "api_key: ${API_KEY_1}",
        "secret: <your secret 1>",
        "    pub(crate) secret: proc_macro2::TokenStream,",
        "private_key: Ed25519Key",
        "secret: Chacha20Poly1305",
        "private_key: &'a PrivateKey2,",
        "token = aux_sym_doctype_token1",
        "let password = |offset: usize| {",
        "let token = \"stringify!\";",
        "max_tokens = 8192",
        "tokens = []",
        "password: str",
        "fn token(text: &str) -> Range<usize> {",
        "postgres://postgres:password@localhost/test1",
        "postgres://me:{password1}@localhost/test",
        "class=\"sk-loading-spinner-container-inner\"",
        "task-management-system-2000-and-more",
        "if (token === null) return null",
    ] {
        check_untouched(line);
    }
    let dashes = "-".repeat(5);
    check_untouched(&format!("a block begins with {dashes}BEGIN PRIVATE KEY{dashes}"));
}

#[test]
fn the_same_secret_has_the_same_placeholder_wherever_it_stands() {
    let value = ["correct", "9horse", "$battery"].concat();
    let text = format!("connect(\"{value}\")\npassword = \"{value}\"\nlog({value}x)\n");
    check(
        &text,
        expect![[r#"
            connect("REDACTED_1_END")
            password = "REDACTED_1_END"
            log(REDACTED_1_ENDx)
        "#]],
    );
}

#[test]
fn a_later_text_hides_what_an_earlier_one_showed() {
    let value = ["correct", "9horse", "$battery"].concat();
    let mut redaction = Redaction::new();
    redaction.redact(&format!("password = '{value}'"));
    assert_eq!(redaction.redact(&format!("connect('{value}')")), "connect('REDACTED_1_END')");
    assert_eq!(redaction.n_secrets(), 1);
}

#[test]
fn text_that_looks_like_a_placeholder_comes_back_as_it_was() {
    check("see REDACTED_1_END and REDACTED_2_END", expect!["see REDACTED_1_END and REDACTED_2_END"]);
    check("REDACTED_7_END, REDACTED_1_END", expect!["REDACTED_1_END, REDACTED_2_END"]);
    check("REDACTED_01_END REDACTED_REDACTED_3_END", expect!["REDACTED_1_END REDACTED_REDACTED_2_END"]);
}

#[test]
fn an_unknown_placeholder_stays() {
    let redaction = Redaction::new();
    assert_eq!(redaction.restore("a REDACTED_4_END b REDACTED_"), "a REDACTED_4_END b REDACTED_");
}

#[test]
fn a_key_that_was_cut_off_ends_where_other_text_begins() {
    let mut rng = Rng::with_seed(2);
    let lines: Vec<String> = (0..3).map(|_| random(&mut rng, ALNUM, 64)).collect();
    let dashes = "-".repeat(5);
    let text = format!("a\n{dashes}BEGIN PRIVATE KEY{dashes}\n{}\n\nThe end of it.\n", lines.join("\n"));
    check(
        &text,
        expect![[r#"
            a
            REDACTED_1_END

            The end of it.
        "#]],
    );
}

#[test]
fn nothing_hidden_shows_in_debug_output() {
    let mut redaction = Redaction::new();
    let value = ["correct", "9horse", "$battery"].concat();
    redaction.redact(&format!("password = '{value}'"));
    let shown = format!("{redaction:?} {:?}", redaction.restore_stream());
    assert_eq!(shown, "Redaction(1 hidden) Restore(1 hidden, 0 bytes held)");
}

#[test]
fn only_what_may_become_a_placeholder_is_held_back() {
    let mut restore = Redaction::new().restore_stream();
    assert_eq!(restore.push("READ R"), "READ ");
    assert_eq!(restore.push("ED"), "");
    assert_eq!(restore.push("D"), "REDD");
    assert_eq!(restore.push(" RED"), " ");
    assert_eq!(restore.finish(), "RED");
}

#[test]
fn a_key_without_its_first_line_is_hidden_from_the_first_line_of_its_content() {
    let mut rng = Rng::with_seed(4);
    let lines: Vec<String> = (0..3).map(|_| random(&mut rng, ALNUM, 64)).collect();
    let dashes = "-".repeat(5);
    let text = format!("a: b\n{}\n{dashes}END RSA PRIVATE KEY{dashes}\nc\n", lines.join("\n"));
    check(
        &text,
        expect![[r#"
            a: b
            REDACTED_1_END
            c
        "#]],
    );
}

#[test]
fn code_between_two_constants_of_a_key_is_no_key() {
    let dashes = "-".repeat(5);
    check_untouched(&format!(
        "START = b\"{dashes}BEGIN OPENSSH PRIVATE KEY{dashes}\"\nEND = b\"{dashes}END OPENSSH PRIVATE KEY{dashes}\"\n"
    ));
}

#[test]
fn a_secret_learned_first_is_hidden_in_a_text_before() {
    let value = ["correct", "9horse", "$battery"].concat();
    let texts = [format!("connect('{value}')"), format!("password = '{value}'")];
    let mut redaction = Redaction::new();
    texts.iter().for_each(|text| redaction.learn(text));
    assert_eq!(
        texts.map(|text| redaction.cover(&text)),
        ["connect('REDACTED_1_END')", "password = 'REDACTED_1_END'"]
    );
}

/// What is said of a change from `old` to `new` in which `%s` and `%t` are secrets, and `%u` is text like a placeholder.
#[track_caller]
fn check_kept(old: &str, new: &str, expect: Expect) {
    let (s, t) = (["correct", "9horse", "$battery"].concat(), ["Staple", "&7stairs"].concat());
    let real = |text: &str| text.replace("%s", &s).replace("%t", &t).replace("%u", "REDACTED_1_END");
    let mut redaction = Redaction::new();
    redaction.redact(&real("password = '%s'\npassword = '%t'\nsee %u\n"));
    let said = redaction
        .keeps(&real(old), &real(new))
        .map_or_else(|touched| touched.to_string(), |()| "fine".to_owned());
    expect.assert_eq(&said);
}

#[test]
fn a_line_with_a_secret_may_move_with_its_neighbors() {
    for (old, new) in [
        ("a\np = '%s'\n", "b\nif x:\n    p = '%s'\nc\n"),
        ("p: '%s'\nq: '%t'\n", "p: '%s',\nr: 1,\nq: '%t',\n"),
        ("a\n", "b\n"),
        ("see %u\n", "see %u and %u\n"),
    ] {
        check_kept(old, new, expect!["fine"]);
    }
}

#[test]
fn a_line_with_a_secret_is_not_changed_dropped_doubled_or_put_elsewhere() {
    for (old, new) in [
        ("p = '%s'\n", "p = '%t'\n"),
        ("p = '%s'\n", "p = env('P')\n"),
        ("p = '%s'\n", ""),
        ("p = '%s'\n", "p = '%s'\np = '%s'\n"),
        ("p = '%s'\n", "log('%s')\n"),
        ("p = '%s'\n", "p = 'x%s'\n"),
        ("p = '%s'\nq = '%t'\n", "q = '%t'\np = '%s'\n"),
        ("a\n", "send('%t')\n"),
    ] {
        check_kept(old, new, expect!["it would change a line with a secret that the model was not shown"]);
    }
}

#[test]
fn a_placeholder_that_stands_for_nothing_is_refused() {
    for new in ["p = 'REDACTED_9_END'\n", "p = 'REDACTED_2'\n", "p = 'REDACTED_01_END'\n"] {
        check_kept("p = 1\n", new, expect!["it has a placeholder of a secret that there is not"]);
    }
}

fn streamed(mut restore: Restore, text: &str, rng: &mut Rng) -> String {
    let mut restored = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut len = rng.usize(1..=rest.len().min(12));
        while !rest.is_char_boundary(len) {
            len += 1;
        }
        let (piece, tail) = rest.split_at(len);
        restored.push_str(&restore.push(piece));
        rest = tail;
    }
    restored.push_str(&restore.finish());
    restored
}

/// Random texts full of secrets, placeholders, halves of both, and line endings of all kinds.
fn random_text(rng: &mut Rng) -> String {
    let secrets = secrets(rng);
    let halves = [
        "REDACTED_",
        "REDACTED_1",
        "_END",
        "1_END",
        "R",
        "RE",
        "\"",
        "'",
        "password = ",
        "://u:",
        "@h",
        "-----",
    ];
    let blanks = [" ", "\n", "\r\n", "\t", "", "", "é", "𝄞", ", "];
    (0..rng.usize(1..40))
        .map(|_| match rng.u8(..6) {
            0 => secrets[rng.usize(..secrets.len())].1.clone(),
            1 => format!("REDACTED_{}_END", rng.usize(..30)),
            2 => halves[rng.usize(..halves.len())].to_owned(),
            3 => {
                let (_, secret) = &secrets[rng.usize(..secrets.len())];
                secret[..rng.usize(..secret.len())].to_owned()
            }
            4 => blanks[rng.usize(..blanks.len())].to_owned(),
            _ => {
                let len = rng.usize(1..30);
                random(rng, ALNUM, len)
            }
        })
        .collect()
}

#[test]
fn the_way_back_is_exact_however_the_stream_is_cut() {
    let multiplier: usize = std::env::var("HUNKWISE_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let n_texts = 1_500 * multiplier;
    let mut rng = Rng::with_seed(3);
    let mut n_secrets = 0;
    for _ in 0..n_texts {
        let mut redaction = Redaction::new();
        let texts = [random_text(&mut rng), random_text(&mut rng)];
        let redacted: Vec<String> = texts.iter().map(|text| redaction.redact(text)).collect();
        for (text, redacted) in texts.iter().zip(&redacted) {
            assert_eq!(redaction.restore(redacted), *text);
            assert_eq!(streamed(redaction.restore_stream(), redacted, &mut rng), *text);
            // Redacting what was restored hides it again.
            let again = redaction.redact(text);
            assert_eq!(redaction.restore(&again), *text);
        }
        n_secrets += redaction.n_secrets();
    }
    eprintln!("counts: redacted texts {}, secrets hidden {n_secrets}", n_texts * 2);
}
