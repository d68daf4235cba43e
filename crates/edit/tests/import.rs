//! Where a new import goes.

use expect_test::{Expect, expect};
use syntax::{Stop, Tree, language_for};
use text::{ChangeSet, Text};

#[track_caller]
fn check(path: &str, source: &str, line: &str, expect: Expect) {
    let text = Text::from(source);
    let language = language_for("", path).expect("a known language");
    let tree = Tree::parse(language, &text, &Stop::never()).expect("a small text parses");
    let shown = match edit::import_edit(&text, &tree, line) {
        None => "imported already\n".to_owned(),
        Some(edit) => {
            assert!(edit.range.is_empty(), "nothing that is there is changed");
            let changes = ChangeSet::single(text.len(), edit).expect("inside");
            text.apply(&changes).expect("fits").to_string().replace('\r', "␍")
        }
    };
    expect.assert_eq(&shown);
}

#[test]
fn behind_the_last_import() {
    check(
        "a.py",
        "import os\nimport re\n\nx = 1\n",
        "import math",
        expect![[r#"
        import math
        import os
        import re

        x = 1
    "#]],
    );
    check(
        "a.ts",
        "import { a } from './a';\n\nf();\n",
        "import { b } from 'b';\n",
        expect![[r#"
        import { a } from './a';
        import { b } from 'b';

        f();
    "#]],
    );
    check(
        "A.java",
        "package p;\n\nimport z.A;\nimport b.C;\n\nclass D {}\n",
        "import c.D;",
        expect![[r#"
        package p;

        import z.A;
        import b.C;
        import c.D;

        class D {}
    "#]],
    );
    check(
        "a.kt",
        "package p\n\nimport z.A\nimport b.C\n\nfun f() {}\n",
        "import c.D",
        expect![[r#"
        package p

        import z.A
        import b.C
        import c.D

        fun f() {}
    "#]],
    );
    check(
        "a.rs",
        "use z::A;\nuse b::C;\n\nfn f() {}\n",
        "use c::D;",
        expect![[r#"
        use z::A;
        use b::C;
        use c::D;

        fn f() {}
    "#]],
    );
    check(
        "a.go",
        "package a\n\nimport \"fmt\"\n\nfunc f() {}\n",
        "import \"math\"",
        expect![[r#"
        package a

        import "fmt"
        import "math"

        func f() {}
    "#]],
    );
}

#[test]
fn beside_those_of_its_kind() {
    check(
        "a.py",
        "import os\n\nfrom .a import b\nfrom .c import d\n\nx = 1\n",
        "import abc",
        expect![[r#"
        import os
        import abc

        from .a import b
        from .c import d

        x = 1
    "#]],
    );
    check(
        "a.rs",
        "use std::fmt;\nuse std::io;\n\nuse text::Text;\n\nuse crate::A;\n",
        "use std::iter;",
        expect![[r#"
            use std::fmt;
            use std::io;
            use std::iter;

            use text::Text;

            use crate::A;
        "#]],
    );
    check(
        "a.tsx",
        "import React from 'react';\n\nimport { a } from './a';\n",
        "import { b } from './b';",
        expect![[r#"
            import React from 'react';

            import { a } from './a';
            import { b } from './b';
        "#]],
    );
    check(
        "a.py",
        "from a import b\nimport z\n\nx = 1\n",
        "from a import c",
        expect![[r#"
        from a import b
        from a import c
        import z

        x = 1
    "#]],
    );
    check(
        "a.js",
        "import {\n  a,\n} from 'm';\nimport n from 'n';\n",
        "import m from 'm';",
        expect![[r#"
        import {
          a,
        } from 'm';
        import m from 'm';
        import n from 'n';
    "#]],
    );
}

#[test]
fn in_order_where_the_others_are() {
    check(
        "A.java",
        "import a.B;\nimport a.D;\nimport b.E;\n\nclass F {}\n",
        "import a.C;",
        expect![[r#"
        import a.B;
        import a.C;
        import a.D;
        import b.E;

        class F {}
    "#]],
    );
    check(
        "a.py",
        "from __future__ import annotations\n\nimport b\nimport c\n",
        "import a",
        expect![[r#"
        from __future__ import annotations

        import a
        import b
        import c
    "#]],
    );
}

#[test]
fn in_the_parentheses_of_go() {
    check(
        "a.go",
        "package a\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n",
        "import \"math\"",
        expect![[r#"
        package a

        import (
        	"fmt"
        	"math"
        	"os"
        )
    "#]],
    );
    check(
        "a.go",
        "package a\n\nimport (\n\t\"os\"\n\n\t\"x.org/y\"\n)\n",
        "import \"x.org/a\"",
        expect![[r#"
            package a

            import (
            	"os"

            	"x.org/y"
            	"x.org/a"
            )
        "#]],
    );
    check(
        "a.go",
        "package a\n\nimport (\n\t\"os\"\n\n\t\"x.org/y\"\n)\n",
        "\"fmt\"",
        expect![[r#"
            package a

            import (
            	"os"
            	"fmt"

            	"x.org/y"
            )
        "#]],
    );
}

#[test]
fn behind_the_header_where_nothing_is_imported() {
    check(
        "a.py",
        "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\n\ndef f():\n    pass\n",
        "import os",
        expect![[r##"
            #!/usr/bin/env python
            """Doc."""

            import os

            def f():
                pass
        "##]],
    );
    check(
        "a.py",
        "# License\n\n# About f.\ndef f():\n    pass\n",
        "import os",
        expect![[r#"
        # License

        import os

        # About f.
        def f():
            pass
    "#]],
    );
    check(
        "a.py",
        "def f():\n    pass\n",
        "import os",
        expect![[r#"
        import os

        def f():
            pass
    "#]],
    );
    check(
        "a.go",
        "// Package a.\npackage a\n\nfunc f() {}\n",
        "import \"os\"",
        expect![[r#"
        // Package a.
        package a

        import "os"

        func f() {}
    "#]],
    );
    check(
        "A.java",
        "package p;\n\nclass A {}\n",
        "import a.B;",
        expect![[r#"
        package p;

        import a.B;

        class A {}
    "#]],
    );
    check(
        "a.kt",
        "@file:Suppress(\"x\")\n\npackage p\n\nfun f() {}\n",
        "import a.B",
        expect![[r#"
        @file:Suppress("x")

        package p

        import a.B

        fun f() {}
    "#]],
    );
    check(
        "a.rs",
        "//! About.\n\n#![allow(x)]\n\n/// About f.\nfn f() {}\n",
        "use a::B;",
        expect![[r#"
        //! About.

        #![allow(x)]

        use a::B;

        /// About f.
        fn f() {}
    "#]],
    );
    check(
        "a.js",
        "'use strict';\nf();\n",
        "import a from 'a';",
        expect![[r#"
        'use strict';

        import a from 'a';

        f();
    "#]],
    );
    check(
        "a.ts",
        "/** About f. */\nfunction f() {}\n",
        "import a from 'a';",
        expect![[r#"
        import a from 'a';

        /** About f. */
        function f() {}
    "#]],
    );
    check(
        "a.py",
        "",
        "import os",
        expect![[r#"
        import os
    "#]],
    );
}

#[test]
fn line_endings_are_kept() {
    check(
        "a.py",
        "import os\r\n\r\nx = 1\r\n",
        "import re\n",
        expect![[r#"
        import os␍
        import re␍
        ␍
        x = 1␍
    "#]],
    );
    check(
        "a.py",
        "import os",
        "import re",
        expect![[r#"
        import os
        import re"#]],
    );
    check(
        "a.py",
        "\"\"\"Doc.\"\"\"",
        "import re",
        expect![[r#"
        """Doc."""

        import re"#]],
    );
}

#[test]
fn what_is_imported_already_is_not_imported_again() {
    check(
        "a.py",
        "import os\n",
        "import os",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "a.py",
        "from a import (\n    b,\n    c,\n)\n",
        "from a import c",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "a.ts",
        "import { a, b as c } from \"m\";\n",
        "import { a } from 'm';",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "a.ts",
        "import { a, b as c } from \"m\";\n",
        "import { b } from 'm';",
        expect![[r#"
        import { a, b as c } from "m";
        import { b } from 'm';
    "#]],
    );
    check(
        "a.go",
        "package a\n\nimport (\n\t\"fmt\"\n)\n",
        "import \"fmt\"",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "A.java",
        "import a.*;\n",
        "import a.B;",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "a.kt",
        "import a.B\n",
        "import a.B",
        expect![[r#"
        imported already
    "#]],
    );
    check(
        "a.rs",
        "use a::{B, c::D};\n",
        "use a::c::D;",
        expect![[r#"
        imported already
    "#]],
    );
}

#[test]
fn only_what_is_missing_is_imported() {
    check(
        "a.py",
        "from a import b\n",
        "from a import b, c",
        expect![[r#"
        from a import b
        from a import c
    "#]],
    );
    check(
        "a.ts",
        "import { a } from 'm';\n",
        "import { b, a } from 'm';",
        expect![[r#"
        import { a } from 'm';
        import { b } from 'm';
    "#]],
    );
    check(
        "a.rs",
        "use a::B;\n",
        "use a::{B, C};",
        expect![[r#"
        use a::B;
        use a::{C};
    "#]],
    );
}
