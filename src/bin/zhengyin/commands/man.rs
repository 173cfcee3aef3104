//! `man`: the handbook, a page a command, written from the command line's own grammar. The one place that knows the crate which writes
//! pages.

use crate::files::{self, Access};
use crate::output::{Exit, Failure, Out, bold, good, plain, say};
use clap::Command;
use clap_mangen::Man;
use serde_json::json;
use std::path::PathBuf;
use zhengyin::reason::Language;

/// The section of commands.
const SECTION: &str = "1";
/// When the words of the command last changed: pages are the same whenever they are written.
const DATE: &str = "2026-11-22";

/// Write the handbook: a manual page for every command, in the language of --lang
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  zhengyin man /usr/local/share/man/man1\n  zhengyin man /usr/local/share/man/zh_CN/man1 --lang zh\n  zhengyin man pages --dry-run"
)]
pub(crate) struct Args {
    /// The folder; pages of an earlier version in it are replaced
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Say which pages would be written, and write none
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, out: &mut Out) -> Result<Exit, Failure> {
    let mut command = crate::args::command(out.language).disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    render(&command, None, out.language, &mut pages)?;
    let paths: Vec<PathBuf> = pages.iter().map(|(name, _)| args.folder.join(name)).collect();
    if !args.dry_run {
        files::make_folder(&args.folder, Access::Shared)?;
        for (path, (_, page)) in paths.iter().zip(&pages) {
            files::replace(path, page.as_bytes(), Access::Shared)?;
        }
    }
    let (count, folder) = (paths.len(), args.folder.display());
    let said = match args.dry_run {
        true => say!("将在 {folder} 中写入 {count} 页", "would write {count} pages to {folder}"),
        false => say!("已在 {folder} 中写入 {count} 页", "wrote {count} pages to {folder}"),
    };
    out.line(&[good("✓ "), plain(out.say(&said))]);
    for path in paths.iter().filter(|_| args.dry_run) {
        out.line(&[plain("  "), bold(path.display().to_string())]);
    }
    out.json(&json!({"schema": "zhengyin.man/1", "files": paths, "written": !args.dry_run}));
    Ok(Exit::Done)
}

/// The page of a command, and those of the commands beneath it: name and content.
fn render(
    command: &Command,
    above: Option<&Command>,
    language: Language,
    pages: &mut Vec<(String, String)>,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let name = command.get_name();
        Failure::new(say!("写不出 {name} 的手册页", "the page of {name} cannot be written")).because_io(&error)
    };
    let man = Man::new(command.clone())
        .title(full_name(command).to_uppercase())
        .section(SECTION)
        .date(DATE)
        .source(concat!("zhengyin ", env!("CARGO_PKG_VERSION")))
        .manual("Zhengyin 证印");
    let mut page = Vec::new();
    man.render_title(&mut page).map_err(failed)?;
    // Lines that are filled to the margin have holes where words are long.
    page.extend(b".ad l\n");
    man.render_name_section(&mut page).map_err(failed)?;
    man.render_synopsis_section(&mut page).map_err(failed)?;
    man.render_description_section(&mut page).map_err(failed)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut page).map_err(failed)?;
    }
    let subs: Vec<&Command> = command.get_subcommands().filter(|sub| !sub.is_hide_set()).collect();
    if !subs.is_empty() {
        man.render_subcommands_section(&mut page).map_err(failed)?;
    }
    // A gap before possible values is one request.
    let mut page = breakable(&String::from_utf8_lossy(&page).replace(".br\n\n.br\n", ".sp\n"));
    page.push_str(&after(command, language));
    page.push_str(&see_also(command, above, &subs));
    pages.push((man.get_filename(), page));
    subs.into_iter().try_for_each(|sub| render(sub, Some(command), language, pages))
}

/// `zhengyin-license-issue`.
fn full_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// What help ends with, a section for each of its headings; its lines are kept as they are, as a terminal shows them.
fn after(command: &Command, language: Language) -> String {
    let Some(text) = command.get_after_help().map(ToString::to_string) else { return String::new() };
    let mut roff = String::new();
    for paragraph in text.trim_end().split("\n\n") {
        let (heading, lines) = paragraph.split_once('\n').unwrap_or(("", paragraph));
        let heading = heading.trim_end_matches([':', '：']);
        let heading = if language == Language::En { heading.to_uppercase() } else { heading.to_owned() };
        roff.push_str(&format!(".SH {}\n.nf\n", escaped(&heading)));
        for line in lines.lines() {
            roff.push_str(&escaped(line.strip_prefix("  ").unwrap_or(line)));
            roff.push('\n');
        }
        roff.push_str(".fi\n");
    }
    roff
}

fn see_also(command: &Command, above: Option<&Command>, subs: &[&Command]) -> String {
    let names: Vec<String> = above
        .into_iter()
        .chain(subs.iter().copied())
        .map(|other| format!("\\fB{}\\fR({SECTION})", escaped(full_name(other))))
        .collect();
    if names.is_empty() || full_name(command).is_empty() {
        return String::new();
    }
    format!(".SH SEE ALSO\n{}\n", names.join(",\n"))
}

/// Lets lines of Chinese break between characters, which roff does not do by itself; not before what closes.
fn breakable(page: &str) -> String {
    let is_wide = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let mut lines = String::new();
    for line in page.lines() {
        let mut characters = line.chars().peekable();
        let is_text = !line.starts_with('.');
        while let Some(character) = characters.next() {
            lines.push(character);
            let next = characters.peek().copied().filter(|_| is_text);
            if is_wide(character) && next.is_some_and(|next| is_wide(next) && !"，。、；：）】".contains(next)) {
                lines.push_str("\\:");
            }
        }
        lines.push('\n');
    }
    lines
}

/// A line that roff takes for text: no escapes, no requests, and signs that can be copied.
fn escaped(line: &str) -> String {
    let text = line.replace('\\', "\\e").replace('-', "\\-").replace('^', "\\(ha").replace('~', "\\(ti");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{breakable, escaped, render};
    use zhengyin::reason::Language;

    #[test]
    fn every_command_has_a_page_with_its_examples_as_they_are_typed() {
        for language in [Language::En, Language::Zh] {
            let mut command = crate::args::command(language).disable_help_subcommand(true);
            command.build();
            let mut pages = Vec::new();
            render(&command, None, language, &mut pages).unwrap();
            let page = |name: &str| &pages.iter().find(|(found, _)| found == name).unwrap().1;
            assert!(
                page("zhengyin-license-issue.1")
                    .contains("\nzhengyin license issue \\-\\-data business\\-license.json\n")
            );
            assert!(page("zhengyin-license.1").contains("\\fBzhengyin\\-license\\-revoke\\fR(1)"));
            assert!(page("zhengyin.1").contains("\n130  "));
            let mut names: Vec<_> = pages.iter().map(|(name, _)| name).collect();
            names.dedup();
            assert!(names.len() == pages.len() && names.len() > 40, "{names:?}");
        }
    }

    #[test]
    fn nothing_is_a_request_to_roff() {
        assert_eq!(breakable(".SH 选项\n证照，见 x\n"), ".SH 选项\n证\\:照，\\:见 x\n");
        assert_eq!(escaped(".so /etc/passwd \\n"), "\\&.so /etc/passwd \\en");
        assert_eq!(escaped("a - b"), "a \\- b");
    }
}
