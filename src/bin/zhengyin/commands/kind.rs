//! `type`: definitions of license types.

use crate::args::Global;
use crate::files;
use crate::office::catalogue::{
    Catalogue, MAX_FILE, Origin, definition_json, explain_faults, field_name, parse_definition, rule_texts,
};
use crate::output::{Exit, Failure, Out, Say, bad, bold, dim, good, pad, plain, say};
use crate::template;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::issue::catalogue::TypeDefinition;

/// Show the definitions of license types (证照类型); check definitions and facts
///
/// Those that are shipped are demonstrations, or generic; definitions of your own are JSON files in the folder `types` of the home
/// (docs/operating.md has the keys) and come first.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand, Debug)]
enum Action {
    List(List),
    Show(Show),
    Check(Check),
}

/// List the license types that are defined here
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin type list\n  zhengyin type list --json")]
struct List {}

/// Show the definition of a type: its fields and their rules
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin type show 营业执照\n  zhengyin type show 11950000MB0000019Y001 --json > my-type.json"
)]
struct Show {
    /// The type: its code, or its name in Chinese or English
    #[arg(value_name = "TYPE")]
    name: String,
}

/// Check definitions of types, or the facts of licenses against them
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  zhengyin type check my-type.json\n  zhengyin type check business-license.json")]
struct Check {
    /// Files with definitions, or with facts of licenses
    #[arg(value_name = "FILES", required = true)]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    match &args.action {
        Action::List(_) => list(&catalogue(global)?, out),
        Action::Show(args) => show(args, &catalogue(global)?, out),
        Action::Check(args) => check(args, global, out),
    }
}

/// Without a home there is what is shipped.
fn catalogue(global: &Global) -> Result<Catalogue, Failure> {
    Catalogue::read(global.home().ok().as_ref())
}

fn list(catalogue: &Catalogue, out: &mut Out) -> Result<Exit, Failure> {
    for definition in catalogue.types.iter() {
        let (code, origin) = (definition.code.as_str(), origin(catalogue, definition));
        let name = Say { zh: definition.name.clone(), en: format!("{} {}", definition.name, definition.name_en) };
        out.line(&[plain(code), plain("  "), bold(out.say(&name)), plain("  "), dim(out.say(&origin))]);
        out.json(&json!({
            "schema": "zhengyin.type-entry/1", "code": code, "name": definition.name, "name_en": definition.name_en,
            "definer": definition.definer, "fields": definition.fields.len(), "origin": origin.en,
        }));
    }
    Ok(Exit::Done)
}

fn origin(catalogue: &Catalogue, definition: &TypeDefinition) -> Say {
    match catalogue.origin(&definition.code) {
        Origin::Shipped => say!("随附", "shipped"),
        Origin::File(path) => {
            let shown = path.display();
            say!("{shown}", "{shown}")
        }
    }
}

fn show(args: &Show, catalogue: &Catalogue, out: &mut Out) -> Result<Exit, Failure> {
    let asked = args.name.as_str();
    let is_it = |definition: &&TypeDefinition| {
        [definition.code.as_str(), &definition.name, &definition.name_en]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(asked))
    };
    let found: Vec<&TypeDefinition> = catalogue.types.iter().filter(is_it).collect();
    if found.is_empty() {
        return Err(Failure::new(say!("没有证照类型 {asked} 的定义", "there is no definition of a type {asked}"))
            .next("zhengyin type list"));
    }
    // Two bodies may define types of one name.
    for definition in found {
        card(definition, &origin(catalogue, definition), out);
        out.json(&definition_json(definition));
    }
    Ok(Exit::Done)
}

fn card(definition: &TypeDefinition, origin: &Say, out: &mut Out) {
    out.line(&[bold(&definition.name), plain("  "), plain(&definition.name_en)]);
    let code = definition.code.as_str();
    let mut rows = vec![
        (say!("代码", "code"), say!("{code}", "{code}")),
        (say!("定义机构", "defined by"), Say { zh: definition.definer.clone(), en: definition.definer.clone() }),
        (say!("来源", "origin"), origin.clone()),
    ];
    rows.extend(Catalogue::frame(definition));
    rows.push((say!("说明", "note"), Say { zh: definition.note.clone(), en: definition.note.clone() }));
    for (label, value) in rows.iter().filter(|(_, value)| !value.en.is_empty()) {
        let label = pad(out.say(label), 12).into_owned();
        out.line(&[plain(label), plain(out.say(value))]);
    }
    for field in &definition.fields {
        let (name, rules) = (field_name(field), rule_texts(field));
        let name = pad(out.say(&name), 26).into_owned();
        out.line(&[plain("  "), bold(name), plain("  "), plain(out.say(&rules))]);
    }
}

fn check(args: &Check, global: &Global, out: &mut Out) -> Result<Exit, Failure> {
    let catalogue = catalogue(global)?;
    let mut exits = Vec::new();
    for path in &args.files {
        match check_file(path, &catalogue) {
            Ok(what) => {
                let shown = path.display().to_string();
                out.line(&[good("✓ "), bold(&shown), plain("  "), plain(out.say(&what))]);
                out.json(&json!({"schema": "zhengyin.type-check/1", "file": path, "fits": true, "faults": []}));
                exits.push(Exit::Done);
            }
            Err(Wrong::Unreadable(failure)) => exits.push(out.failure(&failure)),
            Err(Wrong::Faults(faults)) => {
                let shown = path.display().to_string();
                out.line(&[bad("✗ "), bold(&shown)]);
                for fault in &faults {
                    out.line(&[plain("  "), plain(out.say(fault))]);
                }
                let told: Vec<&str> = faults.iter().map(|fault| out.say(fault)).collect();
                out.json(&json!({"schema": "zhengyin.type-check/1", "file": path, "fits": false, "faults": told}));
                exits.push(Exit::Invalid);
            }
        }
    }
    Ok(Exit::of_all(exits))
}

enum Wrong {
    Unreadable(Failure),
    Faults(Vec<Say>),
}

/// A definition, or the facts of a license: the one has fields as a list, the other has holders as one.
fn check_file(path: &Path, catalogue: &Catalogue) -> Result<Say, Wrong> {
    let bytes = files::read(path, MAX_FILE.max(template::MAX_FILE)).map_err(Wrong::Unreadable)?;
    let is_facts = |value: Value| value.get("holders").is_some_and(Value::is_array);
    let is_facts = serde_json::from_slice(&bytes).is_ok_and(is_facts);
    if !is_facts {
        let definition = parse_definition(&bytes).map_err(|why| Wrong::Faults(vec![why]))?;
        let (code, name) = (definition.code.as_str(), &definition.name);
        let count = definition.fields.len();
        return Ok(say!("{name} {code} 的定义，{count} 项", "the definition of {name} {code}: {count} fields"));
    }
    let mut facts = template::parse(&bytes).map_err(|why| Wrong::Faults(vec![why]))?.facts;
    let code = facts.type_code;
    let shown = code.as_str();
    let Some(definition) = catalogue.types.get(&code) else {
        return Err(Wrong::Faults(vec![say!("没有类型 {shown} 的定义", "there is no definition of type {shown}")]));
    };
    // What is only to be masked, is masked when it is issued.
    catalogue.types.mask(&mut facts);
    let faults = definition.check(&facts);
    if !faults.is_empty() {
        let each = faults.iter().map(|fault| explain_faults(&facts, std::slice::from_ref(fault)));
        return Err(Wrong::Faults(each.collect()));
    }
    let name = &definition.name;
    Ok(say!("符合{name}的定义", "fits the definition of {name}"))
}
