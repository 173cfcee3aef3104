//! Answers questions as JSON lines, so that any outside suite can be run against the code that verifies:
//! `cargo run --example harness`, one question a line on standard input, one answer a line on standard output.
//!
//! | question | asks |
//! |---|---|
//! | `{"op":"verify-sig","alg":"Ed25519","key":hex,"msg":hex,"sig":hex}` | a bare signature |
//! | `{"op":"cbor-check","hex":hex}` | is this exactly one item in the canonical encoding? |
//! | `{"op":"verify-path","chain":[hex],"anchors":[hex],"time":unix or null,"eku":oid or null,"max_length":n}` | a path of certificates, the end entity first; without `eku` held to RFC 5280, with one of ours to our profile; `max_length` (default 3) counts both ends |
//! | `{"op":"verify-sign1","hex":hex,"key":hex}` | a COSE_Sign1 with any `typ`, by a key of 32 bytes or a SubjectPublicKeyInfo |
//! | `{"op":"status","hex":hex,"index":n,"key":hex}` | a status list, checked whole, and what it says of a position; `key` may be absent, and then nobody has said that the list is genuine |
//! | `{"op":"decode-text","text":text}` | the text of a code or block |
//! | `{"op":"id","kind":"uscc" or "citizen" or "license","text":text}` | an identifier's shape and check character |
//!
//! An answer is `{"ok":true,…}` or `{"ok":false,"reason":symbol,"message":text,…}`. The symbols are those of `zhengyin explain`; those
//! of identifiers begin with `id.`, and a question that cannot be asked is answered with one that begins with `caller.`. No line ends
//! the program but the last.

#![allow(clippy::print_stdout, reason = "the answers")]

#[cfg(test)]
#[path = "harness/tests.rs"]
mod tests;

use std::fmt::Display;
use std::io::{self, BufRead as _, Write as _};

use serde_json::{Map, Value, json};
use zhengyin::carrier;
use zhengyin::cbor;
use zhengyin::claims::id::{
    CitizenId, CitizenIdCheckError, CreditCode, CreditCodeCheckError, LicenseIdentifier, LicenseIdentifierError,
    ShapeError,
};
use zhengyin::envelope::{Envelope, Expected};
use zhengyin::limits::{Budget, Limits};
use zhengyin::reason::Reason;
use zhengyin::status::{Standing, StatusList};
use zhengyin::suite::{KeyError, PublicKey};
use zhengyin::time::Timestamp;
use zhengyin::x509::{Certificate, CertificateError, PathQuestion, Use, build_path};

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            writeln!(output, "{}", answer(&line))?;
            output.flush()?;
        }
        line.clear();
    }
    Ok(())
}

/// What is added to `"ok":true`.
type Facts = Map<String, Value>;

/// Why the answer is no, or why there is none.
struct No {
    reason: &'static str,
    message: String,
    facts: Facts,
}

impl No {
    fn new(reason: &'static str, message: impl Display) -> Self {
        Self { reason, message: message.to_string(), facts: Facts::new() }
    }

    fn because(reason: Reason, message: impl Display) -> Self {
        Self::new(reason.symbol(), message)
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.into(), value.into());
        self
    }
}

/// The answer to one line.
fn answer(line: &[u8]) -> Value {
    let answered = serde_json::from_slice::<Value>(line)
        .map_err(|error| No::new("caller.json", error))
        .and_then(|question| ask(&Question(question)));
    match answered {
        Ok(mut facts) => {
            facts.insert("ok".into(), true.into());
            Value::Object(facts)
        }
        Err(No { reason, message, mut facts }) => {
            facts.insert("ok".into(), false.into());
            facts.insert("reason".into(), reason.into());
            facts.insert("message".into(), message.into());
            Value::Object(facts)
        }
    }
}

fn ask(question: &Question) -> Result<Facts, No> {
    match question.text("op")? {
        "verify-sig" => verify_sig(question),
        "cbor-check" => cbor_check(question),
        "verify-path" => verify_path(question),
        "verify-sign1" => verify_sign1(question),
        "status" => status(question),
        "decode-text" => decode_text(question),
        "id" => id(question),
        other => Err(No::new("caller.op", format!("no operation {other:?}"))),
    }
}

/// A question, and what may be wrong with its fields.
struct Question(Value);

impl Question {
    fn field(&self, name: &str) -> Result<&Value, No> {
        self.0.get(name).ok_or_else(|| No::new("caller.field", format!("no field {name:?}")))
    }

    /// A field that may be absent or null.
    fn optional(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<&str, No> {
        self.field(name)?.as_str().ok_or_else(|| wrong(name, "is not a text"))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, No> {
        unhex(self.field(name)?).ok_or_else(|| wrong(name, "is not hexadecimal"))
    }

    fn list(&self, name: &str) -> Result<Vec<Vec<u8>>, No> {
        let values = self.field(name)?.as_array().ok_or_else(|| wrong(name, "is not a list"))?;
        values.iter().map(unhex).collect::<Option<_>>().ok_or_else(|| wrong(name, "is not a list of hexadecimal texts"))
    }
}

fn wrong(name: &str, what: &str) -> No {
    No::new("caller.field", format!("{name:?} {what}"))
}

fn unhex(value: &Value) -> Option<Vec<u8>> {
    let digits = value.as_str()?.as_bytes();
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|nibble| u8::try_from(nibble).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then_some(())?;
    pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A key of 32 bytes, or a SubjectPublicKeyInfo.
fn key(bytes: &[u8]) -> Result<PublicKey, No> {
    let key = match bytes.try_into() {
        Ok(bytes) => PublicKey::ed25519(bytes),
        Err(_) if bytes.starts_with(&[0x30]) => PublicKey::from_spki(bytes),
        Err(_) => Err(KeyError::Malformed),
    };
    key.map_err(|error| No::because(error.reason(), error))
}

fn verify_sig(question: &Question) -> Result<Facts, No> {
    let algorithm = question.text("alg")?;
    if algorithm != "Ed25519" {
        return Err(No::because(Reason::EncodingAlgorithmUnknown, format!("no algorithm {algorithm:?}")));
    }
    let (key, message, signature) = (key(&question.bytes("key")?)?, question.bytes("msg")?, question.bytes("sig")?);
    key.verify(&[&message], &signature).map_err(|error| No::because(Reason::SignatureBad, error))?;
    Ok(Facts::new())
}

fn cbor_check(question: &Question) -> Result<Facts, No> {
    cbor::check(&question.bytes("hex")?).map_err(|error| No::because(error.reason(), error).with("at", error.at))?;
    Ok(Facts::new())
}

fn verify_path(question: &Question) -> Result<Facts, No> {
    let (chain, anchors) = (question.list("chain")?, question.list("anchors")?);
    let at = match question.optional("time") {
        None => None,
        Some(time) => {
            let time = time.as_i64().and_then(Timestamp::new);
            Some(time.ok_or_else(|| wrong("time", "is not a number of seconds since 1970"))?)
        }
    };
    let purpose = match question.optional("eku") {
        None => None,
        Some(oid) => {
            let purpose = oid.as_str().and_then(Use::from_dotted);
            Some(purpose.ok_or_else(|| wrong("eku", "is not one of our extended key usages"))?)
        }
    };
    let limits = match question.optional("max_length") {
        None => Limits::STANDARD,
        Some(length) => {
            let length = length.as_u64().and_then(|length| u8::try_from(length).ok());
            Limits::STANDARD.with_path_length(length.ok_or_else(|| wrong("max_length", "is not from 0 to 255"))?)
        }
    };
    let (leaf, issuers) = chain.split_first().ok_or_else(|| wrong("chain", "is empty"))?;
    let leaf = Certificate::parse(leaf).map_err(|error| No::because(error.reason(), error).with("certificate", 0))?;
    let (intermediates, trusted) = (read(issuers), read(&anchors));
    let asked = PathQuestion { purpose, at, limits };
    let path = build_path(&leaf, &intermediates.good, &trusted.good, asked, &mut Budget::new(limits));
    let path = path.map_err(|error| match intermediates.unread.or(trusted.unread) {
        Some(unread) => No::because(unread.reason(), unread),
        None => No::because(error.reason(), error),
    })?;
    let mut facts = Facts::new();
    facts.insert("length".into(), path.certificates().len().into());
    facts.insert("anchor".into(), trusted.places.get(path.anchor_index()).copied().into());
    Ok(facts)
}

/// Certificates of which some cannot be read: those hide no path, and the first of them is named if there is none.
struct Pool<'a> {
    good: Vec<Certificate<'a>>,
    /// Where the good ones stood.
    places: Vec<usize>,
    unread: Option<CertificateError>,
}

fn read(certificates: &[Vec<u8>]) -> Pool<'_> {
    let mut pool = Pool { good: Vec::new(), places: Vec::new(), unread: None };
    for (place, certificate) in certificates.iter().enumerate() {
        match Certificate::parse(certificate) {
            Ok(certificate) => {
                pool.good.push(certificate);
                pool.places.push(place);
            }
            Err(error) => pool.unread = pool.unread.or(Some(error)),
        }
    }
    pool
}

fn verify_sign1(question: &Question) -> Result<Facts, No> {
    let bytes = question.bytes("hex")?;
    let key = key(&question.bytes("key")?)?;
    let envelope = Envelope::parse(&bytes, Expected::Anything).map_err(|error| No::because(error.reason(), error))?;
    envelope.verify(&key).map_err(|error| No::because(Reason::SignatureBad, error))?;
    let mut facts = Facts::new();
    facts.insert("typ".into(), envelope.object_type().map(|object| object.typ()).into());
    facts.insert("kid".into(), envelope.key_id().to_string().into());
    facts.insert("payload".into(), hex(envelope.claimed_payload()).into());
    facts.insert("object_digest".into(), hex(envelope.object_digest().as_bytes()).into());
    Ok(facts)
}

fn status(question: &Question) -> Result<Facts, No> {
    let bytes = question.bytes("hex")?;
    let index = question.field("index")?.as_u64().ok_or_else(|| wrong("index", "is not a position"))?;
    let list = StatusList::parse(&bytes).map_err(|error| No::because(error.reason(), error))?;
    if question.optional("key").is_some() {
        let signed = list.envelope().verify(&key(&question.bytes("key")?)?);
        signed.map_err(|error| No::because(Reason::SignatureBad, error))?;
    }
    let body = list.verify_body().and_then(|()| list.check_body());
    let standing = body.and_then(|()| list.claimed_body().standing(index));
    match standing.map_err(|error| No::because(error.reason(), error))? {
        Standing::OutOfRange => Err(No::because(Reason::StatusOutOfRange, "the list is shorter than that")),
        Standing::State(state) => match state.reason() {
            None => Ok(Facts::from_iter([("state".into(), state.number().into())])),
            Some(reason) => Err(No::because(reason, format!("{state:?}")).with("state", state.number())),
        },
    }
}

fn decode_text(question: &Question) -> Result<Facts, No> {
    let decoded = carrier::decode(question.text("text")?).map_err(|error| {
        let no = No::because(error.reason(), error);
        match error {
            carrier::Error::NotOurs(foreign) => no.with("foreign", foreign.symbol()),
            _ => no,
        }
    })?;
    let (carrier, label) = match decoded.carrier {
        carrier::Carrier::Digits => ("digits", None),
        carrier::Carrier::Base45 => ("base45", None),
        carrier::Carrier::Block(label) => ("block", Some(label.words())),
        _ => ("other", None),
    };
    let mut facts = Facts::new();
    facts.insert("hex".into(), hex(&decoded.bytes).into());
    facts.insert("carrier".into(), carrier.into());
    facts.insert("label".into(), label.into());
    facts.insert("form".into(), decoded.form.number().into());
    facts.insert("repaired".into(), decoded.repaired.iter().map(carrier::Repair::symbol).collect());
    Ok(facts)
}

fn id(question: &Question) -> Result<Facts, No> {
    let text = question.text("text")?;
    match question.text("kind")? {
        "uscc" => credit_code(text),
        "citizen" => citizen_id(text),
        "license" => license_id(text),
        kind => Err(wrong("kind", &format!("is {kind:?}, not \"uscc\", \"citizen\" or \"license\""))),
    }
}

fn shape(error: ShapeError) -> No {
    match error {
        ShapeError::Length { .. } => No::new("id.length", error),
        ShapeError::Character { at } => No::new("id.character", error).with("at", at),
    }
}

fn credit_code(text: &str) -> Result<Facts, No> {
    let code = CreditCode::parse(text).map_err(shape)?;
    // GB 11714 is another standard than GB 32100: what it says is told and decides nothing.
    let organisation = code.check_organisation().is_ok();
    code.check().map_err(|error| {
        let symbol = match error {
            CreditCodeCheckError::Letter { .. } | CreditCodeCheckError::Region { .. } => "id.character",
            CreditCodeCheckError::CheckCharacter { .. } => "id.check",
        };
        No::new(symbol, error).with("organisation_check", organisation)
    })?;
    Ok(Facts::from_iter([("organisation_check".into(), organisation.into())]))
}

fn citizen_id(text: &str) -> Result<Facts, No> {
    let id = CitizenId::parse(text).map_err(shape)?;
    id.check().map_err(|error| {
        let symbol = match error {
            CitizenIdCheckError::DayOfBirth => "id.birth",
            CitizenIdCheckError::CheckCharacter { .. } => "id.check",
        };
        No::new(symbol, error)
    })?;
    Ok(Facts::from_iter([("masked".into(), id.is_masked().into())]))
}

fn license_id(text: &str) -> Result<Facts, No> {
    let id = LicenseIdentifier::parse(text).map_err(|error| match error {
        LicenseIdentifierError::Root => No::new("id.root", error),
        LicenseIdentifierError::Parts { .. } => No::new("id.parts", error),
        LicenseIdentifierError::Part { part, error } => shape(error).with("part", format!("{part:?}")),
    })?;
    id.check().map_err(|error| No::new("id.check", error))?;
    let parts = json!({
        "type": id.type_code().as_str(), "authority": id.authority(), "serial": id.serial(), "version": id.version(),
    });
    Ok(Facts::from_iter([("parts".into(), parts)]))
}
