//! Making one seal through the register, and finding the seals that a register knows.

use super::register::{self, OpenRegister};
use super::seat::Seat;
use super::standing::Found;
use super::status_list;
use crate::args;
use crate::files::{self, Access};
use crate::home::Home;
use crate::keyed::hex_bytes;
use crate::output::{Failure, Say, say};
use crate::secrets;
use std::path::{Path, PathBuf};
use zhengyin::claims::id::{CreditCode, Region, SealCode};
use zhengyin::claims::{CredentialId, PictureFault, SealClaims, StatusPointer};
use zhengyin::envelope::{Envelope, Expected, ObjectType};
use zhengyin::issue::{MakeSealError, SealCredential, SealFacts, Signer, draft_seal};
use zhengyin::limits::MAX_OBJECT;
use zhengyin::reason::Reason;
use zhengyin::register::{
    Act, Entry, Kind, RegisterError, RegisterSealError, Replacing, SealDifference, SealRequest, Sealed,
};
use zhengyin::status::State;
use zhengyin::store::Store;
use zhengyin::time::{Period, Timestamp};
use zhengyin::x509::Use;

/// One seal, as it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) maker: CreditCode,
    pub(crate) facts: SealFacts,
    /// The status list in which it is to stand.
    pub(crate) list: u64,
    /// From when it may be used; none: from now on.
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Timestamp,
    pub(crate) replacing: Replacing,
}

/// The seat of the maker: the one that is named, or the only one in this home.
pub(crate) fn maker(home: &Home, named: Option<CreditCode>) -> Result<Seat, Failure> {
    if let Some(code) = named {
        return Seat::demand(home, code, Use::SealMaker);
    }
    let mut makers = Seat::all(home)?;
    makers.retain(|seat| seat.facts.purpose == Use::SealMaker);
    match (makers.pop(), makers.len()) {
        (Some(maker), 0) => Ok(maker),
        (None, _) => Err(Failure::new(say!("这里没有制章者", "there is no maker of seals here"))
            .next(home.command("authority enrol CODE --use seal-maker --use status --help"))),
        (Some(maker), others) => {
            let count = others.saturating_add(1);
            let next = args::command_line_with(&format!("--maker {}", maker.facts.authority.as_str()));
            Err(Failure::usage(say!("这里有 {count} 个制章者", "there are {count} makers of seals here")).next(next))
        }
    }
}

/// The code of a seal for which none was named: that of the seal of this owner and name which is there, so that a command that was stopped
/// is repeated without harm; else the next one of the region.
pub(crate) fn code(
    home: &Home,
    maker: &Seat,
    region: Option<Region>,
    (owner, name): (CreditCode, &str),
) -> Result<SealCode, Failure> {
    let refused = |error| register::refused(home, error);
    let register = register::read(home, maker.facts.authority)?;
    let is_it = |entry: &Entry| {
        let held = entry.seal.as_ref();
        entry.state.is_reversible() && held.is_some_and(|seal| seal.name == name && in_region(seal.code, region))
    };
    if let Some(register) = &register
        && let Some(held) = register.seals_of(owner).map_err(refused)?.iter().rfind(|entry| is_it(entry))
        && let Some(seal) = &held.seal
    {
        return Ok(seal.code);
    }
    let region = region.map_or_else(|| own_region(maker), Ok)?;
    match &register {
        Some(register) => register.next_seal_code(region).map_err(refused),
        None => SealCode::parse(&format!("{}00000001", region.as_str()))
            .map_err(|error| Failure::usage(say!("{error}", "{error}"))),
    }
}

fn in_region(code: SealCode, region: Option<Region>) -> bool {
    region.is_none_or(|region| code.region() == Some(region))
}

/// The region of a maker that has one.
fn own_region(maker: &Seat) -> Result<Region, Failure> {
    let one = match maker.facts.mandate.regions.as_slice() {
        [prefix] => Region::parse(&format!("{:0<6}", prefix.as_str())).ok(),
        _ => None,
    };
    one.ok_or_else(|| {
        Failure::usage(say!("没有说明印章编码的行政区划", "nothing says in which region the seal's code is"))
            .next(args::command_line_with("--region 990100"))
    })
}

/// Where a seal stands, or would.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    New(StatusPointer),
    /// It was made before.
    Held(StatusPointer),
}

/// Looks, without a key and without changing anything, whether a seal can be made, and where it would stand.
pub(crate) fn check(home: &Home, order: &Order, maker: &Seat, store: &Store, now: Timestamp) -> Result<Place, Failure> {
    let at = match register::read(home, order.maker)? {
        None => StatusPointer { list: order.list, index: 0 },
        Some(register) => {
            status_list::check_kept_here(home, &register, order.list)?;
            let refused = |error| register::refused(home, error);
            register.check_key(&maker.public_key()?).map_err(refused)?;
            // What was made of this code is the same, or it is refused.
            let held = register.held_seal(&request(order, CredentialId::new([0; 16])));
            match held.map_err(|error| unmade(home, order, error))? {
                Some(held) => return Ok(Place::Held(held.entry.status)),
                None => register.next(order.list).map_err(refused)?,
            }
        }
    };
    let (from, until) = (order.from.unwrap_or(now), order.until);
    let validity = Period::new(from.seconds(), Some(until.seconds())).filter(|_| from < until).ok_or_else(|| {
        Failure::usage(say!(
            "印章的有效期为空：--until 不晚于开始",
            "the seal's validity is empty: --until is not later than its beginning"
        ))
    })?;
    let id = CredentialId::new([0; 16]);
    let credential = SealCredential { maker: order.maker, validity, issued_at: now, id, status: at };
    draft_seal(&order.facts, &credential, Some(store), &maker.public_key()?).map_err(|error| {
        let unlisted = error.reason() == Some(Reason::IssuerUnknown);
        let province = maker.facts.province.as_str();
        let failure = not_made(order, error);
        // Enrolled, and in no directory yet: the next one lists it.
        if unlisted { failure.next(home.command(&format!("trust directory {province}"))) } else { failure }
    })?;
    Ok(Place::New(at))
}

/// Makes a seal: first its position is allotted, then it is signed, then recorded. The same order again gives the same seal again.
pub(crate) fn make(
    home: &Home,
    register: &mut OpenRegister,
    order: &Order,
    (store, maker): (&Store, &dyn Signer),
    act: &Act<'_>,
) -> Result<Sealed, Failure> {
    let request = request(order, CredentialId::new(secrets::random()?));
    register.seal(&request, Some(store), maker, act).map_err(|error| unmade(home, order, error))
}

fn request(order: &Order, id: CredentialId) -> SealRequest<'_> {
    let Order { facts, list, from, until, replacing, .. } = order;
    SealRequest { facts, list: *list, id, from: *from, until: *until, replacing: *replacing }
}

fn unmade(home: &Home, order: &Order, error: RegisterSealError) -> Failure {
    match error {
        RegisterSealError::Make(error) => not_made(order, error),
        RegisterSealError::Register(error @ RegisterError::DuplicateSeal { .. }) => {
            register::refused(home, error).next(args::command_line_with("--replace"))
        }
        RegisterSealError::Register(error) => register::refused(home, error),
        error => Failure::new(say!("无法制作印章", "the seal cannot be made")).because(say!("{error}", "{error}")),
    }
}

fn not_made(order: &Order, error: MakeSealError) -> Failure {
    let code = order.facts.code;
    let failure = Failure::new(say!("无法制作印章 {code}", "seal {code} cannot be made"));
    match error {
        MakeSealError::Refused(reason) => super::words::refused(failure, reason),
        MakeSealError::CreditCode(fault) => failure.because(super::facts::explain_credit_code(fault)),
        MakeSealError::Picture(fault) => failure.because(explain_picture(fault)),
        MakeSealError::Draft(error) => failure.because(super::words::explain_draft(error)),
        error => failure.because(say!("{error}", "{error}")),
    }
}

/// What keeps a file from being the picture of a seal.
pub(crate) fn explain_picture(fault: PictureFault) -> Say {
    let zh = match fault {
        PictureFault::TooLarge => "印模文件过大".to_owned(),
        PictureFault::Format => "印模既不是 PNG 也不是 SVG".to_owned(),
        PictureFault::Millimetres => "印模的宽和高应为 1 至 100 毫米".to_owned(),
        fault => format!("印模不能使用（{fault}）"),
    };
    Say { zh, en: fault.to_string() }
}

/// The options under which two seals differ.
pub(super) fn options_of(differences: &[SealDifference]) -> String {
    let option = |difference: &SealDifference| match difference {
        SealDifference::Name => "--name",
        SealDifference::Kind => "--kind",
        SealDifference::Owner => "--owner",
        SealDifference::Picture => "--picture, --size",
        SealDifference::Signers => "--signer",
        SealDifference::Allowed => "--allow",
        SealDifference::Validity => "--from, --until",
        _ => "?",
    };
    differences.iter().map(option).collect::<Vec<_>>().join(", ")
}

/// Where a seal is written where nothing else is said: another one of a code beside the one before.
pub(crate) fn default_out(home: &Home, entry: &Entry) -> PathBuf {
    let making = entry.seal.as_ref().map_or(1, |seal| seal.making);
    let name = if making > 1 { format!("{}-{making}.zye", entry.number()) } else { format!("{}.zye", entry.number()) };
    home.out().join(name)
}

/// Writes a seal to its file, if it does not stand there already.
pub(crate) fn hand_out(bytes: &[u8], out: &Path) -> Result<(), Failure> {
    let is_there = files::is_there(out) && files::read(out, MAX_OBJECT).is_ok_and(|held| held == bytes);
    if is_there { Ok(()) } else { files::create(out, bytes, Access::Shared) }
}

/// Finds the one seal that a text names: its code, the hexadecimal credential id, or its file. Of several makings of a code the last is meant.
pub(crate) fn find(home: &Home, text: &str, maker: Option<CreditCode>) -> Result<Found, Failure> {
    let refused = |error| register::refused(home, error);
    let path = Path::new(text);
    let is_file = path.extension().is_some_and(|extension| extension == "zye") && files::is_there(path);
    let id = if is_file { id_of_file(path)? } else { hex_bytes(text).map(CredentialId::new) };
    let mut found = Vec::new();
    for register in register::all(home)? {
        let authority = register.authority();
        if maker.is_some_and(|maker| maker != authority) {
            continue;
        }
        let entry = match (id, SealCode::parse(text)) {
            (Some(id), _) => register.by_id(id).map_err(refused)?.filter(|entry| entry.kind == Kind::Seal),
            (None, Ok(code)) => register.seals(code).map_err(refused)?.pop(),
            (None, Err(_)) => None,
        };
        found.extend(entry.map(|entry| Found { authority, entry }));
    }
    match (found.pop(), found.len()) {
        (Some(found), 0) => Ok(found),
        (Some(last), _) => {
            let next = args::command_line_with(&format!("--maker {}", last.authority.as_str()));
            Err(Failure::new(say!("几个制章者都有印章 {text}", "several makers have a seal {text}")).next(next))
        }
        (None, _) => Err(Failure::new(say!("登记簿中没有印章 {text}", "no register here knows a seal {text}"))
            .because(say!(
                "应为印章编码、凭据编号或印章文件（.zye）",
                "a seal's code, a credential id or a seal's file (.zye) is expected"
            ))
            .next(home.command("seal list"))),
    }
}

/// Is a text one that could name a seal, and no license?
pub(crate) fn is_known(home: &Home, text: &str, maker: Option<CreditCode>) -> bool {
    find(home, text, maker).is_ok()
}

fn id_of_file(path: &Path) -> Result<Option<CredentialId>, Failure> {
    let bytes = files::read(path, MAX_OBJECT)?;
    let id = Envelope::parse(&bytes, Expected::Type(ObjectType::Seal))
        .ok()
        .and_then(|envelope| SealClaims::parse(envelope.claimed_payload()).ok().map(|claims| claims.claimed().id));
    Ok(id)
}

/// Is a seal still good at a time, as far as its state and its validity go?
pub(crate) fn is_usable(entry: &Entry, now: Timestamp) -> bool {
    entry.state == State::InForce && entry.issuance.expires.is_none_or(|until| now < until)
}
