//! Rust text as tokens, without comments and with every literal as one opaque token: enough that neither can be mistaken for code.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Ident,
    Punct,
    Literal,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is(&self, text: &str) -> bool {
        self.kind != Kind::Literal && self.text == text
    }
}

pub(crate) fn lex(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token() {
        tokens.push(token);
    }
    tokens
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    line: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn done(&self) -> bool {
        self.at >= self.chars.len()
    }

    fn bump(&mut self) {
        if self.peek(0) == '\n' {
            self.line += 1;
        }
        self.at += 1;
    }

    fn next_token(&mut self) -> Option<Token> {
        self.skip_blank();
        if self.done() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        let kind = self.one();
        let text = match kind {
            Kind::Literal => String::new(),
            Kind::Ident | Kind::Punct => self.chars[start..self.at].iter().collect(),
        };
        Some(Token { kind, text: text.trim_start_matches("r#").to_owned(), line })
    }

    /// Spaces and comments; block comments nest.
    fn skip_blank(&mut self) {
        while !self.done() {
            match (self.peek(0), self.peek(1)) {
                (c, _) if c.is_whitespace() => self.bump(),
                ('/', '/') => {
                    while !self.done() && self.peek(0) != '\n' {
                        self.bump();
                    }
                }
                ('/', '*') => {
                    let mut depth = 0usize;
                    while !self.done() {
                        match (self.peek(0), self.peek(1)) {
                            ('/', '*') => depth += 1,
                            ('*', '/') => depth -= 1,
                            _ => {
                                self.bump();
                                continue;
                            }
                        }
                        self.bump();
                        self.bump();
                        if depth == 0 {
                            break;
                        }
                    }
                }
                _ => return,
            }
        }
    }

    fn one(&mut self) -> Kind {
        let first = self.peek(0);
        if first == '"' {
            self.quoted('"');
            return Kind::Literal;
        }
        if first == '\'' {
            return self.char_or_lifetime();
        }
        if first.is_alphabetic() || first == '_' {
            return self.word();
        }
        if first.is_ascii_digit() {
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.bump();
            }
            return Kind::Literal;
        }
        self.bump();
        if first == ':' && self.peek(0) == ':' {
            self.bump();
        }
        Kind::Punct
    }

    /// An identifier, or the prefix of a string: `b"…"`, `r#"…"#`, `br"…"`, `c"…"`, `b'…'`; `r#name` is an identifier.
    fn word(&mut self) -> Kind {
        let start = self.at;
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.bump();
        }
        let prefix: String = self.chars[start..self.at].iter().collect();
        match (prefix.as_str(), self.peek(0)) {
            ("b" | "c", '"') => self.quoted('"'),
            ("b", '\'') => self.quoted('\''),
            ("r" | "br" | "cr", '"') => self.raw(0),
            ("r" | "br" | "cr", '#') => {
                let hashes = (0..).take_while(|n| self.peek(*n) == '#').count();
                if self.peek(hashes) == '"' {
                    self.raw(hashes);
                } else {
                    self.bump();
                    self.word();
                    return Kind::Ident;
                }
            }
            _ => return Kind::Ident,
        }
        Kind::Literal
    }

    fn quoted(&mut self, quote: char) {
        self.bump();
        while !self.done() && self.peek(0) != quote {
            if self.peek(0) == '\\' {
                self.bump();
            }
            self.bump();
        }
        self.bump();
    }

    fn raw(&mut self, hashes: usize) {
        (0..=hashes).for_each(|_| self.bump());
        let closes = |lexer: &Self| lexer.peek(0) == '"' && (1..=hashes).all(|n| lexer.peek(n) == '#');
        while !self.done() && !closes(self) {
            self.bump();
        }
        (0..=hashes).for_each(|_| self.bump());
    }

    fn char_or_lifetime(&mut self) -> Kind {
        if self.peek(1) == '\\' || self.peek(2) == '\'' {
            self.quoted('\'');
        } else {
            self.bump();
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.bump();
            }
        }
        Kind::Literal
    }
}
