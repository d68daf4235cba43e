//! Scopes, directives and outlines, language by language.

use expect_test::{Expect, expect};
use syntax::{Markers, Stop, Tree, directives, language_for, outline, scope_at, widen};
use text::{Text, fixture};

#[track_caller]
fn parsed(path: &str, marked: &str) -> (Tree, Text, std::ops::Range<usize>) {
    let (content, range) = fixture::cursor(marked);
    let text = Text::from(content);
    let language = language_for("", path).expect("a known language");
    let tree = Tree::parse(language, &text, &Stop::never()).expect("a small text parses");
    (tree, text, range.unwrap_or(0..0))
}

#[track_caller]
fn check_scope(path: &str, marked: &str, expect: Expect) {
    let (tree, text, range) = parsed(path, marked);
    let scope = scope_at(Some(&tree), &text, range);
    let name = scope.name.unwrap_or_default();
    expect.assert_eq(&format!("{} {name}\n{}", scope.kind.label(), text.slice(scope.range)));
}

#[track_caller]
fn check_directives(path: &str, content: &str, expect: Expect) {
    let (tree, text, _) = parsed(path, content);
    let found: Vec<String> = directives(&tree, &text, &Markers::of(&text))
        .into_iter()
        .map(|found| format!("{:?} «{}» removes {:?}\n", found.kind, found.text, text.slice(found.range)))
        .collect();
    expect.assert_eq(&found.concat());
}

#[track_caller]
fn check_outline(path: &str, content: &str, expect: Expect) {
    let (tree, text, _) = parsed(path, content);
    let lines: Vec<String> = outline(&tree, &text)
        .into_iter()
        .map(|item| {
            format!("{}{} {}: {}\n", "  ".repeat(item.depth), item.kind.label(), item.name, item.signature)
        })
        .collect();
    expect.assert_eq(&lines.concat());
}

#[test]
fn python() {
    let code = "import os\nimport re\n\nclass A:\n    @cached\n    def f(self):\n        return$0 1\n\n    def g(self): pass\n";
    check_scope(
        "a.py",
        code,
        expect![[r#"
        method f
            @cached
            def f(self):
                return 1
    "#]],
    );
    check_scope(
        "a.py",
        "import os\nimport$0 re\n\nx = 1\n",
        expect![[r#"
        imports 
        import os
        import re
    "#]],
    );
    check_scope(
        "a.py",
        "import os\n\nx = 1$0\ny = 2\n\nz = 3\n",
        expect![[r#"
        block 
        x = 1
        y = 2
    "#]],
    );
    check_scope(
        "a.py",
        "# ai: go$0\ndef f():\n    pass\n",
        expect![[r#"
        function f
        # ai: go
        def f():
            pass
    "#]],
    );
    check_scope(
        "a.py",
        "def f():\n    a\n    # note$0\n    b\n",
        expect![[r#"
        function f
        def f():
            a
            # note
            b
    "#]],
    );
    check_scope(
        "a.py",
        "class A:\n    def f(self):\n        pass\n\n$0    def test_g(self):\n        pass\n",
        expect![[r#"
        test test_g
            def test_g(self):
                pass
    "#]],
    );
    check_scope(
        "a.py",
        "class A:\n    def f(self):\n        pass\n$0\n    def g(self):\n        pass\n",
        expect![[r#"
        class A
        class A:
            def f(self):
                pass

            def g(self):
                pass
    "#]],
    );
    check_directives(
        "a.py",
        "# ai: first\n# more\nx = 1  # AI? why\ns = \"# ai: no\"\n# powered by AI\n# ai!\n",
        expect![[r##"
        Edit «first more» removes "# ai: first\n# more\n"
        Answer «why» removes "  # AI? why"
        OnSave «» removes "# ai!\n"
    "##]],
    );
    check_outline(
        "a.py",
        "class A(B):\n    def f(self, x: int) -> int:\n        return x\n\ndef g(): pass\n",
        expect![[r#"
        class A: class A(B):
          method f: def f(self, x: int) -> int:
        function g: def g():
    "#]],
    );
}

#[test]
fn typescript_and_jsx() {
    check_scope(
        "a.ts",
        "export const f = async (a: number) => {\n  return a$0;\n};\n",
        expect![[r#"
        function f
        export const f = async (a: number) => {
          return a;
        };
    "#]],
    );
    check_scope(
        "a.ts",
        "class A {\n  private n = 1;\n  get(): number {\n    return this.n$0;\n  }\n}\n",
        expect![[r#"
        method get
          get(): number {
            return this.n;
          }
    "#]],
    );
    check_scope(
        "a.tsx",
        "export function List() {\n  return (\n    <ul>\n      <li className=\"a\">{x$0}</li>\n    </ul>\n  );\n}\n",
        expect![[r#"
        element 
            <ul>
              <li className="a">{x}</li>
            </ul>
    "#]],
    );
    check_scope(
        "a.test.js",
        "describe('a', () => {\n  it('works', () => {\n    expect(1)$0;\n  });\n});\n",
        expect![[r#"
        test 
          it('works', () => {
            expect(1);
          });
    "#]],
    );
    check_directives(
        "a.tsx",
        "const a = () => (\n  <p>\n    {/* ai: add a title */}\n    text\n  </p>\n);\n// ai: top\n",
        expect![[r#"
        Edit «add a title» removes "    {/* ai: add a title */}\n"
        Edit «top» removes "// ai: top\n"
    "#]],
    );
    check_outline(
        "a.ts",
        "export interface P { a: string }\nexport const f = (x: P) => x.a;\nclass C { m() {} }\n",
        expect![[r#"
        class P: interface P
        function f: const f = (x: P) => x.a;
        class C: class C
          method m: m()
    "#]],
    );
}

#[test]
fn go_java_kotlin() {
    check_scope(
        "a.go",
        "package a\n\nimport (\n\t\"os\"\n)\n\n// F does.\nfunc (s *S) F() error {\n\treturn$0 nil\n}\n",
        expect![[r#"
        method F
        // F does.
        func (s *S) F() error {
        	return nil
        }
    "#]],
    );
    check_scope(
        "a.java",
        "class A {\n  @Test\n  void f() {\n    int x$0 = 1;\n  }\n}\n",
        expect![[r#"
        test f
          @Test
          void f() {
            int x = 1;
          }
    "#]],
    );
    check_scope(
        "a.kt",
        "class A {\n  fun f(): Int {\n    return 1$0\n  }\n}\n",
        expect![[r#"
        method f
          fun f(): Int {
            return 1
          }
    "#]],
    );
    check_directives(
        "a.go",
        "package a\n\n/* ai: one\n   two */\nfunc F() {} // ai: trailing\n",
        expect![[r#"
        Edit «one two» removes "/* ai: one\n   two */\n"
        Edit «trailing» removes " // ai: trailing"
    "#]],
    );
}

#[test]
fn rust_c_cpp_csharp() {
    check_scope(
        "a.rs",
        "impl A {\n    /// Doc.\n    #[inline]\n    fn f(&self) {\n        1$0;\n    }\n}\n",
        expect![[r#"
        method f
            /// Doc.
            #[inline]
            fn f(&self) {
                1;
            }
    "#]],
    );
    check_scope(
        "a.rs",
        "#[test]$0\nfn works() {\n    x();\n}\n",
        expect![[r#"
        test works
        #[test]
        fn works() {
            x();
        }
    "#]],
    );
    check_scope(
        "a.c",
        "int f(int a) {\n  return a$0;\n}\n",
        expect![[r#"
        function f
        int f(int a) {
          return a;
        }
    "#]],
    );
    check_scope(
        "a.cpp",
        "class A {\n  int f() {\n    return 1$0;\n  }\n};\n",
        expect![[r#"
        method f
          int f() {
            return 1;
          }
    "#]],
    );
    check_scope(
        "a.cs",
        "class A {\n  int F() {\n    return 1$0;\n  }\n}\n",
        expect![[r#"
        method F
          int F() {
            return 1;
          }
    "#]],
    );
}

#[test]
fn scripting_languages() {
    check_scope(
        "a.rb",
        "class A\n  def f\n    1$0\n  end\nend\n",
        expect![[r#"
        method f
          def f
            1
          end
    "#]],
    );
    check_scope(
        "a.php",
        "<?php\nclass A {\n  function f() {\n    return 1$0;\n  }\n}\n",
        expect![[r#"
        method f
          function f() {
            return 1;
          }
    "#]],
    );
    check_scope(
        "a.swift",
        "class A {\n  func f() -> Int {\n    return 1$0\n  }\n}\n",
        expect![[r#"
        method f
          func f() -> Int {
            return 1
          }
    "#]],
    );
    check_scope(
        "a.scala",
        "class A {\n  def f: Int = {\n    1$0\n  }\n}\n",
        expect![[r#"
        method f
          def f: Int = {
            1
          }
    "#]],
    );
    check_scope(
        "a.lua",
        "local function f()\n  return 1$0\nend\n",
        expect![[r#"
        function f
        local function f()
          return 1
        end
    "#]],
    );
    check_scope(
        "a.sh",
        "f() {\n  echo 1$0\n}\n",
        expect![[r#"
        function f
        f() {
          echo 1
        }
    "#]],
    );
    check_scope(
        "a.sql",
        "SELECT 1;\n\nSELECT a\nFROM b$0\nWHERE c;\n",
        expect![[r#"
        block 
        SELECT a
        FROM b
        WHERE c;
    "#]],
    );
}

#[test]
fn data_and_documents() {
    check_scope(
        "a.json",
        "{\n  \"a\": {\n    \"b\": 1$0,\n    \"c\": 2\n  },\n  \"d\": 3\n}\n",
        expect![[r#"
        entry "a"
          "a": {
            "b": 1,
            "c": 2
          },
    "#]],
    );
    check_scope(
        "a.yaml",
        "a:\n  b: 1$0\n  c: 2\nd: 3\n",
        expect![[r#"
        entry a
        a:
          b: 1
          c: 2
    "#]],
    );
    check_scope(
        "a.toml",
        "[a]\nb = 1$0\nc = 2\n\n[d]\ne = 3\n",
        expect![[r#"
        entry a
        [a]
        b = 1
        c = 2
    "#]],
    );
    check_scope(
        "a.css",
        "a { x: y; }\n\n.b {\n  color: red$0;\n}\n",
        expect![[r#"
        entry .b
        .b {
          color: red;
        }
    "#]],
    );
    check_scope(
        "a.html",
        "<body>\n  <div>\n    <p>x$0</p>\n  </div>\n</body>\n",
        expect![[r#"
        element div
          <div>
            <p>x</p>
          </div>
    "#]],
    );
    check_scope(
        "a.md",
        "# A\n\ntext\n\n## B\n\nmore$0\n\n## C\n",
        expect![[r#"
        section B
        ## B

        more
    "#]],
    );
    check_directives(
        "a.html",
        "<!-- ai: x -->\n<p>a</p>\n",
        expect![[r#"
        Edit «x» removes "<!-- ai: x -->\n"
    "#]],
    );
    check_directives(
        "a.md",
        "# A\n\n<!-- ai: shorten -->\n\ntext ai: no\n",
        expect![[r#"
        Edit «shorten» removes "<!-- ai: shorten -->\n"
    "#]],
    );
    check_directives(
        "a.yaml",
        "# ai: add d\na: 1\n",
        expect![[r##"
        Edit «add d» removes "# ai: add d\n"
    "##]],
    );
    check_directives(
        "a.css",
        "/* ai: red */\na { b: c }\n",
        expect![[r#"
        Edit «red» removes "/* ai: red */\n"
    "#]],
    );
}

#[test]
fn selections_and_one_character_ranges() {
    check_scope(
        "a.py",
        "def f():\n    $0a$0 = 1\n    b = 2\n",
        expect![[r#"
        function f
        def f():
            a = 1
            b = 2
    "#]],
    );
    check_scope(
        "a.py",
        "def f():\n    $0a = 1\n    b$0 = 2\n    c = 3\n",
        expect![[r#"
        function f
        def f():
            a = 1
            b = 2
            c = 3
    "#]],
    );
    check_scope(
        "a.py",
        "class A:\n$0    def f(self):\n        pass\n\n    def g(self):\n        pass\n$0\n    def h(self):\n        pass\n",
        expect![[r#"
        selection 
            def f(self):
                pass

            def g(self):
                pass
    "#]],
    );
}

#[test]
fn unknown_languages_have_paragraphs_and_selections() {
    let check = |marked: &str, expect: Expect| {
        let (content, range) = fixture::cursor(marked);
        let text = Text::from(content);
        let scope = scope_at(None, &text, range.expect("a cursor"));
        expect.assert_eq(&format!("{}\n{}", scope.kind.label(), text.slice(scope.range)));
    };
    check(
        "a\nb$0\n\nc\n",
        expect![[r#"
        paragraph
        a
        b
    "#]],
    );
    check(
        "a\n$0b\nc$0\nd\n",
        expect![[r#"
        selection
        b
        c
    "#]],
    );
    check(
        "a\n\n$0\n\nb\n",
        expect![[r#"
        paragraph

    "#]],
    );
}

#[test]
fn a_scope_widens_up_to_the_file() {
    let (tree, text, range) = parsed("a.py", "import os\nclass A:\n    def f(self):\n        x$0\n");
    let mut scope = scope_at(Some(&tree), &text, range);
    let mut kinds = vec![scope.kind.label()];
    while let Some(wider) = widen(Some(&tree), &text, &scope) {
        kinds.push(wider.kind.label());
        scope = wider;
    }
    assert_eq!(kinds, ["method", "class", "file"]);
}

#[test]
fn a_directive_reads_as_typed_before_the_next_parse() {
    for (path, before, typed, expected) in [
        ("a.py", "# ai: \nx\n", "# ai: go on\nx\n", Some("go on")),
        ("a.py", "x = 1  # ai: a\n", "x = 1  # ai: a b\n", Some("a b")),
        ("a.py", "# ai: a\n# b\n", "# ai: a\n# b c\n", Some("a b c")),
        ("a.go", "/* ai: a */\n", "/* ai: a b */\n", Some("a b")),
        ("a.html", "<!-- ai: a -->\n", "<!-- ai: b -->\n", Some("b")),
        ("a.py", "# ai: a\n", "# hi: a\n", None),
    ] {
        let (tree, text, _) = parsed(path, before);
        let mut found = directives(&tree, &text, &Markers::of(&text)).remove(0);
        found.range.end += typed.len() - before.len();
        let text = found.reread(&Text::from(typed)).map(|found| found.text);
        assert_eq!(text.as_deref(), expected, "{typed}");
    }
}

#[test]
fn a_cursor_on_what_stands_round_a_definition_means_the_definition() {
    check_scope(
        "a.ts",
        "$0export function f() {\n  return 1;\n}\n",
        expect![[r#"
        function f
        export function f() {
          return 1;
        }
    "#]],
    );
    check_scope(
        "a.py",
        "$0@cached\ndef f():\n    pass\n",
        expect![[r#"
        function f
        @cached
        def f():
            pass
    "#]],
    );
}
