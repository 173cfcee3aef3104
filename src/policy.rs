//! What a verifier asks for, as data.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::claims::id::{Region, TypeCode, TypePrefix};
use crate::suite::Suites;
use crate::trust::{Grace, Rule, TrustList, longest};

/// Is a question asked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// It is.
    Yes,
    /// It is not, on the caller's explicit word.
    No,
}

/// Is the grace that the trust list grants after `next_update` used?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GraceUse {
    /// As the trust list grants it. A verifier may use less, never more.
    AsListed,
    /// Not at all: what is past its `next_update` is stale.
    None,
}

/// Is there a person who reads what the report warns of?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attendance {
    /// There is.
    Attended,
    /// There is none: what a person would have to look at is undetermined.
    Unattended,
}

/// What a verifier asks for. Every part beyond the four built-in policies can only make it ask for more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// Its name, for the report.
    pub name: Cow<'static, str>,
    /// Where the verifier stands; licenses of the same province are local. Without it recognition is undetermined.
    pub region: Option<Region>,
    /// Is recognition asked for?
    pub recognition: Ask,
    /// Is the holder's presentation asked for, of a license that demands one?
    pub presentation: Ask,
    /// Is the listed grace used?
    pub grace: GraceUse,
    /// Does a person read the warnings?
    pub attendance: Attendance,
    /// The most grace that is used for a risk class, whatever the trust list grants.
    pub budgets: BTreeMap<String, Grace>,
    /// Risk classes of license types by their prefixes: such a license gets the lesser of the grace of this class and of the class that
    /// the trust list gives it.
    pub classes: BTreeMap<TypePrefix, String>,
    /// The oldest status list that is relied on for *in force*, in seconds since it was issued, whatever its `next_update`.
    pub max_status_age: Option<u64>,
    /// The suites that are relied on: what rests on a signature by another proves nothing, for the license or against it.
    pub suites: Suites,
}

/// Makes a built-in policy for a region.
pub type BuiltIn = fn(Option<Region>) -> Policy;

impl Policy {
    const fn new(name: &'static str, region: Option<Region>) -> Self {
        Self {
            name: Cow::Borrowed(name),
            region,
            recognition: Ask::Yes,
            presentation: Ask::Yes,
            grace: GraceUse::AsListed,
            attendance: Attendance::Attended,
            budgets: BTreeMap::new(),
            classes: BTreeMap::new(),
            max_status_age: None,
            suites: Suites::ALL,
        }
    }

    /// Everything is asked, nothing is overdue, and nobody has to look at anything.
    #[must_use]
    pub const fn strict(region: Option<Region>) -> Self {
        let mut policy = Self::new("strict", region);
        (policy.grace, policy.attendance) = (GraceUse::None, Attendance::Unattended);
        policy
    }

    /// A person behind a counter: everything is asked; overdue lists are good for the grace that the trust list grants.
    #[must_use]
    pub const fn counter(region: Option<Region>) -> Self {
        Self::new("counter", region)
    }

    /// A machine by itself: as at a counter, and what a person would have to look at is undetermined.
    #[must_use]
    pub const fn kiosk(region: Option<Region>) -> Self {
        let mut policy = Self::new("kiosk", region);
        policy.attendance = Attendance::Unattended;
        policy
    }

    /// Somebody who looks back, with the license from a file: as at a counter, and the holder is not asked to be there.
    #[must_use]
    pub const fn archive(region: Option<Region>) -> Self {
        let mut policy = Self::new("archive", region);
        policy.presentation = Ask::No;
        policy
    }

    /// The names of the built-in policies, and what makes each.
    pub const BUILT_IN: [(&'static str, BuiltIn); 4] =
        [("counter", Self::counter), ("kiosk", Self::kiosk), ("archive", Self::archive), ("strict", Self::strict)];

    /// The same policy that does not ask for recognition.
    #[must_use]
    pub const fn without_recognition(mut self) -> Self {
        self.recognition = Ask::No;
        self
    }

    /// The same policy that does not ask for the holder's presentation.
    #[must_use]
    pub const fn without_presentation(mut self) -> Self {
        self.presentation = Ask::No;
        self
    }

    /// The grace that is used for a risk class: what the trust list grants, and never more.
    #[must_use]
    pub fn grace_of(&self, list: &TrustList, class: &str) -> Grace {
        match (self.grace, self.budgets.get(class)) {
            (GraceUse::None, _) => Grace::default(),
            (GraceUse::AsListed, None) => list.grace_of(class),
            (GraceUse::AsListed, Some(most)) => list.grace_of(class).min(*most),
        }
    }

    /// The risk class of a license, and the grace that is used for it: what the trust list grants, and never more. `rule` is the one by
    /// which it is recognised, if it needs one.
    #[must_use]
    pub fn budget<'a>(&'a self, list: &'a TrustList, type_code: &TypeCode, rule: Option<&'a Rule>) -> (&'a str, Grace) {
        let listed = list.class_of(type_code, rule);
        let own = longest(&self.classes, type_code);
        let used = |class| self.grace_of(list, class);
        (own.unwrap_or(listed), own.map_or_else(|| used(listed), |own| used(listed).min(used(own))))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_built_in_policies_go_by_their_names() {
        for (name, policy) in Policy::BUILT_IN {
            assert_eq!(policy(None).name, name);
            assert_eq!(policy(None).recognition, Ask::Yes, "{name}");
        }
    }
}
