//! A province's root: its key, its certificate, and what the trust list is to say of the province.

use super::mandate;
use super::words::{explain_certificate, use_from_word, use_word};
use crate::files::{self, Access, Piece};
use crate::home::Home;
use crate::keyed::{self, Keys, boolean, code, list, text};
use crate::keys::{self, Kept};
use crate::output::{Failure, Say, say};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, RegionPrefix};
use zhengyin::issue::Signer;
use zhengyin::issue::certificate::{CertificateRequest, IssuedBy, Role, Subject, issue};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::time::Period;
use zhengyin::trust::{Contact, Mandate, Names};
use zhengyin::x509::{Certificate, Use};

/// One more issuer may stand between the root and those who sign.
const PATH_LENGTH: u8 = 1;

/// What the trust list is to say of a province.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ProvinceFacts {
    /// Two digits of GB/T 2260.
    pub(crate) code: RegionPrefix,
    pub(crate) name_zh: String,
    pub(crate) name_en: String,
    /// Who keeps the root.
    pub(crate) keeper: String,
    pub(crate) keeper_code: CreditCode,
    pub(crate) phone: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) test: bool,
    pub(crate) mandate: Mandate,
    pub(crate) uses: Vec<Use>,
}

impl ProvinceFacts {
    pub(crate) fn names(&self) -> Names {
        Names::new(&self.name_zh, &self.name_en)
    }

    pub(crate) fn contact(&self) -> Contact {
        Contact { phone: self.phone.clone(), url: self.url.clone(), names: None }
    }

    fn to_json(&self) -> Value {
        json!({
            "province": self.code.as_str(), "name_zh": self.name_zh, "name_en": self.name_en, "keeper": self.keeper,
            "keeper_code": self.keeper_code.as_str(), "phone": self.phone, "url": self.url, "test": self.test,
            "mandate": mandate::to_json(&self.mandate),
            "uses": self.uses.iter().map(|purpose| use_word(*purpose)).collect::<Value>(),
        })
    }

    fn from_json(json: &[u8]) -> Result<Self, Say> {
        let mut keys = keyed::object(json)?;
        let read_use = |value, key: &str| {
            let word = text(value, key)?;
            use_from_word(&word).ok_or_else(|| say!("{key}：未知的用途 {word}", "{key}: there is no use {word}"))
        };
        let facts = Self {
            code: keys.required("province", |value, key| code(value, key, RegionPrefix::parse))?,
            name_zh: keys.required("name_zh", text)?,
            name_en: keys.required("name_en", text)?,
            keeper: keys.required("keeper", text)?,
            keeper_code: keys.required("keeper_code", |value, key| code(value, key, CreditCode::parse))?,
            phone: optional_text(&mut keys, "phone")?,
            url: optional_text(&mut keys, "url")?,
            test: keys.required("test", boolean)?,
            mandate: keys.required("mandate", mandate::from_json)?,
            uses: keys.required("uses", |value, key| list(value, key, read_use))?,
        };
        keys.finish()?;
        Ok(facts)
    }
}

/// A text, or null.
fn optional_text(keys: &mut Keys, key: &str) -> Result<Option<String>, Say> {
    let read = |value: Value, key: &str| if value.is_null() { Ok(None) } else { text(value, key).map(Some) };
    keys.optional(key, read).map(Option::flatten)
}

/// A root in its folder.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) facts: ProvinceFacts,
    /// DER.
    pub(crate) certificate: Vec<u8>,
    folder: PathBuf,
}

impl Root {
    /// The root of a province in this home, or what to do where there is none.
    pub(crate) fn demand(home: &Home, code: RegionPrefix) -> Result<Self, Failure> {
        let folder = home.province(code);
        let shown = code.as_str();
        if !files::is_there(&folder) {
            return Err(Failure::new(say!("这里没有省份 {shown} 的根", "there is no root of province {shown} here"))
                .next(home.command(&format!("authority init {shown} --help"))));
        }
        Self::read(&folder)
    }

    /// A root's folder, wherever it stands. The key is not looked at.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("province.json");
        let shown = path.display();
        let facts = ProvinceFacts::from_json(&files::read(&path, MAX_OBJECT)?)
            .map_err(|why| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(why))?;
        let certificate = files::read(&folder.join("anchor.der"), MAX_OBJECT)?;
        let root = Self { facts, certificate, folder: folder.to_path_buf() };
        root.parsed()?;
        Ok(root)
    }

    /// Every root in this home, by province.
    pub(crate) fn all(home: &Home) -> Result<Vec<Self>, Failure> {
        let folders = files::list(&home.provinces())?;
        folders.iter().filter(|folder| files::is_named(folder)).map(|folder| Self::read(folder)).collect()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn key_path(&self) -> PathBuf {
        keys::path_in(&self.folder, "root")
    }

    pub(crate) fn parsed(&self) -> Result<Certificate<'_>, Failure> {
        let shown = self.folder.join("anchor.der");
        let shown = shown.display();
        Certificate::parse(&self.certificate).map_err(|error| {
            Failure::new(say!("无法使用证书 {shown}", "the certificate {shown} cannot be used"))
                .because(say!("{error}", "{error}"))
        })
    }
}

/// Founds a province's root: its folder with the key, the certificate and the facts appears whole.
pub(crate) fn found(
    home: &Home,
    facts: ProvinceFacts,
    (key, kept): (&dyn Signer, Kept<'_>),
    validity: Period,
) -> Result<Root, Failure> {
    let shown = facts.code.as_str();
    let certificate = certify(&facts, key, validity)?;
    home.make_within(&home.provinces())?;
    let folder = home.province(facts.code);
    let described = format!("{:#}\n", facts.to_json());
    let pieces = [
        Piece { name: &format!("root.{}", kept.extension()), bytes: kept.bytes(), access: Access::Private },
        Piece { name: "anchor.der", bytes: &certificate, access: Access::Shared },
        Piece { name: "province.json", bytes: described.as_bytes(), access: Access::Shared },
    ];
    files::create_folder(&folder, &pieces)
        .map_err(|failure| failure.next(home.command(&format!("authority show {shown}"))))?;
    Ok(Root { facts, certificate, folder })
}

/// The root's certificate: an anchor that signs certificates and directories.
pub(crate) fn certify(facts: &ProvinceFacts, key: &dyn Signer, validity: Period) -> Result<Vec<u8>, Failure> {
    let common_name = format!("{} 根", facts.name_zh);
    mandate::with_text(&facts.mandate, |mandate| {
        let request = CertificateRequest {
            subject: Subject {
                province: &facts.name_zh,
                organization: &facts.keeper,
                common_name: &common_name,
                credit_code: facts.keeper_code.as_str(),
            },
            public_key: key.public_key(),
            role: Role::Issuer { mandate, path_length: Some(PATH_LENGTH) },
            serial: crate::secrets::random()?,
            validity,
        };
        issue(&request, IssuedBy::Itself, key).map_err(|error| {
            Failure::new(say!("无法签发根证书", "the root's certificate cannot be issued"))
                .because(explain_certificate(error))
        })
    })
}
