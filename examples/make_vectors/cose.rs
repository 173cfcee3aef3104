//! Envelopes of any shape: headers as trees, signed as they stand.

use zhengyin::envelope::{SignedBytes, sig_structure};

use super::item::{Item, empty, map};
use super::world::key;

/// A COSE_Sign1 in the making.
#[derive(Clone, Debug)]
pub(crate) struct Sign1 {
    pub(crate) protected: Item,
    pub(crate) unprotected: Item,
    pub(crate) payload: Vec<u8>,
    /// The name of the key that signs.
    pub(crate) signer: String,
}

impl Sign1 {
    /// One of this type in which everything is in order.
    pub(crate) fn new(typ: &str, payload: Vec<u8>, signer: &str) -> Self {
        let signing = key(signer);
        let kid = signing.public_key().key_id().as_bytes().to_vec();
        let algorithm = Item::Int(signing.public_key().algorithm().cose());
        let protected = map([(1, algorithm), (4, Item::Bytes(kid)), (16, typ.into())]);
        Self { protected, unprotected: empty(), payload, signer: signer.into() }
    }

    /// The four members, signed.
    pub(crate) fn members(&self) -> Vec<Item> {
        self.members_over(self.protected.encode())
    }

    /// The same with a protected header of any bytes.
    pub(crate) fn members_over(&self, protected: Vec<u8>) -> Vec<Item> {
        let signed = sig_structure(&SignedBytes::sign1(&protected, &self.payload));
        let signature = key(&self.signer).sign(&signed).unwrap().to_vec();
        vec![protected.into(), self.unprotected.clone(), self.payload.clone().into(), signature.into()]
    }

    /// The envelope.
    pub(crate) fn sign(&self) -> Vec<u8> {
        tagged(18, self.members())
    }
}

/// Members under a tag.
pub(crate) fn tagged(tag: u64, members: Vec<Item>) -> Vec<u8> {
    Item::Tag(tag, Box::new(members.into())).encode()
}
