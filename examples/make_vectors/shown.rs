//! Group `presentation`: by whom a license is shown, and what for.

use zhengyin::reason::Reason;
use zhengyin::verify::Step;

use super::answer::Answer;
use super::case::{Cases, Setup, Title, row, title};
use super::cose::Sign1;
use super::item::{Item, map};
use super::scene::{LICENSE, scene, with_claims};
use super::world::{BASE, DAY, HOUR, key};

pub(crate) const CNF: i64 = 8;
pub(crate) const COPY: i64 = 12;
pub(crate) const BINDING: i64 = 14;

/// The confirmation claim of the holder's key.
pub(crate) fn holder_key() -> Item {
    map([(1, cose_key())])
}

/// The holder's key.
pub(crate) fn cose_key() -> Item {
    let coordinates = key("holder").public_key().coordinates().to_vec();
    match coordinates.split_at_checked(32) {
        Some((x, y)) if y.len() == 32 => {
            map([(1, 2.into()), (-1, (-70_011).into()), (-2, x.to_vec().into()), (-3, y.to_vec().into())])
        }
        _ => map([(1, 1.into()), (-1, 6.into()), (-2, coordinates.into())]),
    }
}

/// A license that demands the holder's key.
pub(crate) fn bound() -> Vec<u8> {
    with_claims(|claims| {
        claims.put(&[LICENSE], BINDING, 2);
        claims.put(&[], CNF, holder_key());
    })
}

/// A presentation of a license, as its holder's key signs it.
fn presented(license: &[u8]) -> Vec<u8> {
    let envelope = zhengyin::envelope::Envelope::parse(license, zhengyin::envelope::Expected::AnyKnown).unwrap();
    let digest = envelope.object_digest().as_bytes().to_vec();
    let claims = map([(4, (BASE + 60).into()), (6, (BASE - 60).into()), (-70_005, digest.into())]);
    Sign1::new("application/x.zy.presentation", claims.encode(), "holder").sign()
}

pub(crate) fn presentation(cases: &mut Cases) {
    bindings(cases);
    followers(cases);
    copies(cases);
}

fn bindings(cases: &mut Cases) {
    let (world, _) = scene();
    let setup = || Setup::of(&world);
    cases.verify_each(
        title(
            "presentation-of-an-unbound-license-is-not-asked",
            "不要求持证人密钥的证照：不问出示",
            "A license that does not demand the holder's key is not asked for it",
        ),
        &setup(),
        vec![
            row("bearer", with_claims(|claims| claims.put(&[LICENSE], BINDING, 0))),
            row("compare with an identity document", with_claims(|claims| claims.put(&[LICENSE], BINDING, 1))),
        ],
        Answer::valid(),
    );
    let missing = Answer::undetermined(Step::Presentation, Reason::PresentationMissing);
    cases.verify(
        title(
            "presentation-missing-is-undetermined",
            "须由持证人密钥出示而未出示：无法判定",
            "A license that demands the holder's key and is shown without it is undetermined",
        ),
        &setup(),
        &bound(),
        missing,
    );
    cases.verify(
        title(
            "presentation-not-asked-is-valid",
            "核验方明言不问出示：有效，并写明未问",
            "Where the caller says that presentation is not to be asked, the report says so",
        ),
        &setup().with(|setup| setup.presentation = false),
        &bound(),
        Answer::valid(),
    );
}

fn followers(cases: &mut Cases) {
    let (world, license) = scene();
    let setup = Setup::of(&world);
    let follows = |license: &[u8], more: &[&[u8]]| [license, &more.concat()].concat();
    cases.verify_each(
        title(
            "license-followed-by-another-envelope-is-invalid",
            "证照之后是另一张证照或目录：无效",
            "What follows a license is a presentation: another license or a directory is of the wrong type",
        ),
        &setup,
        vec![
            row("the same license again", follows(&license.bytes, &[&license.bytes])),
            row("a directory", follows(&license.bytes, &[&world.directory_object("99")])),
        ],
        Answer::unread(Reason::EncodingWrongType),
    );
    let shown = presented(&license.bytes);
    cases.verify_each(
        title(
            "license-followed-by-something-else-is-invalid",
            "证照之后有多余数据：无效",
            "A second presentation, or anything else after the license, is invalid",
        ),
        &setup,
        vec![
            row("two presentations", follows(&license.bytes, &[&shown, &shown])),
            row("a number after the presentation", follows(&license.bytes, &[&shown, &[0]])),
            row("a text", follows(&license.bytes, &[&Item::from("x").encode()])),
            row("bytes that are no item", follows(&license.bytes, &[&[0xff]])),
            row("half a presentation", follows(&license.bytes, &[&shown[..shown.len() / 2]])),
        ],
        Answer::unread(Reason::EncodingTrailing),
    );
    cases.verify(
        title(
            "presentation-misshapen-is-invalid",
            "亮证信封的头部不合规定：无效",
            "A presentation whose envelope breaks the rules of headers is invalid",
        ),
        &setup,
        &{
            let mut shown = Sign1::new("application/x.zy.presentation", map([]).encode(), "holder");
            shown.protected.put(&[], 77, 1);
            follows(&license.bytes, &[&shown.sign()])
        },
        Answer::unread(Reason::EncodingHeader),
    );
}

fn copies(cases: &mut Cases) {
    let (world, _) = scene();
    let copy = |audience: Option<&str>, expires: i64| {
        with_claims(|claims| {
            let mut copy = map([(1, "银行开户".into()), (3, (BASE + expires).into()), (4, "示例大厅".into())]);
            if let Some(audience) = audience {
                copy.put(&[], 2, audience);
            }
            claims.put(&[LICENSE], COPY, copy);
        })
    };
    let mut case = |title: Title, purpose, audience, license: Vec<u8>, answer: Answer| {
        let setup = Setup::of(&world).with(|setup| (setup.purpose, setup.audience) = (purpose, audience));
        cases.verify(title, &setup, &license, answer);
    };
    let right = Some("银行开户");
    let bank = Some("示例银行");
    let for_bank = || copy(Some("示例银行"), DAY);
    let valid = || Answer::valid().passed(Step::Presentation).until(DAY);
    case(
        title(
            "copy-for-this-purpose-is-valid",
            "加注件用途相符：有效，至其截止时间",
            "An annotated copy for this purpose is valid until it expires",
        ),
        right,
        None,
        copy(None, DAY),
        valid(),
    );
    case(
        title(
            "copy-for-this-purpose-and-audience-is-valid",
            "加注件用途与对象都相符：有效",
            "An annotated copy for this purpose and audience is valid",
        ),
        right,
        bank,
        for_bank(),
        valid(),
    );
    let unknown = || Answer::undetermined(Step::Presentation, Reason::PresentationContextUnknown).until(DAY);
    case(
        title(
            "copy-whose-purpose-is-not-stated-is-undetermined",
            "核验方未说明用途：无法判定",
            "A copy is undetermined where the verifier does not state its purpose",
        ),
        None,
        None,
        copy(None, DAY),
        unknown(),
    );
    case(
        title(
            "copy-whose-audience-is-not-stated-is-undetermined",
            "核验方未说明自己是谁：无法判定",
            "A copy made for someone is undetermined where the verifier does not say who it is",
        ),
        right,
        None,
        for_bank(),
        unknown(),
    );
    case(
        title(
            "copy-for-another-purpose-is-invalid",
            "加注件用途不符：无效",
            "A copy made for another purpose is invalid here",
        ),
        Some("投标"),
        None,
        copy(None, DAY),
        Answer::invalid(Step::Presentation, Reason::PresentationPurpose).until(DAY),
    );
    case(
        title(
            "copy-for-another-audience-is-invalid",
            "加注件对象不符：无效",
            "A copy made for another audience is invalid here",
        ),
        right,
        Some("另一银行"),
        for_bank(),
        Answer::invalid(Step::Presentation, Reason::PresentationAudience).until(DAY),
    );
    case(
        title(
            "copy-for-another-audience-is-invalid-whatever-the-purpose",
            "用途未说明而对象不符：无效",
            "A wrong audience fails even where the purpose was not stated",
        ),
        None,
        Some("另一银行"),
        for_bank(),
        Answer::invalid(Step::Presentation, Reason::PresentationAudience).until(DAY),
    );
    case(
        title(
            "copy-expired-is-invalid",
            "加注件已过截止时间：无效，原件不受影响",
            "An annotated copy past its end is invalid; the license itself is not touched",
        ),
        right,
        None,
        copy(None, -HOUR),
        Answer::invalid(Step::Period, Reason::PeriodCopyExpired).passed(Step::Presentation),
    );
    case(
        title(
            "copy-that-expires-within-the-window-is-undetermined",
            "加注件截止时间落在时间窗内：无法判定",
            "A copy that ends within the window of time is undetermined",
        ),
        right,
        None,
        copy(None, 60),
        Answer::undetermined(Step::Period, Reason::PeriodDepends).passed(Step::Presentation).until(60),
    );
}
