//! Files of stamps that somebody made of the pieces of good ones: objects left out, doubled and exchanged, members of one put into another,
//! numbers shifted, bits flipped, and what came of it signed again by a key that may sign something else.
//!
//! Include it beside `world`, `item` and `cose`: whoever draws the bytes (a fuzzer, a property test) draws the file.

use super::cose::Sign1;
use super::item::Item;
use super::world::seals::{Made, file, maker, maker_key, object_digest, stamping_key, unit};
use super::world::{World, key};

/// What was stamped, and what never was.
pub(crate) const DOCUMENTS: [&[u8]; 3] = [b"a decision", b"another decision", b"what nobody stamped"];
/// Changes to one file, at most.
const STEPS: usize = 24;

/// Bytes that say what is done.
pub(crate) struct Draw<'a>(pub(crate) &'a [u8]);

impl Draw<'_> {
    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.byte() << 8 | self.byte()) % bound.max(1)
    }
}

/// Genuine objects, and keys that may do something else than what they are used for here.
pub(crate) struct Pool {
    pub(crate) world: World,
    /// Seals, stamps on the first document, stamps on the second, counter-stamps.
    objects: Vec<Vec<u8>>,
    /// A good file for the first document.
    pub(crate) good: Vec<u8>,
    /// The stamps that were made, and on which document.
    genuine: Vec<(zhengyin::suite::Digest, usize)>,
    insiders: Vec<String>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        let mut world = World::new().with_seals();
        let (seal, other) = (world.make_seal("99"), world.make_seal("98"));
        let mut genuine = Vec::new();
        let mut stamp = |world: &mut World, seal: &Made, what: usize, over: Option<&[u8]>| {
            let mut plan = world.plan_stamp(seal, DOCUMENTS[what]);
            if let Some(over) = over {
                (plan.document, plan.media_type) = (object_digest(over), "application/x.zy.stamp".into());
            }
            let stamp = world.stamp(&plan);
            genuine.push((object_digest(&stamp), what));
            stamp
        };
        let first = stamp(&mut world, &seal, 0, None);
        let second = stamp(&mut world, &seal, 1, None);
        let neighbour = stamp(&mut world, &other, 0, None);
        let counter = stamp(&mut world, &other, 0, Some(&first));
        let back = stamp(&mut world, &seal, 0, Some(&counter));
        let good = file(&[&seal.bytes, &other.bytes, &first, &counter]);
        let objects = vec![seal.bytes, other.bytes, first, second, neighbour, counter, back];
        let insiders = vec![stamping_key(unit("98").0), maker_key(maker("98")), "a stranger".into()];
        Self { world, objects, good, genuine, insiders }
    }

    /// Was this stamp made, and does it cover this document?
    pub(crate) fn is_genuine(&self, stamp: zhengyin::suite::Digest, document: usize) -> bool {
        self.genuine.contains(&(stamp, document))
    }

    /// May a stamp in this name be by one of the keys that were lent out?
    pub(crate) fn is_lent(&self, owner: &str) -> bool {
        owner == unit("98").0
    }

    /// A file as the bytes say.
    pub(crate) fn mutant(&self, draw: &mut Draw<'_>) -> Vec<u8> {
        let mut objects: Vec<Vec<u8>> = match draw.byte() % 4 {
            0 => (0..=draw.below(6)).map(|_| self.any(draw).clone()).collect(),
            _ => [0, 1, 2, 5].map(|at| self.objects[at].clone()).into(),
        };
        for _ in 0..STEPS {
            if draw.0.is_empty() {
                break;
            }
            let (what, at) = (draw.byte() % 10, draw.below(objects.len()));
            match what {
                0 => objects.push(self.any(draw).clone()),
                1 if objects.len() > 1 => drop(objects.remove(at)),
                2 => {
                    let other = draw.below(objects.len());
                    objects.swap(at, other);
                }
                3 => {
                    let bit = draw.below(objects[at].len() * 8);
                    objects[at][bit / 8] ^= 1 << (bit % 8);
                }
                4 => {
                    let end = draw.below(objects[at].len());
                    if draw.byte() & 7 == 0 && end > 0 {
                        objects[at].truncate(end);
                    }
                }
                5..=7 => self.exchange(&mut objects[at], draw),
                _ => self.sign_again(&mut objects[at], draw),
            }
        }
        objects.concat()
    }

    fn any(&self, draw: &mut Draw<'_>) -> &Vec<u8> {
        &self.objects[draw.below(self.objects.len())]
    }

    /// Puts a member of a genuine object in the place of another: of the one at the same place, or of any; or shifts a number.
    fn exchange(&self, object: &mut Vec<u8>, draw: &mut Draw<'_>) {
        let Some(mut item) = readable(object) else { return };
        let Some(mut other) = readable(self.any(draw)) else { return };
        let place = draw.below(count(&mut item));
        match draw.byte() % 3 {
            0 => each(&mut item, &mut place.clone(), &mut |node| {
                if let Item::Int(number) = node {
                    *number = number.saturating_add([1, -1, 3_600, -3_600, 1 << 31][draw.below(5)]);
                }
            }),
            kind => {
                let from = if kind == 1 { place } else { draw.below(count(&mut other)) };
                let mut found = None;
                each(&mut other, &mut from.clone(), &mut |node| found = Some(node.clone()));
                if let Some(found) = found {
                    each(&mut item, &mut place.clone(), &mut |node| *node = found.clone());
                }
            }
        }
        *object = item.encode();
    }

    /// Signs what is there by a key that may sign something else.
    fn sign_again(&self, object: &mut Vec<u8>, draw: &mut Draw<'_>) {
        let signer = self.insiders[draw.below(self.insiders.len())].clone();
        let Some(Item::Tag(18, members)) = readable(object) else { return };
        let Item::List(members) = *members else { return };
        let [Item::Bytes(protected), unprotected, Item::Bytes(payload), _] = members.as_slice() else { return };
        let Some(mut protected) = readable(protected).filter(|header| matches!(header, Item::Map(_))) else { return };
        if draw.byte() & 3 != 0 {
            let kid = key(&signer).public_key().key_id().as_bytes().to_vec();
            protected.put(&[], 4, kid);
        }
        let renamed = draw.byte() & 1 != 0;
        let Item::Map(header) = &mut protected else { return };
        let claims =
            header.iter_mut().filter(|(label, _)| renamed && *label == Item::Int(15)).map(|(_, claims)| claims);
        for claims in claims {
            let Item::Map(claims) = claims else { continue };
            let owners = claims.iter_mut().filter(|(key, _)| *key == Item::Int(1));
            owners.for_each(|(_, owner)| *owner = unit("98").0.into());
        }
        let unprotected = unprotected.clone();
        *object = Sign1 { protected, unprotected, payload: payload.clone(), signer }.sign();
    }
}

/// The tree of what the strict reader admits; byte strings that hold a map are read too.
fn readable(bytes: &[u8]) -> Option<Item> {
    let mut items = zhengyin::cbor::Items::new(bytes);
    let whole = items.next()?.ok()? == bytes;
    // Numbers beyond 64 bits with a sign are admitted where nobody looks at them.
    whole.then(|| std::panic::catch_unwind(|| Item::read(bytes)).ok()).flatten()
}

fn count(item: &mut Item) -> usize {
    let mut left = usize::MAX;
    each(item, &mut left, &mut |_| ());
    usize::MAX - left
}

/// Visits the node that stands at a place, counted from the outermost; into byte strings that hold maps too.
fn each(item: &mut Item, left: &mut usize, visit: &mut dyn FnMut(&mut Item)) {
    if *left == 0 {
        visit(item);
        *left = usize::MAX / 2;
        return;
    }
    *left -= 1;
    match item {
        Item::List(items) => items.iter_mut().for_each(|item| each(item, left, visit)),
        Item::Map(members) => members.iter_mut().for_each(|(_, value)| each(value, left, visit)),
        Item::Tag(_, inner) => each(inner, left, visit),
        Item::Bytes(bytes) => {
            if let Some(mut inner @ Item::Map(_)) = readable(bytes) {
                each(&mut inner, left, visit);
                *bytes = inner.encode();
            }
        }
        _ => {}
    }
}
