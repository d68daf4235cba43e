//! Everything that an index says, in an order of its own: two indexes of the same files say the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use workspace::{DefinitionId, Index, NameId};

/// One line per file, definition, import and name. Ids do not show.
pub fn content(index: &Index) -> String {
    let mut out = String::new();
    let mut add = |line: String| writeln!(out, "{line}").expect("it can be had");
    add(format!(
        "{} files, {} sources, {} definitions, {} names",
        index.n_files(),
        index.n_source_files(),
        index.n_definitions(),
        index.n_defined_names()
    ));
    let texts = |names: &[NameId]| names.iter().map(|name| index.text(*name)).collect::<Vec<_>>().join(" ");
    let place =
        |id: &DefinitionId| format!("{}#{}", index.file(id.file).expect("it can be had").path, id.idx);
    let mut names: BTreeMap<&str, NameId> = BTreeMap::new();
    for (id, file) in index.files() {
        assert_eq!(index.file_id(&file.path), Some(id));
        let (dir, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        assert!(index.files_in(dir).contains(&id) && index.files_named(name).contains(&id), "{}", file.path);
        add(format!("{} {:?} {:?}", file.path, file.language, file.kind));
        for definition in &file.definitions {
            names.insert(index.text(definition.name), definition.name);
            let container = definition.container.map_or("", |name| index.text(name));
            add(format!(
                "  {} {:?} in {container} {} {:?} {} {} [{}] [{}]",
                index.text(definition.name),
                definition.kind,
                definition.line,
                definition.lines,
                definition.signature_end,
                definition.n_bytes,
                texts(file.signature_of(definition)),
                texts(file.words_of(definition)),
            ));
        }
        for import in &file.imports {
            let text = |name: Option<NameId>| name.map_or("", |name| index.text(name));
            add(format!(
                "  {} {} as {} {}",
                index.text(import.module),
                text(import.name),
                text(import.bound),
                import.line
            ));
        }
        let words: BTreeMap<&str, u32> =
            file.words.iter().map(|(name, count)| (index.text(*name), *count)).collect();
        add(format!("  {words:?}"));
        names.extend(file.words.iter().map(|(name, _)| (index.text(*name), *name)));
    }
    for (text, name) in names {
        let places = |ids: Vec<DefinitionId>| ids.iter().map(place).collect::<Vec<_>>().join(" ");
        let defined = places(index.definitions_of(name));
        let parts: Vec<String> = match defined.is_empty() {
            true => Vec::new(),
            false => index.parts_of(name).iter().map(|part| part_of(index, *part)).collect(),
        };
        add(format!(
            "{text}: in {} imported by {} defined [{defined}] members [{}] parts {parts:?}",
            index.n_files_with(name),
            index.n_imports_of(name),
            places(index.members_of(name)),
        ));
    }
    out
}

fn part_of(index: &Index, part: workspace::PartId) -> String {
    let n_names = index.part_counts().nth(Index::part_number(part)).expect("it can be had");
    let text = index.part_text(part);
    assert_eq!(index.part(text), Some(part));
    format!("{text}:{n_names}")
}
