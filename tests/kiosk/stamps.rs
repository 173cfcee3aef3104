//! Stamps that are scanned: verified as far as that goes without their documents, and never called valid.

use super::*;
use crate::world::seals::{Made, object_digest};
use crate::world::spoil::flip;
use zhengyin::issue::prepare;
use zhengyin::status::State;

#[test]
fn stamps_are_verified_and_never_valid() {
    let mut world = World::new().with_seals();
    let (seal, unknown, fallen) = (world.make_seal("99"), world.make_seal("99"), world.make_seal("99"));
    world.set_seal_state(&fallen, State::Revoked);
    let stamp = |world: &mut World, seal: &Made, change: fn(&mut world::seals::StampPlan)| {
        let mut plan = world.plan_stamp(seal, b"a decision");
        change(&mut plan);
        world.stamp(&plan)
    };
    let good = stamp(&mut world, &seal, |_| ());
    let mut counter = world.plan_stamp(&seal, b"");
    (counter.document, counter.media_type) = (object_digest(&good), "application/x.zy.stamp".into());
    let rows = [
        (good.clone(), ["undetermined", "document.not_given"]),
        (flip(&good, good.len() - 5, 0), ["invalid", "signature.bad"]),
        (stamp(&mut world, &unknown, |_| ()), ["undetermined", "seal.missing"]),
        // After the list was issued, which says that this seal is revoked.
        (stamp(&mut world, &fallen, |plan| plan.at = -world::HOUR / 2), ["invalid", "status.revoked"]),
        (stamp(&mut world, &seal, |plan| plan.signer = "a stranger".into()), ["invalid", "issuer.not_listed"]),
        (world.stamp(&counter), ["undetermined", "document.stamp_missing"]),
    ];
    let folder = folder("stamps", &mut world);
    fs::create_dir(folder.join("seals")).unwrap();
    for (name, seal) in [("one.zye", &seal), ("two.zye", &fallen)] {
        fs::write(folder.join("seals").join(name), &seal.bytes).unwrap();
    }
    let input: String = rows.iter().map(|(stamp, _)| prepare(stamp).unwrap().digits() + "\n").collect();
    for (words, names) in [(&[][..], false), (&["--show-fields"], true)] {
        let words = [&["--seals", "seals"], words].concat();
        let (lines, exit, errors) = kiosk(&folder, &words, input.as_bytes());
        assert_eq!(exit, Some(0), "{errors}");
        check_schema(&lines);
        let answers = answers(&lines);
        assert_eq!(answers.len(), rows.len());
        for (answer, (_, expected)) in answers.iter().zip(&rows) {
            assert_eq!([&answer["verdict"], &answer["reason"]], *expected, "{answer}");
            assert_eq!(answer["answer"], "verdict");
            assert_eq!(answer["report"]["object"]["type"], "stamp");
            assert_ne!(answer["report"]["verdict"], "valid");
        }
        assert_eq!(answers[0].to_string().contains(&seal.facts.owner_name), names);
    }
    // Without the seals nothing is proved of them, and the signer is known all the same.
    let (lines, _, _) = kiosk(&folder, &[], input.as_bytes());
    let first = answers(&lines)[0].clone();
    assert_eq!([&first["verdict"], &first["reason"]], ["undetermined", "seal.missing"]);
    assert_eq!(first["report"]["steps"]["signature"]["outcome"], "passed");
    let card = command(&folder, &["kiosk", "--card", "--seals", "seals", "--idle", "none", "--clock", NOW]);
    assert!(card_of(card, &input).contains("STAMP NOT COMPARED WITH A DOCUMENT"));
    // What is named as seals and is none is told before anything is scanned.
    let (_, exit, errors) = kiosk(&folder, &["--seals", "week-40.zyp"], b"");
    assert_eq!(exit, Some(1), "{errors}");
}

fn card_of(mut command: Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
