//! Reports of stamps and seals as trees of values.

use alloc::format;
use alloc::string::String;

use super::points::SealPoints;
use super::report::{SealReport, StampsReport};
use crate::claims::{SealClaims, Stamp};
use crate::envelope::ObjectType;
use crate::reason::{Axis, Language};
use crate::suite::sha256;
use crate::time::Bound;
use crate::trust::NORMAL;
use crate::verify::arguments::{context_value, policy_value};
use crate::verify::defect::defect_value;
use crate::verify::document::Digests;
use crate::verify::outcome::Verdict;
use crate::verify::reliance::Input;
use crate::verify::report::Texts;
use crate::verify::tree::{
    SCHEMA, Times, both, bytes_value, input_value, outcome_value, steps_value, time_value, told_value,
    verifier as name_of_verifier,
};
use crate::verify::value::Value;

/// The name of the form in which the reports of a file's stamps stand together.
pub const STAMPS_SCHEMA: &str = "zhengyin.stamps/1";

impl SealReport<'_> {
    /// The report as values: sorted names, no floats. The same inputs give the same values.
    ///
    /// `docs/report.schema.json` describes them; they are those of a license's report.
    #[must_use]
    pub fn to_value(&self, texts: Texts) -> Value<'_> {
        let axes = self.axes();
        let words = [axes.authenticity, axes.currency, axes.recognition, axes.presentation];
        let axes = Axis::ALL.into_iter().zip(words).map(|(axis, word)| (axis.name().into(), word.into())).collect();
        let decided = self.steps().deciding();
        let times = Times {
            window: self.window(),
            clock: self.clock(),
            event: None,
            known_as_of: self.known_as_of(),
            floor: self.floor(),
            floor_by: self.floor_by().map(|input| input.digest),
        };
        let mut value = Value::map([
            ("schema", SCHEMA.into()),
            ("verifier", name_of_verifier()),
            ("redacted", false.into()),
            ("verdict", self.verdict().name().into()),
            ("reason", Value::or_null(decided.map(|(_, reason)| reason.symbol()))),
            ("axes", Value::Map(axes)),
            ("steps", steps_value(self.steps(), texts)),
            ("status", Value::or_null(self.told().map(told_value))),
            ("result_code", i64::from(self.result_code()).into()),
            ("bytes", bytes_value(self.bytes())),
            ("object", Value::or_null(self.object_value(texts))),
            ("presentation", Value::Null),
            ("inputs", Value::List(self.inputs().into_iter().map(input_value).collect())),
            ("warnings", Value::List(self.warnings().map(|warning| warning.symbol().into()).collect())),
            ("defects", Value::List(self.defects().map(defect_value).collect())),
            ("risk_class", Value::or_null(self.has_trust().then_some(NORMAL))),
            ("time", time_value(&times)),
            ("good_until", Value::or_null(self.good_until())),
            ("ends_by", Value::or_null(self.ends_by().map(Bound::word))),
            ("policy", policy_value(self.policy())),
            ("context", context_value(self.context(), None, Digests::default())),
            ("recognition", Value::Null),
        ]);
        if let (Texts::Both, Some((_, reason))) = (texts, decided) {
            value.insert("text", both(|language| reason.text(language)));
            value.insert("remedy", both(|language| reason.remedy().text(language)));
            value.insert("caution", both(|language| reason.caution().text(language)));
        }
        value
    }

    fn object_value(&self, texts: Texts) -> Option<Value<'_>> {
        let digest = self.object_digest()?;
        let (name, facts) = match self.object_type()? {
            ObjectType::Stamp => ("stamp", stamp_facts(self.claimed_stamp()?)),
            _ => ("seal", seal_facts(self.claimed_seal()?)),
        };
        let mut object = Value::map([
            ("authentic", self.is_authentic().into()),
            ("digest", digest.into()),
            ("type", name.into()),
            ("facts", facts),
        ]);
        // Of a stamp, its seal and every point of it.
        if let (Some(stamp), Some(points)) = (self.claimed_stamp(), self.points()) {
            let seal = Value::map([
                ("authentic", self.seal_is_authentic().into()),
                ("digest", stamp.seal.into()),
                ("facts", Value::or_null(self.claimed_seal().map(seal_facts))),
                ("points", points_value(points, texts)),
            ]);
            object.insert("seal", seal);
        }
        Some(object)
    }
}

fn points_value(points: &SealPoints, texts: Texts) -> Value<'static> {
    Value::Map(points.outcomes().map(|(point, outcome)| (point.name().into(), outcome_value(outcome, texts))).collect())
}

fn stamp_facts<'a>(stamp: &Stamp<'a>) -> Value<'a> {
    let place = stamp
        .place
        .map(|place| Value::map([("page", place.page.into()), ("x_mm", place.x.into()), ("y_mm", place.y.into())]));
    Value::map([
        ("authority", String::from(stamp.issuer.as_str()).into()),
        // A counter-stamp 副署 covers another stamp, which its digest names.
        ("covers", if stamp.is_counter() { "stamp" } else { "document" }.into()),
        ("credential", format!("{}", stamp.id).into()),
        ("document", stamp.document.into()),
        ("digest_algorithm", stamp.hash.cose().into()),
        ("media_type", stamp.media_type.into()),
        ("place", Value::or_null(place)),
        ("reason", Value::or_null(stamp.reason)),
        ("stamped_at", stamp.stamped_at.into()),
        // Time stamps of others (RFC 9921) are reserved and not read yet.
        ("time_basis", "self-asserted".into()),
    ])
}

fn seal_facts<'a>(claims: &SealClaims<'a>) -> Value<'a> {
    let seal = &claims.seal;
    let owned = |text: &str| Value::from(String::from(text));
    let picture = Value::map([
        ("digest", sha256(seal.picture.bytes()).into()),
        ("height_mm", i64::from(seal.picture.height()).into()),
        ("media_type", seal.picture.format().media_type().into()),
        ("size", u64::try_from(seal.picture.bytes().len()).unwrap_or(u64::MAX).into()),
        ("width_mm", i64::from(seal.picture.width()).into()),
    ]);
    let allowed = seal.allowed.as_ref().map(|allowed| Value::List(allowed.iter().map(Value::from).collect()));
    Value::map([
        ("allowed", Value::or_null(allowed)),
        ("code", owned(seal.code.as_str())),
        ("credential", format!("{}", claims.id).into()),
        ("issued_at", claims.issued_at.into()),
        ("kind", seal.kind.number().into()),
        ("kind_name", Value::or_null(seal.kind.text(Language::Zh))),
        ("maker", owned(claims.maker.as_str())),
        ("name", seal.name.into()),
        ("owner", owned(seal.owner.as_str())),
        ("owner_name", seal.owner_name.into()),
        ("picture", picture),
        ("signers", Value::List(seal.signers.iter().map(Value::from).collect())),
        ("status", Value::List([claims.status.list, claims.status.index].map(Value::from).into())),
        ("valid_from", claims.validity.from().into()),
        ("valid_until", Value::or_null(claims.validity.until())),
    ])
}

impl StampsReport<'_> {
    /// The reports of all stamps, with what they say together.
    #[must_use]
    pub fn to_value(&self, texts: Texts) -> Value<'_> {
        let count = |verdict| u64::try_from(self.count(verdict)).unwrap_or(u64::MAX);
        let verdicts = [Verdict::Valid, Verdict::Undetermined, Verdict::Invalid];
        let counts = verdicts.map(|verdict| (verdict.name(), count(verdict).into()));
        let document = self.document().map(|document| {
            let mut value = Value::map([("digest", document.digest.into()), ("size", document.size.into())]);
            // Only where a stamp asked for it.
            if let Some(sm3) = document.sm3 {
                value.insert("sm3", sm3.into());
            }
            value
        });
        let decided = self.deciding();
        let verifier = self.verifier();
        let store = verifier.store();
        let times = Times {
            window: store.window(self.clock()),
            clock: self.clock(),
            event: None,
            known_as_of: verifier.context.known_as_of,
            floor: store.floor(),
            floor_by: store.floor_set_by().1.map(|held| Input::from(held).digest),
        };
        let license_type = self.license_type().map(|license_type| String::from(license_type.as_str()));
        let mut value = Value::map([
            ("schema", STAMPS_SCHEMA.into()),
            ("verifier", name_of_verifier()),
            ("redacted", false.into()),
            ("policy", policy_value(&verifier.policy)),
            ("context", context_value(&verifier.context, None, Digests::default())),
            ("time", time_value(&times)),
            ("inputs", Value::List(self.inputs().into_iter().map(input_value).collect())),
            ("license_type", Value::or_null(license_type)),
            ("seals", Value::List(self.seals().iter().copied().map(Value::from).collect())),
            ("verdict", self.verdict().name().into()),
            ("reason", Value::or_null(decided.map(|(_, reason)| reason.symbol()))),
            ("bytes", bytes_value(self.bytes())),
            ("counts", Value::map(counts)),
            ("document", Value::or_null(document)),
            ("stamps", Value::List(self.stamps().iter().map(|stamp| stamp.to_value(texts)).collect())),
        ]);
        if let (Texts::Both, Some((_, reason))) = (texts, decided) {
            value.insert("text", both(|language| reason.text(language)));
            value.insert("remedy", both(|language| reason.remedy().text(language)));
            value.insert("caution", both(|language| reason.caution().text(language)));
        }
        value
    }
}

/// The report's values without texts.
#[cfg(feature = "serde")]
impl serde::Serialize for SealReport<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value(Texts::None).serialize(serializer)
    }
}

/// The reports' values without texts.
#[cfg(feature = "serde")]
impl serde::Serialize for StampsReport<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value(Texts::None).serialize(serializer)
    }
}
