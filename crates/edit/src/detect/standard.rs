//! What belongs to each language's own library.

/// Whether a package comes with the language.
pub(super) fn is_standard(language: &str, package: &str, module: &str) -> bool {
    match language {
        "Python" => package.is_empty() || package.starts_with('_') || has(PYTHON, package),
        "JavaScript" | "TypeScript" | "TSX" => package.starts_with("node:") || has(NODE, package),
        // A host name has a dot; what has none comes with Go, or is the module's own.
        "Go" => !module.split('/').next().unwrap_or("").contains('.'),
        "Rust" => matches!(package, "std" | "core" | "alloc" | "proc_macro" | "test"),
        "Java" | "Kotlin" | "Scala" => {
            matches!(
                package,
                "java" | "javax" | "jdk" | "kotlin" | "kotlinx" | "scala" | "android" | "androidx" | "sun"
            )
        }
        "C#" => matches!(package, "System" | "Microsoft" | "Windows"),
        "Ruby" => has(RUBY, package),
        "Swift" => has(SWIFT, package),
        "C" | "C++" => {
            matches!(
                package,
                "sys"
                    | "arpa"
                    | "netinet"
                    | "net"
                    | "bits"
                    | "asm"
                    | "linux"
                    | "machine"
                    | "experimental"
                    | "mach"
            )
        }
        // Modules of Lua are files; where they come from cannot be told.
        "Lua" => true,
        _ => false,
    }
}

/// Whether a name is one of the words of a table.
fn has(table: &str, name: &str) -> bool {
    table.split_whitespace().any(|known| known == name)
}

/// Modules of Python, of all versions that are in use.
const PYTHON: &str = "\
    __future__ abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 \
    bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop \
    collections colorsys compileall concurrent configparser contextlib contextvars copy copyreg crypt \
    csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings \
    ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc \
    genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib \
    imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale \
    logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing \
    netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb \
    pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty \
    pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource \
    rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib \
    sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics \
    string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib \
    tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback \
    tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings \
    wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib \
    zoneinfo";

/// Modules of Node.
const NODE: &str = "\
    assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel \
    dns domain events fs http http2 https inspector module net os path perf_hooks process punycode \
    querystring readline repl stream string_decoder timers tls trace_events tty url util v8 vm wasi \
    worker_threads zlib";

/// Libraries that come with Ruby.
const RUBY: &str = "\
    English abbrev base64 benchmark bigdecimal bundler cgi coverage csv date delegate digest drb erb etc \
    expect fcntl fiddle fileutils find forwardable getoptlong io ipaddr irb json logger matrix minitest \
    monitor mutex_m net nkf observer open-uri open3 openssl optparse ostruct pathname pp prettyprint \
    prime pstore psych pty racc rake rbconfig rdoc readline reline resolv rinda ripper rubygems \
    securerandom set shellwords singleton socket stringio strscan syslog tempfile test time timeout \
    tmpdir tracer tsort un unicode_normalize uri weakref webrick win32ole yaml zlib";

/// Frameworks of Apple and of the toolchain.
const SWIFT: &str = "\
    AVFoundation Accelerate AppKit Combine Contacts CoreData CoreFoundation CoreGraphics CoreImage \
    CoreLocation CoreML CoreMotion CryptoKit Darwin Dispatch Foundation FoundationNetworking GameKit \
    Glibc HealthKit MapKit Metal MetalKit NaturalLanguage Network OSLog Observation Photos PhotosUI \
    QuartzCore RegexBuilder SceneKit Security SpriteKit StoreKit Swift SwiftData SwiftUI Testing UIKit \
    UserNotifications Vision WebKit WidgetKit XCTest os";
