//! Certificates of algorithms that this build does not know, and what may rest on them in a build that does.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::reason::Reason;
use crate::x509::{Certificate, CertificateError, claimed_subject};

/// The certificates of a province that another build could read: a path that is not found here may lead over one of them there.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread {
    /// Their subjects, as their bytes.
    subjects: BTreeSet<Vec<u8>>,
    /// May one of them stand above an intermediate, or above anything, for not even its subject can be made out?
    above: bool,
}

impl Unread {
    /// Keeps in mind that a certificate could not be read because of its algorithm, if that is why.
    pub(super) fn note(&mut self, certificate: &[u8], error: CertificateError) {
        if error.reason() != Reason::EncodingAlgorithmUnknown {
            return;
        }
        match claimed_subject(certificate) {
            Some(subject) => drop(self.subjects.insert(subject.to_vec())),
            None => self.above = true,
        }
    }

    /// Keeps in mind whether one of them may stand above an issuer that was read: then it may stand above all that this one issued.
    pub(super) fn note_issuer(&mut self, issuer: &Certificate<'_>) {
        self.above |= self.is_named_by(issuer);
    }

    /// May a path from this certificate lead over one of them?
    pub(super) fn may_be_above(&self, certificate: &Certificate<'_>) -> bool {
        self.above || self.is_named_by(certificate)
    }

    fn is_named_by(&self, certificate: &Certificate<'_>) -> bool {
        self.subjects.contains(certificate.issuer().as_der())
    }
}
