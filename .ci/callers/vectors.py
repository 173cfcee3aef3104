"""Runs the cases of test-vectors/ through the C ABI, by the Python package: `vectors.py REPORTS`.

REPORTS is the folder in which `cargo test --test vectors` leaves digests, reports.txt and stamps.txt: every report must be the same bytes here. A kind of
case that is about the inside of the library, and that no caller can ask for, is named below.
"""

import hashlib
import io
import json
import sys
from pathlib import Path

import zhengyin
from zhengyin import Kind, Policy, Reason, Seen, Step, Store, Verifier, Verdict

VECTORS = Path(__file__).parents[2] / "test-vectors"
NOT_FOR_CALLERS = {
    "list": "the reader of a status list by itself",
    "identifier": "the reader of an identifier by itself",
    "signature": "the check of a signature by itself",
}


# The one that license-with-its-document.json is about.
DOCUMENT = b"%PDF-1.7 a decision of the demonstration city\n"
OF_SM2 = dict(line.split() for line in (VECTORS / "sm2" / "objects.txt").read_text().splitlines())


def cases():
    """Those of `cases/`, then those whose signatures are of SM2."""
    for path in sorted((VECTORS / "cases").glob("*/*.json")):
        yield json.loads(path.read_text())
    for path in sorted((VECTORS / "sm2").glob("*.jsonl")):
        yield from map(json.loads, path.read_text().splitlines())


def offered(name):
    return bytes.fromhex(OF_SM2.get(name) or (VECTORS / "objects" / f"{name}.hex").read_text())


def answer_of(accepted):
    return accepted.reason.symbol if accepted.reason else accepted.answer


def apply(store, data, at):
    """Exactly then, as the cases have it."""
    store, answers = store.apply_object(data, at, zhengyin.EXACTLY)
    return store, [answer_of(answer) for answer in answers]


def filled(case):
    asked = case["store"]
    store = Store.empty(asked["pin"])
    if asked.get("as_one_pack"):
        at = max(offer["at"] for offer in asked["offers"])
        pack = b"".join(offered(offer["object"]) for offer in asked["offers"])
        store, answers = store.apply(pack, at, zhengyin.EXACTLY)
        answers = [answer_of(answer) for answer in answers]
        assert answers == [offer["answer"] for offer in asked["offers"]], answers
        return store
    for offer in asked["offers"]:
        store, answers = apply(store, offered(offer["object"]), offer["at"])
        assert answers == [offer["answer"]], (offer, answers)
    return store


def policy(case):
    asked = case["policy"]
    made = Policy(asked["name"], asked["region"])
    for budget, most in asked.get("tightened", {}).get("budgets", {}).items():
        made.limit_grace(budget, *most)
    for prefix, name in asked.get("tightened", {}).get("classes", {}).items():
        made.set_risk_class(prefix, name)
    if asked.get("tightened", {}).get("max_status_age") is not None:
        made.limit_status_age(asked["tightened"]["max_status_age"])
    if "suites" in asked.get("tightened", {}):
        made.accept_suites(*(zhengyin.Suite[name.upper()] for name in asked["tightened"]["suites"]))
    if not asked["recognition"]:
        made.skip(Step.RECOGNITION)
    if not asked["presentation"]:
        made.skip(Step.PRESENTATION)
    return made


def question(case):
    context = dict(case["context"])
    asked = {name: value for name, value in context.items() if value is not None}
    for name, digest in (("document", "document_digest"), ("document_sm3", "document_sm3")):
        if name in asked:
            asked[digest] = bytes.fromhex(asked.pop(name))
    if "challenge" in asked:
        asked["challenge"] = bytes.fromhex(asked["challenge"])
    if "seen" in asked:
        seen = Seen()
        for key in asked["seen"]:
            seen.add(bytes.fromhex(key), 253_402_300_799)
        asked["seen"] = seen
    return asked


def time(case):
    clock = case["clock"]
    return (zhengyin.NO_CLOCK, 0) if clock is None else (clock["now"], clock["uncertainty"])


def summary(report):
    data = report.data()
    told = {
        "verdict": report.verdict.name.lower(),
        "step": report.deciding_step.name.lower() if report.deciding_step else None,
        "reason": report.reason.symbol if report.reason else None,
        "steps": outcomes(report.steps),
        "axes": data["axes"],
        "result_code": report.result_code,
        "warnings": data["warnings"],
        "good_until": report.good_until,
    }
    if data["recognition"] is not None:
        told["recognition"] = data["recognition"]
    if data["defects"]:
        told["defects"] = [defect["id"] for defect in data["defects"]]
    return told


def same_bytes(case, report, digests):
    name, of_json, of_cbor = next(digests)
    assert name == case["name"], (name, case["name"])
    assert hashlib.sha256(report.json(texts=True)).hexdigest() == of_json, "the JSON is not the one that Rust wrote"
    assert hashlib.sha256(report.cbor()).hexdigest() == of_cbor, "the CBOR is not the one that Rust wrote"


def verify(case, digests):
    verifier, asked = Verifier(filled(case), policy(case)), question(case)
    for row in case["inputs"]:
        report = verifier.verify(bytes.fromhex(row["hex"]), *time(case), **asked)
        found, expected = summary(report), case["expected"]
        assert found == expected, (row["note"], found, expected)
        assert report.kind is Kind.LICENSE and report.stamps == []
        if asked.get("document_digest") == hashlib.sha256(DOCUMENT).digest():
            by_document = {**asked, "document": DOCUMENT, "document_digest": None, "document_sm3": None}
            by_document = verifier.verify(bytes.fromhex(row["hex"]), *time(case), **by_document)
            # It is digested by SM3 too, and the report says so.
            assert by_document.verdict is report.verdict or report.reason.symbol == "document.not_digested", row["note"]
        same_bytes(case, report, digests)


def outcomes(found):
    told = {}
    for asked, result in found.items():
        told[asked.name.lower()] = {"outcome": result.outcome.name.lower().replace("_", "-")}
        if result.reason:
            told[asked.name.lower()]["reason"] = result.reason.symbol
    return told


def stamp_summary(report):
    data = report.data()
    try:
        points = outcomes(report.points)
    except zhengyin.Error:
        points = None
    return {
        "verdict": report.verdict.name.lower(),
        "step": report.deciding_step.name.lower() if report.deciding_step else None,
        "reason": report.reason.symbol if report.reason else None,
        "steps": outcomes(report.steps),
        "points": points,
        "axes": data["axes"],
        "result_code": report.result_code,
        "warnings": data["warnings"],
    }


def seal(case, digests):
    verifier, asked = Verifier(filled(case), policy(case)), question(case)
    for row in case["inputs"]:
        report = verifier.verify_seal(bytes.fromhex(row["hex"]), *time(case), **asked)
        assert report.kind is Kind.SEAL
        assert stamp_summary(report) == case["expected"], (row["note"], stamp_summary(report))
        same_bytes(case, report, digests)


def stamps_of(verifier, case, row, asked):
    """The report, and that the document may come whole, from a file, or in pieces of any size."""
    more = {"license_type": row.get("license_type"), "seals": bytes.fromhex(row.get("seals", "")), **asked}
    file, document = bytes.fromhex(row["hex"]), row.get("document")
    if document is None:
        return verifier.verify_stamps(None, file, *time(case), **more)
    document = bytes.fromhex(document)
    whole = verifier.verify_stamps(document, file, *time(case), **more)
    for size in (1, 3, 64):
        stream = verifier.open_stamps(file, *time(case), **more)
        for at in range(0, len(document), size):
            stream.update(document[at : at + size])
        report = stream.finish()
        assert report.cbor() == whole.cbor()
    assert verifier.verify_stamps(io.BytesIO(document), file, *time(case), **more).cbor() == whole.cbor()
    return whole


def stamps(case, digests):
    verifier, asked = Verifier(filled(case), policy(case)), question(case)
    for row in case["inputs"]:
        report = stamps_of(verifier, case, row, asked)
        assert report.kind is Kind.STAMPS
        parts = report.stamps
        found = {
            "verdict": report.verdict.name.lower(),
            "step": report.deciding_step.name.lower() if report.deciding_step else None,
            "reason": report.reason.symbol if report.reason else None,
            "stamps": [stamp_summary(stamp) for stamp in parts],
        }
        assert found == case["expected"], (row.get("note"), found)
        ends = [stamp.good_until for stamp in parts if stamp.good_until is not None]
        assert report.good_until == min(ends, default=None)
        assert report.exit_code == {1: 0, 2: 10, 0: 20}[int(report.verdict)]
        same_bytes(case, report, digests)
        del report
        for stamp in parts:
            assert stamp.kind is Kind.STAMP and stamp.stamps == []
            same_bytes(case, stamp, digests)


def flips(case):
    verifier, asked = Verifier(filled(case), policy(case)), question(case)
    for row in case["inputs"]:
        data = bytearray.fromhex(row["hex"])
        for bit in range(len(data) * 8):
            data[bit // 8] ^= 1 << bit % 8
            assert verifier.verify(bytes(data), *time(case), **asked).verdict is not Verdict.VALID, bit
            data[bit // 8] ^= 1 << bit % 8
        assert verifier.verify(bytes(data), *time(case), **asked).verdict is Verdict.VALID


def held(store):
    told = store.held()
    of = lambda kind: [row for row in told["objects"] if row["kind"] == kind]
    return {
        "trust_list": next((row["seq"] for row in of("trust-list")), None),
        "directories": {row["of"]: row["seq"] for row in of("directory")},
        "status_lists": {row["of"]: row["seq"] for row in of("status-list")},
        "evidence": [kept["reason"] for kept in told["evidence"] if kept["reason"] != "store.rolled_back"],
        "floor": told["floor"],
    }


def store_alone(case):
    store = filled(case)
    assert held(store) == case["expected"], held(store)
    assert held(Store.from_bytes(store.to_bytes())) == case["expected"]


def sequence(case):
    store = Store.empty(case["store"]["pin"])
    verifier, asked = Verifier(store, policy(case)), question(case)
    for number, step in enumerate(case["steps"]):
        if step["object"] is not None:
            store, answers = apply(store, offered(step["object"]), step["at"])
            assert answers == [step["answer"]], (number, answers)
        for held_so in (store, Store.from_bytes(store.to_bytes())):
            # One verifier all the way: what it holds is replaced under it.
            verifier.replace_store(held_so)
            for row in case["inputs"]:
                report = verifier.verify(bytes.fromhex(row["hex"]), step["at"], case["uncertainty"], **asked)
                found = {
                    "verdict": report.verdict.name.lower(),
                    "step": report.deciding_step.name.lower() if report.deciding_step else None,
                    "reason": report.reason.symbol if report.reason else None,
                }
                assert found == {name: step[name] for name in found}, (number, found)
    assert [kept["reason"] for kept in store.held()["evidence"]] == case["expected"]["evidence"]


def decoded(texts, with_form):
    try:
        found = zhengyin.decode(texts)
    except zhengyin.RefusedError as error:
        return {"accepted": False, "reason": error.reason.symbol}
    told = {"accepted": True, "carrier": found.carrier.name.lower(), "hex": found.data.hex()}
    more = {"form": found.form, "parts": found.parts} if with_form else {"repaired": list(found.repaired)}
    return {**told, **more}


def carrier(case):
    for row in case["inputs"]:
        assert decoded([row["text"]], False) == case["expected"], row["note"]


def parts(case):
    for row in case["inputs"]:
        assert decoded(row["texts"], True) == case["expected"], row["note"]


def item(case):
    """Of `fault`, the reader's own word, the interface says nothing: the ground is what callers see."""
    for row in case["inputs"]:
        shown = zhengyin.inspect(bytes.fromhex(row["hex"]))
        assert shown["verified"] is False
        assert shown["canonical"] == case["expected"]["accepted"], row["note"]
        assert shown["reason"] == case["expected"].get("reason"), row["note"]


def told_by_rust(reports, name):
    return iter([line.split() for line in Path(reports, name).read_text().splitlines()])


def main(reports):
    digests, of_stamps = (told_by_rust(reports, name) for name in ("reports.txt", "stamps.txt"))
    told = {"verify": (verify, digests), "stamps": (stamps, of_stamps), "seal": (seal, of_stamps)}
    kinds = {"flips": flips, "store": store_alone, "sequence": sequence, "carrier": carrier, "parts": parts, "cbor": item}
    done, left = {}, {}
    for case in cases():
        kind = case["kind"]
        if kind in NOT_FOR_CALLERS:
            left[kind] = left.get(kind, 0) + 1
            continue
        try:
            if kind in told:
                run, lines = told[kind]
                run(case, lines)
            else:
                kinds[kind](case)
        except Exception as error:
            raise SystemExit(f"{case['name']}: {type(error).__name__}: {error}")
        done[kind] = done.get(kind, 0) + 1
    assert next(digests, None) is None and next(of_stamps, None) is None, "Rust wrote more reports than there are cases"
    for row in json.loads((VECTORS / "reasons.json").read_text())["reasons"]:
        reason = Reason(row["number"])
        assert (reason.symbol, reason.text("zh"), reason.text("en")) == (row["symbol"], row["zh"], row["en"])
    print(f"python: {sum(done.values())} cases run: {done}")
    for kind, count in left.items():
        print(f"python: {count} cases of kind {kind} are not for callers: {NOT_FOR_CALLERS[kind]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
