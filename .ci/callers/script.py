"""Writes the cases of test-vectors/ as a script of calls, for programs in languages that have no JSON at hand: `script.py REPORTS`.

One call a line, fields between tabs; bytes in hexadecimal digits, texts in those of their UTF-8, `-` for what is not there:

    case      NAME
    store     PIN                                         an empty store
    object    BYTES TIME ANSWERS                          offered at exactly that time; n new, k known, else the number of the ground
    pack      BYTES TIME ANSWERS
    reload                                                the store written and read back
    held      SHA256                                      of zy_store_json
    policy    NAME REGION SKIPPED MAX_AGE BUDGETS CLASSES
    question  PURPOSE AUDIENCE USE_CASE CHALLENGE EVENT_TIME KNOWN_AS_OF SEEN SHA256 SM3     the last two: of a document beside a license
    verifier                                              of store and policy
    replace                                               the verifier's store by the present one
    verify    BYTES NOW UNCERTAINTY VERDICT STEP REASON JSON CBOR     the last two: SHA-256 of what Rust wrote, or -
    seal      BYTES NOW UNCERTAINTY VERDICT STEP REASON JSON CBOR
    stamps    BYTES DOCUMENT LICENSE_TYPE SEALS NOW UNCERTAINTY VERDICT STEP REASON JSON CBOR COUNT      `=` for a document of no bytes
    stamp     NUMBER VERDICT STEP REASON POINTS JSON CBOR      of the stamps before; POINTS: outcomes with grounds, or -
    flips     BYTES NOW UNCERTAINTY                       no bit that is turned makes it valid
    decode    TEXTS REASON BYTES CARRIER FORM PARTS REPAIRED
    inspect   BYTES SHA256                                of zy_inspect's JSON
"""

import hashlib
import json
import sys
from pathlib import Path

import zhengyin
from zhengyin import Carrier, Outcome, Point, Step, Store, Verdict

from vectors import NOT_FOR_CALLERS, VECTORS, cases, filled, offered, time, told_by_rust

NUMBERS = {row["symbol"]: row["number"] for row in json.loads((VECTORS / "reasons.json").read_text())["reasons"]}
REPAIRS = {"white_space": 1, "full_width_digits": 2, "lower_case": 4, "line_ends": 8}


def line(*fields):
    print(*("-" if field is None else field for field in fields), sep="\t")


def hexed(text):
    return None if text is None else text.encode().hex()


def answers(words):
    return ",".join({"new": "n", "known": "k"}.get(word) or str(NUMBERS[word]) for word in words)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def store(case):
    asked = case["store"]
    line("store", asked["pin"])
    offers = asked.get("offers", [])
    if asked.get("as_one_pack"):
        pack = b"".join(offered(offer["object"]) for offer in offers)
        line("pack", pack.hex(), max(offer["at"] for offer in offers), answers(offer["answer"] for offer in offers))
        return
    for offer in offers:
        line("object", offered(offer["object"]).hex(), offer["at"], answers([offer["answer"]]))


def policy(case):
    asked = case["policy"]
    more = asked.get("tightened", {})
    skipped = [step for step in (Step.RECOGNITION, Step.PRESENTATION) if not asked[step.name.lower()]]
    budgets = ";".join(":".join([hexed(name), *map(str, most)]) for name, most in more.get("budgets", {}).items())
    classes = ";".join(f"{prefix}:{hexed(name)}" for prefix, name in more.get("classes", {}).items())
    skipped = ",".join(str(int(step)) for step in skipped)
    suites = sum({"ed25519": 1, "sm2": 2}[name] for name in more.get("suites", []))
    limits = (more.get("max_status_age"), budgets or None, classes or None, suites or None)
    line("policy", asked["name"], asked["region"], skipped or None, *limits)


def question(case):
    asked = case["context"]
    seen = asked.get("seen")
    texts = [hexed(asked.get(name)) for name in ("purpose", "audience", "use_case")]
    times = [asked.get(name) for name in ("event_time", "known_as_of")]
    seen = None if seen is None else "," + ",".join(seen)
    line("question", *texts, asked.get("challenge"), *times, seen, asked.get("document"), asked.get("document_sm3"))


def verdict(told):
    number = NUMBERS[told["reason"]] if told["reason"] else 0
    step = Step[told["step"].upper()] if told["step"] else 0
    return int(Verdict[told["verdict"].upper()]), int(step), number


def verify(case, digests):
    store(case), policy(case), question(case)
    line("verifier")
    for row in case["inputs"]:
        if case["kind"] == "flips":
            line("flips", row["hex"], *time(case))
            continue
        _, of_json, of_cbor = next(digests)
        line("verify", row["hex"], *time(case), *verdict(case["expected"]), of_json, of_cbor)


def seal(case, digests):
    store(case), policy(case), question(case)
    line("verifier")
    for row in case["inputs"]:
        _, of_json, of_cbor = next(digests)
        line("seal", row["hex"], *time(case), *verdict(case["expected"]), of_json, of_cbor)


def points(told):
    """What each point came to, with its ground: `1` or `2:502`."""
    if told is None:
        return None
    told = [told[point.name.lower()] for point in Point]
    numbers = [Outcome[found["outcome"].upper().replace("-", "_")] for found in told]
    return ",".join(f"{number:d}" + (f":{NUMBERS[found['reason']]}" if "reason" in found else "") for number, found in zip(numbers, told))


def stamps(case, digests):
    store(case), policy(case), question(case)
    line("verifier")
    for row in case["inputs"]:
        _, of_json, of_cbor = next(digests)
        expected, document = case["expected"], row.get("document")
        given = [row["hex"], "=" if document == "" else document, row.get("license_type"), row.get("seals")]
        line("stamps", *given, *time(case), *verdict(expected), of_json, of_cbor, len(expected["stamps"]))
        for at, stamp in enumerate(expected["stamps"]):
            _, of_json, of_cbor = next(digests)
            line("stamp", at, *verdict(stamp), points(stamp["points"]), of_json, of_cbor)


def sequence(case):
    store(case), policy(case), question(case)
    line("verifier")
    held = Store.empty(case["store"]["pin"])
    for step in case["steps"]:
        if step["object"]:
            line("object", offered(step["object"]).hex(), step["at"], answers([step["answer"]]))
            held, _ = held.apply_object(offered(step["object"]), step["at"], zhengyin.EXACTLY)
        for again in (False, True):
            if again:
                line("reload")
            line("replace")
            for row in case["inputs"]:
                line("verify", row["hex"], step["at"], case["uncertainty"], *verdict(step), None, None)
    line("held", digest(json_of(held)))


def json_of(store):
    return zhengyin._bytes(zhengyin._lib.zy_store_json, store._handle)


def store_alone(case):
    store(case)
    expected = digest(json_of(filled(case)))
    line("held", expected)
    line("reload")
    line("held", expected)


def decode(case):
    for row in case["inputs"]:
        texts = row["texts"] if "texts" in row else [row["text"]]
        expected = case["expected"]
        found = [NUMBERS[expected["reason"]]] if not expected["accepted"] else [
            0,
            expected["hex"],
            int(Carrier[expected["carrier"].upper()]),
            expected.get("form"),
            expected.get("parts"),
            sum(REPAIRS[name] for name in expected["repaired"]) if "repaired" in expected else None,
        ]
        line("decode", ",".join(map(hexed, texts)), *found)


def item(case):
    for row in case["inputs"]:
        data = bytes.fromhex(row["hex"])
        line("inspect", row["hex"], digest(zhengyin._bytes(zhengyin._lib.zy_inspect, data, len(data))))


def main(reports):
    digests, of_stamps = (told_by_rust(reports, name) for name in ("reports.txt", "stamps.txt"))
    told = {"verify": (verify, digests), "flips": (verify, digests), "stamps": (stamps, of_stamps), "seal": (seal, of_stamps)}
    kinds = {"store": store_alone, "sequence": sequence, "carrier": decode, "parts": decode, "cbor": item}
    for case in cases():
        if case["kind"] not in NOT_FOR_CALLERS:
            line("case", case["name"])
            if case["kind"] in told:
                write, lines = told[case["kind"]]
                write(case, lines)
            else:
                kinds[case["kind"]](case)
    # What `cargo test --test suites` wrote in the same words: two provinces sign with SM2, two with Ed25519, and all count in all.
    print(Path(reports, "federation.txt").read_text(), end="")


main(*sys.argv[1:])
