//! An authority's seat: a key for one use, its certificate under a province's root, and what the directory is to say of it.

use super::existing::Existing;
use super::mandate;
use super::province::Root;
use super::words::{explain_certificate, explain_mandate, use_from_word, use_word};
use crate::files::{self, Access, Piece};
use crate::home::Home;
use crate::keyed::{self, code, text};
use crate::keys::{self, Kept};
use crate::output::{Failure, Say, say};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, RegionPrefix};
use zhengyin::issue::Signer;
use zhengyin::issue::certificate::{CertificateRequest, IssuedBy, Role, Subject, issue};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::suite::PublicKey;
use zhengyin::time::Period;
use zhengyin::trust::{Mandate, Profile};
use zhengyin::x509::{Certificate, Use};

/// What a directory entry says, but for the times.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SeatFacts {
    pub(crate) authority: CreditCode,
    pub(crate) name: String,
    pub(crate) province: RegionPrefix,
    pub(crate) purpose: Use,
    pub(crate) mandate: Mandate,
    /// By which rules its certificate is held good. A seat that is made has that of its certificate, whatever stands here.
    pub(crate) profile: Profile,
}

/// What the facts of a seat say of a certificate that an existing authority issued; of ours they say nothing.
const ADMITTED: &str = "admitted";

impl SeatFacts {
    fn to_json(&self) -> Value {
        let mut facts = json!({
            "authority": self.authority.as_str(), "name": self.name, "province": self.province.as_str(),
            "use": use_word(self.purpose), "mandate": mandate::to_json(&self.mandate),
        });
        if let (Profile::Admitted, Some(map)) = (self.profile, facts.as_object_mut()) {
            map.insert("profile".to_owned(), ADMITTED.into());
        }
        facts
    }

    fn from_json(json: &[u8]) -> Result<Self, Say> {
        let mut keys = keyed::object(json)?;
        let read_use = |value, key: &str| {
            let word = text(value, key)?;
            use_from_word(&word).ok_or_else(|| say!("{key}：未知的用途 {word}", "{key}: there is no use {word}"))
        };
        let read_profile = |value, key: &str| match text(value, key)?.as_str() {
            ADMITTED => Ok(Profile::Admitted),
            other => Err(say!("{key}：未知的证书类别 {other}", "{key}: there is no profile {other}")),
        };
        let facts = Self {
            authority: keys.required("authority", |value, key| code(value, key, CreditCode::parse))?,
            name: keys.required("name", text)?,
            province: keys.required("province", |value, key| code(value, key, RegionPrefix::parse))?,
            purpose: keys.required("use", read_use)?,
            mandate: keys.required("mandate", mandate::from_json)?,
            profile: keys.optional("profile", read_profile)?.unwrap_or(Profile::Ours),
        };
        keys.finish()?;
        Ok(facts)
    }
}

/// A seat in its folder.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) facts: SeatFacts,
    /// DER.
    pub(crate) certificate: Vec<u8>,
    folder: PathBuf,
}

impl Seat {
    /// An authority's seat for a use, or what to do where there is none.
    pub(crate) fn demand(home: &Home, authority: CreditCode, purpose: Use) -> Result<Self, Failure> {
        let folder = folder(home, authority, purpose);
        if !files::is_there(&folder) {
            let (shown, word) = (authority.as_str(), use_word(purpose));
            let what =
                say!("这里没有机构 {shown} 用途为 {word} 的密钥", "there is no key of {shown} for `{word}` here");
            return Err(Failure::new(what).next(home.command(&format!("authority enrol {shown} --use {word} --help"))));
        }
        Self::read(&folder)
    }

    fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("entry.json");
        let shown = path.display();
        let facts = SeatFacts::from_json(&files::read(&path, MAX_OBJECT)?)
            .map_err(|why| Failure::new(say!("无法使用 {shown}", "{shown} cannot be used")).because(why))?;
        let certificate = files::read(&folder.join("certificate.der"), MAX_OBJECT)?;
        let seat = Self { facts, certificate, folder: folder.to_path_buf() };
        seat.public_key()?;
        Ok(seat)
    }

    /// Every seat in this home, by authority.
    pub(crate) fn all(home: &Home) -> Result<Vec<Self>, Failure> {
        let mut seats = Vec::new();
        for authority in files::list(&home.authorities())?.iter().filter(|folder| files::is_named(folder)) {
            for folder in files::list(authority)? {
                let is_seat =
                    folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| use_from_word(name).is_some());
                if is_seat {
                    seats.push(Self::read(&folder)?);
                }
            }
        }
        Ok(seats)
    }

    pub(crate) fn key_path(&self) -> PathBuf {
        keys::path_in(&self.folder, "key")
    }

    pub(crate) fn parsed(&self) -> Result<Certificate<'_>, Failure> {
        let shown = self.folder.join("certificate.der");
        let shown = shown.display();
        Certificate::parse(&self.certificate).map_err(|error| {
            Failure::new(say!("无法使用证书 {shown}", "the certificate {shown} cannot be used"))
                .because(say!("{error}", "{error}"))
        })
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey, Failure> {
        self.parsed().map(|certificate| certificate.public_key().clone())
    }

    /// Looks whether a key that was loaded is the one that the certificate speaks of.
    pub(crate) fn check_key(&self, key: &dyn Signer) -> Result<(), Failure> {
        if self.public_key()? == *key.public_key() {
            return Ok(());
        }
        let shown = self.key_path();
        let shown = shown.display();
        Err(Failure::new(say!(
            "密钥 {shown} 与同处的证书不符",
            "the key {shown} is not the one of the certificate beside it"
        )))
    }
}

fn folder(home: &Home, authority: CreditCode, purpose: Use) -> PathBuf {
    home.authority(authority).join(use_word(purpose))
}

/// The root may give a seat what is asked for, and nothing of it stands there yet.
pub(crate) fn check(home: &Home, root: &Root, facts: &SeatFacts) -> Result<(), Failure> {
    check_grant(root, facts)?;
    files::check_absent(&folder(home, facts.authority, facts.purpose))
        .map_err(|failure| failure.next(home.command(&format!("authority show {}", facts.authority.as_str()))))
}

/// The root may give a seat what is asked for.
fn check_grant(root: &Root, facts: &SeatFacts) -> Result<(), Failure> {
    let (shown, word) = (facts.authority.as_str(), use_word(facts.purpose));
    let refused = || Failure::new(say!("不能为 {shown} 登记用途 {word}", "{shown} cannot be enrolled for `{word}`"));
    if facts.purpose == Use::Directory {
        return Err(refused().because(say!("目录由省的根签署", "directories are signed by the province's root")));
    }
    facts
        .authority
        .check()
        .map_err(|error| refused().because(say!("统一社会信用代码：{error}", "credit code: {error}")))?;
    if !root.facts.uses.contains(&facts.purpose) {
        return Err(refused().because(say!("省的根没有这一用途", "the province's root has no such use")));
    }
    root.facts.mandate.check_contains(&facts.mandate).map_err(|fault| refused().because(explain_mandate(fault)))
}

/// Where the certificate of a seat comes from.
#[derive(Clone, Copy)]
pub(crate) enum Certifier<'c> {
    /// The root issues it, to hold for this time.
    Root(&'c dyn Signer, Period),
    /// An existing authority issued it: it stands in the directory as admitted, and nobody issues another.
    Existing(&'c Existing),
}

impl Certifier<'_> {
    const fn profile(self) -> Profile {
        match self {
            Self::Root(..) => Profile::Ours,
            Self::Existing(_) => Profile::Admitted,
        }
    }

    /// How long the certificate holds.
    pub(crate) const fn validity(self) -> Period {
        match self {
            Self::Root(_, validity) => validity,
            Self::Existing(existing) => existing.validity(),
        }
    }

    fn certificate(self, root: &Root, facts: &SeatFacts, key: &dyn Signer) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Root(signer, validity) => certify((root, signer), facts, key, validity),
            Self::Existing(existing) => {
                existing.check_key(key)?;
                Ok(existing.der().to_vec())
            }
        }
    }
}

/// Enrols a seat: its folder with the key, the certificate and the facts appears whole. It signs from the next directory on.
pub(crate) fn enrol(
    home: &Home,
    (root, certifier): (&Root, Certifier<'_>),
    facts: SeatFacts,
    (key, kept): (&dyn Signer, Kept<'_>),
) -> Result<Seat, Failure> {
    check(home, root, &facts)?;
    let folder = folder(home, facts.authority, facts.purpose);
    home.make_within(&home.authority(facts.authority))?;
    furnish(folder, (root, certifier), facts, (key, kept))
}

/// A certificate of our profile, by the root.
fn certify(
    (root, signer): (&Root, &dyn Signer),
    facts: &SeatFacts,
    key: &dyn Signer,
    validity: Period,
) -> Result<Vec<u8>, Failure> {
    let issuer = root.parsed()?;
    let common_name = format!("{} {}", facts.name, use_word(facts.purpose));
    let request = CertificateRequest {
        subject: Subject {
            province: &root.facts.name_zh,
            organization: &facts.name,
            common_name: &common_name,
            credit_code: facts.authority.as_str(),
        },
        public_key: key.public_key(),
        role: Role::EndEntity(facts.purpose),
        serial: crate::secrets::random()?,
        validity,
    };
    issue(&request, IssuedBy::Certificate(&issuer), signer).map_err(|error| {
        let shown = facts.authority.as_str();
        Failure::new(say!("无法为 {shown} 签发证书", "no certificate can be issued for {shown}"))
            .because(explain_certificate(error))
    })
}

/// Makes the folder of a seat, whole.
fn furnish(
    folder: PathBuf,
    (root, certifier): (&Root, Certifier<'_>),
    facts: SeatFacts,
    (key, kept): (&dyn Signer, Kept<'_>),
) -> Result<Seat, Failure> {
    let certificate = certifier.certificate(root, &facts, key)?;
    let facts = SeatFacts { profile: certifier.profile(), ..facts };
    let described = format!("{:#}\n", facts.to_json());
    let pieces = [
        Piece { name: &format!("key.{}", kept.extension()), bytes: kept.bytes(), access: Access::Private },
        Piece { name: "certificate.der", bytes: &certificate, access: Access::Shared },
        Piece { name: "entry.json", bytes: described.as_bytes(), access: Access::Shared },
    ];
    files::create_folder(&folder, &pieces)?;
    Ok(Seat { facts, certificate, folder })
}

/// A seat whose key is being exchanged: the new one stands beside it until the register knows of it, then in its place. Whatever stops the
/// work, it goes on from there.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    place: PathBuf,
    /// The seat as it was; none if it was put aside already.
    pub(crate) before: Option<Seat>,
    /// The seat with the new key, if that was made already.
    pub(crate) next: Option<Seat>,
}

impl Exchange {
    /// Looks how far it is.
    pub(crate) fn look(home: &Home, authority: CreditCode, purpose: Use) -> Result<Self, Failure> {
        let place = folder(home, authority, purpose);
        let next = place.with_extension("next");
        let next = if files::is_there(&next) { Some(Seat::read(&next)?) } else { None };
        let before = match next {
            Some(_) if !files::is_there(&place) => None,
            _ => Some(Seat::demand(home, authority, purpose)?),
        };
        Ok(Self { place, before, next })
    }

    /// Makes the seat with the new key, with the facts of the one before.
    pub(crate) fn prepare(
        &mut self,
        (root, certifier): (&Root, Certifier<'_>),
        facts: SeatFacts,
        (key, kept): (&dyn Signer, Kept<'_>),
    ) -> Result<(), Failure> {
        check_grant(root, &facts)?;
        self.next = Some(furnish(self.place.with_extension("next"), (root, certifier), facts, (key, kept))?);
        Ok(())
    }

    /// Puts the old seat aside and the new one in its place; where the old one is now, if it was not put aside before.
    pub(crate) fn finish(&self) -> Result<Option<PathBuf>, Failure> {
        let aside = match &self.before {
            Some(before) => {
                let aside = self.place.with_extension(format!("retired-{}", before.public_key()?.key_id()));
                files::rename_folder(&self.place, &aside)?;
                Some(aside)
            }
            None => None,
        };
        files::rename_folder(&self.place.with_extension("next"), &self.place)?;
        Ok(aside)
    }
}
