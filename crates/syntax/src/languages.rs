//! The table of languages. A language is one file beside this one.

use crate::language::Spec;

mod bash;
mod c;
mod cpp;
mod csharp;
mod css;
mod go;
mod html;
mod java;
mod javascript;
mod json;
mod kotlin;
mod lua;
mod markdown;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod sql;
mod swift;
mod toml;
mod tsx;
mod typescript;
mod yaml;

/// Every language; the first that claims a name has it.
pub(crate) static ALL: [&Spec; 24] = [
    &python::SPEC,
    &typescript::SPEC,
    &tsx::SPEC,
    &javascript::SPEC,
    &go::SPEC,
    &java::SPEC,
    &kotlin::SPEC,
    &rust::SPEC,
    &c::SPEC,
    &cpp::SPEC,
    &csharp::SPEC,
    &ruby::SPEC,
    &php::SPEC,
    &swift::SPEC,
    &scala::SPEC,
    &lua::SPEC,
    &bash::SPEC,
    &sql::SPEC,
    &html::SPEC,
    &css::SPEC,
    &json::SPEC,
    &yaml::SPEC,
    &toml::SPEC,
    &markdown::SPEC,
];
