//! What one file names: its paths as absolute ones, its declared modules, where it is compiled for tests only.

use crate::lex::{Kind, Token};

/// A path that the file names, in a `use` or anywhere else.
#[derive(Debug)]
pub(crate) struct Named {
    /// From the crate's root when `is_foreign` is false; else with the other crate's name first. `*` stands for a glob.
    pub(crate) segments: Vec<String>,
    pub(crate) is_foreign: bool,
    pub(crate) in_test: bool,
    pub(crate) line: usize,
}

impl Named {
    pub(crate) fn starts_with(&self, path: &str) -> bool {
        let mut own = self.segments.iter();
        path.split("::").all(|segment| own.next().is_some_and(|s| s == segment))
    }
}

#[derive(Default)]
pub(crate) struct Scan {
    pub(crate) paths: Vec<Named>,
    pub(crate) unsafe_lines: Vec<usize>,
    /// Absolute paths of the modules declared under `#[cfg(test)]`.
    pub(crate) test_modules: Vec<Vec<String>>,
    /// First line and length of each module of tests that stands inside the file.
    pub(crate) inline_tests: Vec<(usize, usize)>,
}

/// `mod a; pub mod b;` in their order.
pub(crate) fn declared_modules(tokens: &[Token]) -> Vec<String> {
    tokens
        .windows(3)
        .filter(|w| w[0].is("mod") && w[1].kind == Kind::Ident && w[2].is(";"))
        .map(|w| w[1].text.clone())
        .collect()
}

impl Scan {
    pub(crate) fn new(file_module: &[String], tokens: &[Token]) -> Self {
        let mut scan = Scan::default();
        let mut module = file_module.to_vec();
        // For each open brace: does it close a module?
        let mut braces: Vec<bool> = Vec::new();
        let mut test_until = if has_inner_test_attribute(tokens) { tokens.len() } else { 0 };
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            let in_test = at < test_until;
            if let Some(end) = test_attribute(tokens, at) {
                test_until = test_until.max(end_of_item(tokens, end));
                at = end;
                continue;
            }
            if token.is("{") {
                braces.push(false);
            } else if token.is("}") {
                if braces.pop() == Some(true) {
                    module.pop();
                }
            } else if token.is("mod") && is_ident(tokens, at + 1) {
                let mut path = module.clone();
                path.push(tokens[at + 1].text.clone());
                if tokens.get(at + 2).is_some_and(|t| t.is("{")) {
                    if in_test {
                        let last = tokens.get(end_of_item(tokens, at).saturating_sub(1)).map_or(token.line, |t| t.line);
                        scan.inline_tests.push((token.line, last - token.line + 1));
                    }
                    braces.push(true);
                    module = path;
                } else if in_test {
                    scan.test_modules.push(path);
                }
                at += 3;
                continue;
            } else if token.is("unsafe") {
                // The name under which a linker finds a function is no block of code.
                let names_a_symbol = module.first().is_some_and(|top| top == "capi")
                    && tokens.get(at + 1).is_some_and(|t| t.is("("))
                    && tokens.get(at + 2).is_some_and(|t| t.is("no_mangle"));
                if !names_a_symbol {
                    scan.unsafe_lines.push(token.line);
                }
            } else if token.is("use") && !tokens.get(at + 1).is_some_and(|t| t.is("<")) {
                let mut flat = Vec::new();
                at = flatten(tokens, at + 1, &[], &mut flat);
                scan.paths.extend(flat.into_iter().map(|segments| named(&module, segments, in_test, token.line)));
                continue;
            } else if token.is("extern")
                && tokens.get(at + 1).is_some_and(|t| t.is("crate"))
                && is_ident(tokens, at + 2)
            {
                let segments = vec![tokens[at + 2].text.clone()];
                // `alloc` and `core` are the language's own.
                scan.paths.push(Named { segments, is_foreign: true, in_test, line: token.line });
                at += 3;
                continue;
            } else if starts_path(tokens, at) {
                let mut segments = Vec::new();
                let line = token.line;
                at = straight(tokens, at, &mut segments);
                scan.paths.push(named(&module, segments, in_test, line));
                continue;
            }
            at += 1;
        }
        scan
    }
}

fn is_ident(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.kind == Kind::Ident)
}

/// `a` of `a::b` or `::a::b`, but not `b` of `<A>::b::c`.
fn starts_path(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at));
    let goes_on =
        before(1).is_some_and(|t| t.is("::")) && before(2).is_some_and(|t| t.kind == Kind::Ident || t.is(">"));
    is_ident(tokens, at) && tokens.get(at + 1).is_some_and(|t| t.is("::")) && !goes_on
}

/// Makes a written path absolute. A first segment that is none of `crate`, `self`, `super` is another crate's name or a local one;
/// the doors decide which by name.
fn named(module: &[String], mut segments: Vec<String>, in_test: bool, line: usize) -> Named {
    let mut base: Option<Vec<String>> = None;
    while let Some(first) = segments.first() {
        base = match (first.as_str(), base) {
            ("crate", None) => Some(Vec::new()),
            ("self", None) => Some(module.to_vec()),
            ("super", None) => Some(parent(module)),
            ("super", Some(above)) => Some(parent(&above)),
            ("self", Some(here)) => Some(here),
            (_, base) => {
                let is_foreign = base.is_none();
                let segments = base.unwrap_or_default().into_iter().chain(segments).collect();
                return Named { segments, is_foreign, in_test, line };
            }
        };
        segments.remove(0);
    }
    Named { segments: base.unwrap_or_default(), is_foreign: false, in_test, line }
}

fn parent(module: &[String]) -> Vec<String> {
    module.split_last().map_or(Vec::new(), |(_, above)| above.to_vec())
}

/// Reads one use tree from `at`; returns the place behind it.
fn flatten(tokens: &[Token], mut at: usize, prefix: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        if token.is("::") {
            at += 1;
        } else if token.is("{") {
            at += 1;
            while tokens.get(at).is_some_and(|t| !t.is("}")) {
                at = flatten(tokens, at, &path, out);
                if tokens.get(at).is_some_and(|t| t.is(",")) {
                    at += 1;
                }
            }
            return at + 1;
        } else if token.is("as") {
            at += 2;
        } else if token.is("*") || token.kind == Kind::Ident {
            path.push(token.text.clone());
            at += 1;
        } else {
            break;
        }
    }
    out.push(path);
    // Never stand still, whatever the text is.
    if tokens.get(at).is_some_and(|t| t.is(",") || t.is("}")) { at } else { at + 1 }
}

/// Reads `a::b::c` from `at`; returns the place behind it.
fn straight(tokens: &[Token], mut at: usize, segments: &mut Vec<String>) -> usize {
    segments.push(tokens[at].text.clone());
    at += 1;
    while tokens.get(at).is_some_and(|t| t.is("::")) && is_ident(tokens, at + 1) {
        segments.push(tokens[at + 1].text.clone());
        at += 2;
    }
    at
}

/// The place behind `#[cfg(test)]` or `#[cfg(all(test, …))]`, if one stands at `at`.
fn test_attribute(tokens: &[Token], at: usize) -> Option<usize> {
    let opens = |n: usize, text: &str| tokens.get(at + n).is_some_and(|t| t.is(text));
    (opens(0, "#") && opens(1, "[") && says_test(tokens, at + 2)).then(|| matching(tokens, at + 1))
}

fn has_inner_test_attribute(tokens: &[Token]) -> bool {
    tokens.windows(3).enumerate().any(|(n, w)| w[0].is("#") && w[1].is("!") && w[2].is("[") && says_test(tokens, n + 3))
}

/// `cfg(test)`, or `test` as a direct part of `cfg(all(…))`.
fn says_test(tokens: &[Token], at: usize) -> bool {
    let word = |n: usize, text: &str| tokens.get(at + n).is_some_and(|t| t.is(text));
    if !(word(0, "cfg") && word(1, "(")) {
        return false;
    }
    if word(2, "test") && word(3, ")") {
        return true;
    }
    if !(word(2, "all") && word(3, "(")) {
        return false;
    }
    let mut depth = 0usize;
    for token in &tokens[at + 3..matching(tokens, at + 3)] {
        match token.text.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "test" if depth == 1 => return true,
            _ => {}
        }
    }
    false
}

/// The place behind the bracket that closes the one at `open`.
fn matching(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0usize;
    for (n, token) in tokens.iter().enumerate().skip(open) {
        if token.is("(") || token.is("[") || token.is("{") {
            depth += 1;
        } else if token.is(")") || token.is("]") || token.is("}") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return n + 1;
            }
        }
    }
    tokens.len()
}

/// Words that begin an item or a statement: it ends with its `;` or closing brace. Anything else (a field, a variant, an arm) ends
/// with its comma.
const ITEM: &[&str] = &[
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "unsafe",
    "use",
];

/// The place behind the item that starts at `at`, its attributes included.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    while tokens.get(at).is_some_and(|t| t.is("#")) {
        at = matching(tokens, at + 1);
    }
    let is_item = tokens.get(at).is_some_and(|t| ITEM.contains(&t.text.as_str()));
    while let Some(token) = tokens.get(at) {
        if token.is("}") || token.is(")") || token.is("]") {
            break;
        }
        if token.is("{") && is_item {
            return matching(tokens, at);
        }
        if token.is("{") || token.is("(") || token.is("[") {
            at = matching(tokens, at);
            continue;
        }
        at += 1;
        if token.is(";") || (token.is(",") && !is_item) {
            break;
        }
    }
    at
}
