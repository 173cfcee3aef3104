//! Seals in the demonstration: makers in two provinces, the seals of two offices, and what is stamped with them.

use super::{ACTOR, Authority, CHANGED, DAY, HOUR, ISSUED, LIST, Province, Stage};
use crate::args::Suites;
use crate::commands::demo::paper::{Paper, Signed, contract, decision, notice, order};
use crate::files::{self, Access};
use crate::office::sealing::{self, Order};
use crate::office::{known, register};
use crate::output::{Failure, say};
use std::path::PathBuf;
use zhengyin::claims::id::{CreditCode, Region};
use zhengyin::claims::{CredentialId, PictureFormat, SealKind, StampFile};
use zhengyin::issue::{SealFacts, StampFacts, Stamped, digest_document_by, stamp};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::register::{Act, Change, Replacing};
use zhengyin::status::State;
use zhengyin::suite::SecretKey;
use zhengyin::time::Timestamp;
use zhengyin::trust::Mandate;
use zhengyin::verify::DocumentHasher;
use zhengyin::x509::Use;

/// Provinces in which seals are made, and the office of each that stamps.
const OFFICES: [(&str, &str); 2] = [("99", "11990100MB0000000P"), ("98", "11980000MB0000000E")];
/// Seats that a province has more if seals are made in it: a maker, its status lists, and who stamps.
pub(super) fn seats_in(province: &str) -> usize {
    if OFFICES.iter().any(|(of, _)| *of == province) { 3 } else { 0 }
}
/// A seal is good for so many days.
const VALID: i64 = 5 * 365 * DAY;
/// Ago: the stamps, and the one that came too late.
const STAMPED: i64 = 5 * DAY;
const LATE: i64 = DAY;

/// A seal of an office.
#[derive(Clone, Copy, Debug)]
pub(in crate::commands::demo) struct Seal {
    /// What its file is called.
    pub(in crate::commands::demo) file: &'static str,
    province: &'static str,
    region: &'static str,
    /// What it is for, if for one thing.
    below: Option<&'static str>,
}

const MARKET: Seal = Seal { file: "market-bureau", province: "99", region: "990100", below: None };
const HEALTH: Seal = Seal { file: "health-commission", province: "98", region: "980000", below: None };
/// The one that is revoked.
const CONTRACTS: Seal =
    Seal { file: "market-bureau-contracts", province: "99", region: "990100", below: Some("合同专用章") };

pub(in crate::commands::demo) const SEALS: [Seal; 3] = [MARKET, HEALTH, CONTRACTS];
pub(in crate::commands::demo) const DECISION: &str = "decision";
pub(in crate::commands::demo) const ALTERED: &str = "decision-altered";
pub(in crate::commands::demo) const CONTRACT: &str = "contract";
pub(in crate::commands::demo) const NOTICE: &str = "notice";
pub(in crate::commands::demo) const PURCHASE: &str = "purchase";
/// What was written over what.
pub(in crate::commands::demo) const AMOUNTS: (&str, &str) = ("伍万元", "伍仟元");

impl Stage {
    /// In two provinces the keeper of the root makes seals, and an office gets a key that stamps.
    pub(super) fn enrol_for_seals(&mut self, enrolled: Timestamp) -> Result<(), Failure> {
        for (at, province) in self.federation.provinces.clone().iter().enumerate() {
            let Ok((maker, office)) = parties(province) else { continue };
            for (authority, purpose) in [(&maker, Use::SealMaker), (&maker, Use::Status), (office, Use::SealSigner)] {
                self.take_seat((at, province), authority, purpose, enrolled)?;
            }
        }
        Ok(())
    }

    fn parties_of(&self, seal: &Seal) -> Result<(Authority, Authority), Failure> {
        let province = self.federation.provinces.iter().find(|province| province.facts.code.as_str() == seal.province);
        let province = province.ok_or_else(|| missing(seal.province))?;
        parties(province).map(|(maker, office)| (maker, office.clone()))
    }

    /// The makers make the seals.
    pub(in crate::commands::demo) fn make_seals(&self, paper: &Paper<'_>) -> Result<(), Failure> {
        files::make_folder(&self.folder.join("seals"), Access::Shared)?;
        let made_at = self.ago(ISSUED.saturating_add(HOUR));
        let store = known::demand(&self.home)?;
        for seal in &SEALS {
            let (maker, office) = self.parties_of(seal)?;
            let (maker_seat, maker_key) = self.seat(maker.code, Use::SealMaker)?;
            let (_, stamping) = self.seat(office.code, Use::SealSigner)?;
            let name = format!("{}{}", office.name, seal.below.unwrap_or("公章"));
            let (picture, millimetres) = paper.seal(&office.name, seal.below)?;
            files::create(&self.seal_path(seal, "svg"), &picture, Access::Shared)?;
            let facts = SealFacts {
                code: sealing::code(&self.home, maker_seat, Region::parse(seal.region).ok(), (office.code, &name))?,
                name,
                kind: SealKind::UNIT,
                owner_name: office.name.clone(),
                owner: office.code,
                picture_format: PictureFormat::Svg,
                picture,
                millimetres,
                signers: vec![stamping.public_key().thumbprint()],
                allowed: Vec::new(),
            };
            let order = Order {
                maker: maker.code,
                facts,
                list: LIST,
                from: Some(made_at),
                until: made_at.saturating_add(VALID),
                replacing: Replacing::Nothing,
            };
            let act = Act::new(ACTOR, made_at);
            let (mut register, _) = register::open(&self.home, maker.code, &act)?;
            let sealed = sealing::make(&self.home, &mut register, &order, (&store, maker_key), &act)?;
            sealing::hand_out(&sealed.seal().bytes, &self.seal_path(seal, "zye"))?;
        }
        Ok(())
    }

    /// What is written and stamped: a decision; a contract that a second province stamps after the first; and when its seal was revoked, a
    /// contract that somebody stamps with the key that is still there. Another one alters the decision. Where the provinces are of two suites,
    /// an office of each stamps a notice.
    pub(in crate::commands::demo) fn seal_documents(&self, paper: &Paper<'_>) -> Result<(), Failure> {
        files::make_folder(&self.folder.join("documents"), Access::Shared)?;
        let (market, health) = (self.parties_of(&MARKET)?.1.name, self.parties_of(&HEALTH)?.1.name);
        let (at, late) = (self.ago(STAMPED), self.ago(LATE));
        let signed = Signed { by: &[&market], at };
        let put = |name: &str, bytes: &[u8]| files::create(&self.document_path(name, paper), bytes, Access::Shared);
        put(DECISION, &paper.write(&decision(AMOUNTS.0, &signed))?)?;
        self.stamp((DECISION, paper), &MARKET, Over::Document, at)?;
        put(CONTRACT, &paper.write(&contract(&Signed { by: &[&market, &health], at }))?)?;
        self.stamp((CONTRACT, paper), &MARKET, Over::Document, at)?;
        self.stamp((CONTRACT, paper), &HEALTH, Over::LastStamp, at.saturating_add(HOUR))?;
        put(PURCHASE, &paper.write(&order(&Signed { by: &[&market], at: late }))?)?;
        self.stamp((PURCHASE, paper), &CONTRACTS, Over::Document, late)?;
        if self.suites == Suites::Mixed {
            // Both stamp the document itself: one its SM3, the other its SHA-256.
            put(NOTICE, &paper.write(&notice(&Signed { by: &[&health, &market], at }))?)?;
            self.stamp((NOTICE, paper), &HEALTH, Over::Document, at)?;
            self.stamp((NOTICE, paper), &MARKET, Over::Document, at.saturating_add(HOUR))?;
        }
        put(ALTERED, &paper.write(&decision(AMOUNTS.1, &signed))?)?;
        let stamps = files::read(&self.stamps_path(DECISION, paper), MAX_OBJECT)?;
        files::create(&self.stamps_path(ALTERED, paper), &stamps, Access::Shared)
    }

    /// A seal is revoked.
    pub(in crate::commands::demo) fn revoke_seal(&self) -> Result<(), Failure> {
        let path = self.seal_path(&CONTRACTS, "zye").display().to_string();
        let found = sealing::find(&self.home, &path, None)?;
        let act = Act::new(ACTOR, self.ago(CHANGED)).because("out-of-use: 机构改革，合同专用章停用（演示）");
        let (mut register, _) = register::open(&self.home, found.authority, &act)?;
        let changed = register.change(&Change::to(found.entry.status, State::Revoked), &act);
        changed.map(|_| ()).map_err(|error| register::refused(&self.home, error))
    }

    pub(in crate::commands::demo) fn document_path(&self, name: &str, paper: &Paper<'_>) -> PathBuf {
        self.folder.join("documents").join(format!("{name}.{}", paper.ending()))
    }

    pub(in crate::commands::demo) fn stamps_path(&self, name: &str, paper: &Paper<'_>) -> PathBuf {
        self.folder.join("documents").join(format!("{name}.{}.zys", paper.ending()))
    }

    fn seal_path(&self, seal: &Seal, ending: &str) -> PathBuf {
        self.folder.join("seals").join(format!("{}.{ending}", seal.file))
    }

    fn stamp(&self, (name, paper): (&str, &Paper<'_>), seal: &Seal, over: Over, at: Timestamp) -> Result<(), Failure> {
        let failed = |why: String| {
            Failure::new(say!("无法为 {name} 签章", "{name} cannot be stamped")).because(say!("{why}", "{why}"))
        };
        let (_, office) = self.parties_of(seal)?;
        let (_, key): &(_, SecretKey) = self.seat(office.code, Use::SealSigner)?;
        let bytes = files::read(&self.seal_path(seal, "zye"), MAX_OBJECT)?;
        let path = self.stamps_path(name, paper);
        let before = files::read_if_there(&path, MAX_OBJECT)?;
        let document = files::read(&self.document_path(name, paper), MAX_OBJECT)?;
        let hash = key.public_key().algorithm().hash();
        let digested = digest_document_by(&mut document.as_slice(), DocumentHasher::new([hash]))
            .map_err(|error| failed(error.to_string()))?;
        let digest = digested.digest_by(hash).unwrap_or(digested.digest);
        let stamped = match over {
            Over::Document => Stamped::Document { hash, digest, media_type: paper.media_type() },
            Over::LastStamp => {
                let file = StampFile::parse(before.as_deref().unwrap_or_default());
                let last =
                    file.ok().and_then(|file| file.stamps.last().map(zhengyin::envelope::Envelope::object_digest));
                Stamped::Stamp(last.ok_or_else(|| failed("there is no stamp".to_owned()))?)
            }
        };
        let id = CredentialId::new(crate::secrets::random()?);
        let facts = StampFacts { stamped_at: at, id, place: None, reason: Some("演示".to_owned()) };
        let store = known::demand(&self.home)?;
        let made = stamp(&bytes, stamped, &facts, Some(&store), key).map_err(|error| failed(error.to_string()))?;
        let pieces: Vec<&[u8]> = before.iter().map(Vec::as_slice).chain([&bytes[..], &made]).collect();
        let joined = StampFile::join(&pieces).map_err(|error| failed(error.to_string()))?;
        match before {
            Some(_) => files::replace(&path, &joined, Access::Shared),
            None => files::create(&path, &joined, Access::Shared),
        }
    }
}

/// What a stamp covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Over {
    Document,
    LastStamp,
}

/// The maker of seals in a province, and the office that stamps.
fn parties(province: &Province) -> Result<(Authority, &Authority), Failure> {
    let code = province.facts.code.as_str();
    let office = OFFICES.iter().find(|(of, _)| *of == code).and_then(|(_, office)| CreditCode::parse(office).ok());
    let office = province.authorities.iter().find(|authority| Some(authority.code) == office);
    let maker = Authority {
        code: province.facts.keeper_code,
        name: province.facts.keeper.clone(),
        mandate: Mandate { regions: vec![province.facts.code], types: None, authorities: None },
    };
    office.map(|office| (maker, office)).ok_or_else(|| missing(code))
}

fn missing(province: &str) -> Failure {
    Failure::new(say!("省份 {province} 不制作印章", "no seals are made in province {province}"))
}
