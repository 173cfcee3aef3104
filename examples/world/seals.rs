//! Seals in the demonstration federation: a maker 制章者 in each province, units that stamp, and everything that they make.

use super::alloc::format;
use super::alloc::string::String;
use super::alloc::vec;
use super::alloc::vec::Vec;

use zhengyin::claims::id::SealCode;
use zhengyin::claims::{CredentialId, PictureFormat, Place, SealKind, Stamp, StampFile, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::{Draft, SealCredential, SealFacts, StatusFacts};
use zhengyin::status::{LicenseHistory, State};
use zhengyin::suite::{Digest, HashAlgorithm, Hasher};
use zhengyin::trust::{History, IssuerEntry, Mandate, Profile};
use zhengyin::x509::Use;

use super::data::Authority;
use super::{DAY, HOUR, LIST, ListPlan, World, code, key, prefix, sign, status_key};

/// The key with which a unit stamps.
pub(crate) fn stamping_key(owner: &str) -> String {
    format!("{}stamp {owner}", super::suite_of(super::province_of(owner)))
}

/// The key with which a maker makes seals.
pub(crate) fn maker_key(maker: &str) -> String {
    format!("{}maker {maker}", super::suite_of(super::province_of(maker)))
}

/// Maker of seals of a province: the body that holds its anchor.
pub(crate) fn maker(province: &str) -> &'static str {
    super::data::bureau(province)
}

/// The unit of a province that stamps, and what it is called.
pub(crate) fn unit(province: &str) -> (&'static str, &'static str) {
    match province {
        "99" => ("11990100MB0000000P", "示例甲省示范市市场监督管理局"),
        "98" => ("11980000MB0000000E", "示例乙省卫生健康委员会"),
        "97" => ("11970000MB0000000A", "示例丙省政务服务管理局"),
        _ => ("11960000MB00000006", "示例丁省应急管理厅"),
    }
}

/// A picture that says nothing: a red ring.
pub(crate) const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="19" fill="none" stroke="red"/></svg>"#;

/// A seal with what was put into it.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) facts: SealFacts,
    pub(crate) credential: SealCredential,
}

impl Made {
    pub(crate) fn digest(&self) -> Digest {
        object_digest(&self.bytes)
    }
}

/// What names an object.
pub(crate) fn object_digest(object: &[u8]) -> Digest {
    Envelope::parse(object, Expected::AnyKnown).unwrap().object_digest()
}

/// A stamp before it is signed: what it says, on plain data.
#[derive(Clone, Debug)]
pub(crate) struct StampPlan {
    pub(crate) issuer: String,
    /// By which hash the document is digested: that of the key's suite.
    pub(crate) hash: HashAlgorithm,
    pub(crate) document: Digest,
    pub(crate) media_type: String,
    pub(crate) seal: Digest,
    /// Seconds after the base time.
    pub(crate) at: i64,
    pub(crate) id: [u8; 16],
    pub(crate) place: Option<Place>,
    pub(crate) reason: Option<String>,
    /// The name of the key that signs it.
    pub(crate) signer: String,
}

impl StampPlan {
    /// Stamps another stamp instead, which its object digest names.
    pub(crate) fn counter(&mut self, stamp: &[u8]) {
        (self.hash, self.document) = (HashAlgorithm::Sha256, object_digest(stamp));
        self.media_type = "application/x.zy.stamp".into();
    }
}

impl World {
    /// Anchors may vouch for makers and stampers, and each province has one of each, with a status list of the maker's.
    pub(crate) fn with_seals(mut self) -> Self {
        for province in ["99", "98", "97", "96"] {
            self.province(province).anchors[0].uses =
                vec![Use::License, Use::SealMaker, Use::SealSigner, Use::Status, Use::Directory];
            let whole = Mandate { regions: vec![prefix(province)], types: None, authorities: None };
            let (maker, (owner, name)) = (maker(province), unit(province));
            let bureau = Authority::named(maker, "示例制章中心（演示）");
            let unit = Authority::named(owner, name);
            self.list_entry(province, &bureau, Use::SealMaker, &maker_key(maker), whole.clone());
            self.list_entry(province, &bureau, Use::Status, &status_key(maker), whole.clone());
            self.list_entry(province, &unit, Use::SealSigner, &stamping_key(owner), whole);
            let facts = StatusFacts {
                authority: code(maker),
                list: LIST,
                epoch: 0,
                seq: 1,
                issued: self.time(-HOUR),
                next_update: self.time(DAY),
                length: 0,
            };
            let states = Default::default();
            self.lists.insert(
                (facts.authority, LIST),
                ListPlan { facts, states, histories: None, signer: status_key(maker) },
            );
        }
        self
    }

    /// Enters a key in a province's directory with a mandate of its own.
    pub(crate) fn list_entry(
        &mut self,
        province: &str,
        who: &Authority,
        purpose: Use,
        key_name: &str,
        mandate: Mandate,
    ) {
        let role = zhengyin::issue::certificate::Role::EndEntity(purpose);
        let entry = IssuerEntry {
            certificate: self.certificate(who, role, key_name, province),
            mandate,
            signing: self.period(-365 * DAY, 365 * DAY),
            history: History::active_since(self.time(-365 * DAY)),
            authority: code(&who.code),
            uses: vec![purpose],
            profile: Profile::Ours,
        };
        self.directory(province).issuers.push(entry);
    }

    /// What a seal of a province's unit says, and its credential: the next position of the maker's list, made 100 days ago, valid from
    /// then for three years.
    pub(crate) fn seal_facts(&mut self, province: &str) -> (SealFacts, SealCredential) {
        let (maker, (owner, name)) = (maker(province), unit(province));
        let index = self.list(maker).facts.length;
        self.list(maker).facts.length += 1;
        let facts = SealFacts {
            code: SealCode::parse(&format!("{province}0100{index:08}")).unwrap(),
            name: name.into(),
            kind: SealKind::UNIT,
            owner_name: name.into(),
            owner: code(owner),
            picture_format: PictureFormat::Svg,
            picture: PICTURE.into(),
            millimetres: [40, 40],
            signers: vec![key(&stamping_key(owner)).public_key().thumbprint()],
            allowed: Vec::new(),
        };
        let credential = SealCredential {
            maker: code(maker),
            validity: self.period(-100 * DAY, 1_000 * DAY),
            issued_at: self.time(-100 * DAY),
            id: CredentialId::new(self.draw()),
            status: StatusPointer { list: LIST, index: index.into() },
        };
        (facts, credential)
    }

    /// Makes a seal of a province's unit.
    pub(crate) fn make_seal(&mut self, province: &str) -> Made {
        let (facts, credential) = self.seal_facts(province);
        made(facts, credential)
    }

    /// Gives a seal a state in its maker's list.
    pub(crate) fn set_seal_state(&mut self, seal: &Made, state: State) {
        let position = u32::try_from(seal.credential.status.index).unwrap();
        self.list(seal.credential.maker.as_str()).states.insert(position, state);
    }

    /// Tells in its maker's list what became of a seal, and when.
    pub(crate) fn set_seal_history(&mut self, seal: &Made, history: LicenseHistory) {
        let position = u32::try_from(seal.credential.status.index).unwrap();
        self.list(seal.credential.maker.as_str()).histories.get_or_insert_default().insert(position, history);
    }

    /// A stamp by a seal on a document, made two hours ago.
    pub(crate) fn plan_stamp(&mut self, seal: &Made, document: &[u8]) -> StampPlan {
        let signer = stamping_key(seal.facts.owner.as_str());
        let hash = key(&signer).public_key().algorithm().hash();
        StampPlan {
            issuer: seal.facts.owner.as_str().into(),
            hash,
            document: digest(hash, document),
            media_type: "application/pdf".into(),
            seal: seal.digest(),
            at: -2 * HOUR,
            id: self.draw(),
            place: None,
            reason: None,
            signer,
        }
    }

    /// The stamp, signed, whatever it says.
    pub(crate) fn stamp(&self, plan: &StampPlan) -> Vec<u8> {
        let signer = key(&plan.signer);
        let (what, when) = ((plan.document, plan.media_type.as_str()), self.time(plan.at));
        let mut stamp = Stamp::of(what, plan.seal, code(&plan.issuer), when, CredentialId::new(plan.id));
        (stamp.hash, stamp.place, stamp.reason) = (plan.hash, plan.place, plan.reason.as_deref());
        Draft::stamp(&stamp, signer.public_key()).unwrap().sign(&signer, &[]).unwrap()
    }
}

/// The digest of a document.
pub(crate) fn digest(hash: HashAlgorithm, document: &[u8]) -> Digest {
    let mut hasher = Hasher::new(hash);
    hasher.update(document);
    hasher.finish()
}

/// Makes a seal by its maker's key, whatever it says; it must still be one that can be written.
pub(crate) fn made(facts: SealFacts, credential: SealCredential) -> Made {
    let by = maker_key(credential.maker.as_str());
    made_by(facts, credential, &by)
}

/// Makes a seal by any key.
pub(crate) fn made_by(facts: SealFacts, credential: SealCredential, key_name: &str) -> Made {
    let bytes = sign(ObjectType::Seal, facts.encode(&credential).unwrap(), key_name);
    Made { bytes, facts, credential }
}

/// Seals and stamps in one file.
pub(crate) fn file(objects: &[&[u8]]) -> Vec<u8> {
    StampFile::join(objects).unwrap()
}
