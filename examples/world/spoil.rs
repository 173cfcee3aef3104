//! What can go wrong with a federation, as one call each. Each changes data that is not signed yet; call it before [`World::pack`].

use super::alloc::string::ToString;
use super::alloc::vec::Vec;

use zhengyin::issue::certificate::{IssuedBy, MandateText, Role, Subject};
use zhengyin::time::Timestamp;
use zhengyin::trust::{HistoryEntry, HistoryState, Mandate, Profile};
use zhengyin::x509::{Certificate, Use};

use super::{DAY, World, code, data, key, license_key, prefix, types};

impl World {
    /// The authority's license key may sign these types in these regions, and no others.
    pub(crate) fn give_mandate(&mut self, authority: &str, regions: &[&str], type_prefixes: Option<&[&str]>) {
        let regions = regions.iter().map(|region| prefix(region)).collect();
        self.entry(authority, Use::License).mandate =
            Mandate { regions, types: type_prefixes.and_then(types), authorities: None };
    }

    /// The authority's license key signed only within these seconds, counted from the base time.
    pub(crate) fn give_signing(&mut self, authority: &str, from: i64, until: i64) {
        let period = self.period(from, until);
        self.entry(authority, Use::License).signing = period;
    }

    /// Something became of an authority's key: retired, withdrawn, compromised.
    pub(crate) fn befall(
        &mut self,
        authority: &str,
        purpose: Use,
        state: HistoryState,
        from: Timestamp,
        compromised_since: Option<Timestamp>,
    ) {
        let entry = HistoryEntry { state, from, compromised_since, log_head: None };
        assert!(self.entry(authority, purpose).history.append(entry), "a history is written in order");
    }

    /// The same for a whole province.
    pub(crate) fn befall_province(&mut self, province: &str, state: HistoryState, from: Timestamp) {
        let entry = HistoryEntry { state, from, compromised_since: None, log_head: None };
        assert!(self.province(province).history.append(entry), "a history is written in order");
    }

    /// The same for a province's anchor.
    pub(crate) fn befall_anchor(
        &mut self,
        province: &str,
        state: HistoryState,
        from: Timestamp,
        compromised_since: Option<Timestamp>,
    ) {
        let entry = HistoryEntry { state, from, compromised_since, log_head: None };
        assert!(self.province(province).anchors[0].history.append(entry), "a history is written in order");
    }

    /// Nobody knows the authority's license key.
    pub(crate) fn unlist(&mut self, authority: &str) {
        let authority = code(authority);
        for directory in self.directories.values_mut() {
            directory.issuers.retain(|entry| entry.authority != authority || !entry.is_for(Use::License));
        }
    }

    /// The province's directory does not claim to list every key.
    pub(crate) fn make_incomplete(&mut self, province: &str) {
        self.directory(province).complete = false;
    }

    /// The province's directory was due for renewal `seconds` before the base time.
    pub(crate) fn age_directory(&mut self, province: &str, seconds: i64) {
        let next_update = self.time(-seconds);
        let issued = self.time(-seconds - 8 * DAY);
        let directory = self.directory(province);
        (directory.issued, directory.next_update) = (issued, next_update);
    }

    /// The authority's status list was due for renewal `seconds` before the base time.
    pub(crate) fn age_list(&mut self, authority: &str, seconds: i64) {
        let (issued, next_update) = (self.time(-seconds - DAY), self.time(-seconds));
        let facts = &mut self.list(authority).facts;
        (facts.issued, facts.next_update) = (issued, next_update);
    }

    /// The trust list was due for renewal `seconds` before the base time, and was issued 90 days before that.
    pub(crate) fn age_trust(&mut self, seconds: i64) {
        self.trust.issued = self.time(-seconds - 90 * DAY);
        self.trust.next_update = self.time(-seconds);
    }

    /// Replaces the authority's license certificate by one of an existing authority's kind, pinned by the directory alone.
    pub(crate) fn admit_foreign(&mut self, authority: &str) {
        let foreign = Subject {
            province: "示例省",
            organization: "示例电子认证服务有限公司",
            common_name: "示例运营CA",
            credit_code: "11950000MB0000916Q",
        };
        let mandate = MandateText { regions: &["99", "98", "97", "96"], types: None, authorities: None };
        let role = Role::Issuer { mandate, path_length: Some(0) };
        let ca = self.certify(foreign, role, "foreign authority", IssuedBy::Itself, "foreign authority");
        let ca = Certificate::parse(&ca).unwrap();
        let name = license_key(authority);
        let subject = Subject { common_name: &name, ..foreign };
        // Any of our uses stands for the foreign ones that such certificates carry: it is ignored.
        let role = Role::EndEntity(Use::TimeStamping);
        let certificate = self.certify(subject, role, &name, IssuedBy::Certificate(&ca), "foreign authority");
        let entry = self.entry(authority, Use::License);
        (entry.certificate, entry.profile) = (certificate, Profile::Admitted);
    }

    /// Puts an issuer between the anchor and the authority's license key, with a mandate of its own.
    pub(crate) fn put_between(&mut self, province: &str, authority: &str, mandate: MandateText<'_>) {
        let bureau = data::bureau(province);
        let names = self.trust.provinces[&prefix(province)].names.clone();
        let subject = Subject {
            province: names.get("zh"),
            organization: "示例签发中心（演示）",
            common_name: "intermediate",
            credit_code: bureau,
        };
        let anchor = self.anchor(province).certificate.clone();
        let anchor = Certificate::parse(&anchor).unwrap();
        let role = Role::Issuer { mandate, path_length: Some(0) };
        let by = IssuedBy::Certificate(&anchor);
        let intermediate = self.certify(subject, role, "intermediate", by, &super::anchor_key(province));
        let issuer = Certificate::parse(&intermediate).unwrap();
        let organization = data::authority(authority).name.to_string();
        let name = license_key(authority);
        let subject = Subject {
            province: names.get("zh"),
            organization: &organization,
            common_name: &name,
            credit_code: authority,
        };
        let role = Role::EndEntity(Use::License);
        let leaf = self.certify(subject, role, &name, IssuedBy::Certificate(&issuer), "intermediate");
        let entry = self.entry(authority, Use::License);
        entry.certificate = leaf;
        let mut listed = entry.clone();
        listed.certificate = intermediate;
        self.directory(province).issuers.push(listed);
    }

    /// `count` operators, each with a key, of whom `threshold` must sign; all of them sign.
    pub(crate) fn give_operators(&mut self, count: usize, threshold: u64) {
        self.operators = (1..=count).map(|number| super::alloc::format!("operator {number}")).collect();
        self.trust.signers =
            self.operators.iter().map(|name| zhengyin::trust::ListSigner::new(key(name).public_key(), name)).collect();
        self.trust.threshold = threshold;
    }
}

/// The bytes with one bit turned.
pub(crate) fn flip(bytes: &[u8], at: usize, bit: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1 << bit;
    bytes
}
