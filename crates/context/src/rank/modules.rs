//! Which files of an index a module, as an import writes it, stands for.
//!
//! Owns the ways in which languages name their files. Nothing is read: a path that the index does not know is none.

use workspace::{FileId, Index};

use crate::family::Family;

/// More files than these are no module but a tree of them.
const MAX_CRATE_FILES: usize = 4_000;

/// The files that `module` stands for when the file at `path` imports it; none when it is not of the workspace.
pub(super) fn files_of(index: &Index, family: Family, path: &str, module: &str) -> Vec<FileId> {
    match family {
        Family::Python => python(index, path, module),
        Family::Script => script(index, path, module),
        Family::Go => go(index, module),
        Family::Rust => rust(index, path, module),
        Family::Jvm | Family::CSharp => {
            by_suffix(index, &module.replace('.', "/"), &["java", "kt", "scala", "cs"], &[])
        }
        Family::Php => by_suffix(index, module.trim_matches('\\').replace('\\', "/").as_str(), &["php"], &[]),
        Family::Ruby => ruby(index, path, module),
        Family::C => included(index, path, module),
        Family::Other(_) => by_suffix(index, &module.replace('.', "/"), &[], &[]),
    }
}

/// The directory of a file.
pub(super) fn dir_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// How many directories from the root down two files have in common.
pub(super) fn n_shared_dirs(path: &str, other: &str) -> usize {
    dir_of(path).split('/').zip(dir_of(other).split('/')).take_while(|(a, b)| a == b).count()
}

fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `dir/rest` with `.` and `..` carried out; none when it leaves the folder.
fn joined(dir: &str, rest: &str) -> Option<String> {
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The file at one of these paths.
fn first_of(index: &Index, paths: impl IntoIterator<Item = String>) -> Vec<FileId> {
    paths.into_iter().find_map(|path| index.file_id(&path)).into_iter().collect()
}

/// Files whose path ends with `suffix` and an extension, or with `suffix` and one of these names, at the border of a
/// directory: those with the shortest path.
fn by_suffix(index: &Index, suffix: &str, extensions: &[&str], inside: &[&str]) -> Vec<FileId> {
    if suffix.is_empty() {
        return Vec::new();
    }
    let with_extension = extensions.iter().map(|extension| format!("{suffix}.{extension}"));
    let with_name = inside.iter().map(|name| format!("{suffix}/{name}"));
    let mut found: Vec<(usize, &str, FileId)> = Vec::new();
    for wanted in with_extension.chain(with_name) {
        for id in index.files_named(file_name(&wanted)) {
            let Some(file) = index.file(*id) else { continue };
            let is_at_border = file
                .path
                .strip_suffix(wanted.as_str())
                .is_some_and(|front| front.is_empty() || front.ends_with('/'));
            if is_at_border {
                found.push((file.path.len(), &file.path, *id));
            }
        }
    }
    found.sort_unstable();
    let shortest = found.first().map(|(len, ..)| *len);
    found.into_iter().filter(|(len, ..)| Some(*len) == shortest).map(|(.., id)| id).collect()
}

fn python(index: &Index, path: &str, module: &str) -> Vec<FileId> {
    let rest = module.trim_start_matches('.');
    let inner = rest.replace('.', "/");
    if rest.len() == module.len() {
        return by_suffix(index, &inner, &["py", "pyi"], &["__init__.py", "__init__.pyi"]);
    }
    let up = "../".repeat(module.len() - rest.len() - 1);
    let Some(base) = joined(dir_of(path), &format!("{up}{inner}")) else { return Vec::new() };
    let inside = if base.is_empty() { String::new() } else { format!("{base}/") };
    first_of(index, [format!("{base}.py"), format!("{inside}__init__.py"), format!("{base}.pyi")])
}

/// What a file of a script may be called behind its path.
const SCRIPT: [&str; 9] = ["ts", "tsx", "d.ts", "mts", "cts", "js", "jsx", "mjs", "cjs"];

fn script(index: &Index, path: &str, module: &str) -> Vec<FileId> {
    if module.starts_with('.') {
        return joined(dir_of(path), module).map(|base| script_file(index, &base)).unwrap_or_default();
    }
    // `@/a/b` and `~/a/b` stand for the root of some tsconfig.
    if let Some(rest) = module.strip_prefix("@/").or_else(|| module.strip_prefix("~/")) {
        let names: Vec<String> = SCRIPT.iter().map(|extension| format!("index.{extension}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return by_suffix(index, rest, &SCRIPT, &names);
    }
    let (package, rest) = match module.strip_prefix('@') {
        Some(scoped) => {
            let scoped = scoped.split_once('/').map_or(scoped, |(_, rest)| rest);
            scoped.split_once('/').unwrap_or((scoped, ""))
        }
        None => module.split_once('/').unwrap_or((module, "")),
    };
    // A package of the workspace lies in a directory of its name.
    let tails = if rest.is_empty() {
        vec!["src/index".to_owned(), "index".to_owned()]
    } else {
        vec![format!("src/{rest}"), rest.to_owned()]
    };
    for tail in tails {
        let suffix = format!("{package}/{tail}");
        let found = by_suffix(index, &suffix, &SCRIPT, &["index.ts", "index.tsx", "index.js"]);
        if !found.is_empty() {
            return found;
        }
    }
    // A path from the root of some tsconfig.
    if rest.is_empty() { Vec::new() } else { script_file(index, module) }
}

fn script_file(index: &Index, base: &str) -> Vec<FileId> {
    let written = base.strip_suffix(".js").or_else(|| base.strip_suffix(".jsx")).unwrap_or(base);
    let whole = std::iter::once(base.to_owned());
    let with = SCRIPT.iter().map(|extension| format!("{written}.{extension}"));
    let dir = if base.is_empty() { String::new() } else { format!("{base}/") };
    let inside = SCRIPT.iter().map(move |extension| format!("{dir}index.{extension}"));
    first_of(index, whole.chain(with).chain(inside))
}

/// The directory that a Go path ends with: the longest such end.
fn go(index: &Index, module: &str) -> Vec<FileId> {
    let parts: Vec<&str> = module.split('/').collect();
    let is_hosted = parts.first().is_some_and(|host| host.contains('.'));
    for start in 1..parts.len() {
        // Behind the host, owner and repository; one path of another repository is no directory of this one.
        if is_hosted && start < 3 {
            continue;
        }
        let dir = parts.get(start..).unwrap_or_default().join("/");
        let files = index.files_in(&dir);
        if !files.is_empty() {
            let is_code =
                |id: &&FileId| index.file(**id).is_some_and(|file| !file.path.ends_with("_test.go"));
            return files.iter().filter(is_code).copied().collect();
        }
    }
    Vec::new()
}

/// All files of a crate for `crate::…` and for another crate of the workspace, the file or directory of a module else.
fn rust(index: &Index, path: &str, module: &str) -> Vec<FileId> {
    let Some(first) = module.split("::").find(|part| !part.is_empty()) else { return Vec::new() };
    let below = |prefix: &str| -> Vec<FileId> {
        index.files_below(prefix).map(|(id, _)| id).take(MAX_CRATE_FILES).collect()
    };
    match first {
        "std" | "core" | "alloc" => return Vec::new(),
        "crate" | "self" | "super" => return below(&crate_root(path)),
        _ => {}
    }
    for name in [first.to_owned(), first.replace('_', "-")] {
        for prefix in
            [format!("crates/{name}/"), format!("{name}/"), format!("src/{name}/"), format!("lib/{name}/")]
        {
            let found = below(&prefix);
            if !found.is_empty() {
                return found;
            }
        }
    }
    let dir = dir_of(path);
    let beside = if dir.is_empty() { first.to_owned() } else { format!("{dir}/{first}") };
    let mut found = first_of(index, [format!("{beside}.rs")]);
    found.extend(below(&format!("{beside}/")));
    found
}

/// The directory of the crate that a file belongs to: what stands before the last `src/`, with it.
pub(super) fn crate_root(path: &str) -> String {
    match path.rfind("/src/") {
        Some(at) => path.get(..at + "/src/".len()).unwrap_or_default().to_owned(),
        None if path.starts_with("src/") => "src/".to_owned(),
        None => match dir_of(path) {
            "" => String::new(),
            dir => format!("{dir}/"),
        },
    }
}

fn ruby(index: &Index, path: &str, module: &str) -> Vec<FileId> {
    let beside = joined(dir_of(path), module).map(|base| first_of(index, [format!("{base}.rb")]));
    beside.filter(|found| !found.is_empty()).unwrap_or_else(|| by_suffix(index, module, &["rb"], &[]))
}

/// A header beside the file, else by the end of its path; with the source file of the same name.
fn included(index: &Index, path: &str, module: &str) -> Vec<FileId> {
    let beside = joined(dir_of(path), module).and_then(|path| index.file_id(&path));
    let mut found: Vec<FileId> = beside.into_iter().collect();
    if found.is_empty() {
        let (stem, extension) = module.rsplit_once('.').unwrap_or((module, "h"));
        found = by_suffix(index, stem, &[extension], &[]);
    }
    found
}
