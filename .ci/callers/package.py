"""The Python package by itself: what it says of mistakes, that it is typed, and that it issues."""

import hashlib
import inspect
import io
import json
import threading
from pathlib import Path

import zhengyin
from zhengyin import Error, FinishedError, Kind, Outcome, Point, Policy, RefusedError, Seen, Signer, SignerError, Step, Store, Verdict, Verifier
from zhengyin import _native

ROOT = Path(__file__).parents[2]
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="19" fill="none" stroke="red"/></svg>'
SYMBOLS = {line.split()[0] for line in (ROOT / ".ci/symbols.txt").read_text().splitlines()}


def fails(kind, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"{call} did not fail")


def main():
    assert SYMBOLS == set(_native.NAMES), SYMBOLS ^ set(_native.NAMES)
    assert (Path(zhengyin.__file__).parent / "py.typed").exists()
    for name in zhengyin.__all__:
        said = inspect.getdoc(getattr(zhengyin, name))
        assert name.isupper() or said, f"{name} says nothing of itself"
    assert zhengyin.ABI_VERSION == 1 and zhengyin.version().count(".") == 2 and zhengyin.can_issue()

    error = fails(Error, Store.empty, "12")
    assert "64 hexadecimal digits" in error.message_en and "参数" in error.message_zh and error.reason is None
    error = fails(RefusedError, Store.from_bytes, b"nothing")
    assert error.reason.symbol == "store.corrupt" and "信任库" in error.reason.text("zh"), error.reason.text("zh")
    fails(Error, Policy, "lenient")
    fails(Error, Policy("strict").skip, Step.SIGNATURE)
    fails(ValueError, Policy, "counter\0")
    fails(RefusedError, zhengyin.decode, "营业执照")
    fails(Error, Seen().add, b"short", 0)
    assert zhengyin.inspect(b"\xa0")["canonical"]

    # Without trust data nothing is believed, and nobody accused.
    store = Store.empty("00" * 32)
    report = zhengyin.verify(b"nothing", store, region="990102")
    assert report.verdict is Verdict.INVALID and report.deciding_step is Step.ENCODING and report.exit_code == 10
    assert report.facts is None and repr(report) == "<Report INVALID encoding.malformed>", repr(report)
    assert report.reason.caution("zh") and report.reason.remedy("en")

    pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n-----END PRIVATE KEY-----\n"
    signer = Signer.from_pem(pem)
    facts = json.loads((ROOT / "examples/data/business-license.json").read_text())
    at = {"issued_at": 1_790_820_000, "credential_id": bytes(range(16)), "status": (1, 7), "holder_key": signer.public_key}
    license = zhengyin.issue_license(signer, facts, **at)
    told = zhengyin.inspect(license)["object"]
    assert told["authentic"] is False and told["facts"]["number"] == facts["number"]
    shown = zhengyin.show_license(signer, license, issued_at=1_790_820_000, audience="示例政务大厅")
    assert shown.startswith(license)
    error = fails(Error, zhengyin.issue_license, signer, {**facts, "regoin": "1"}, **at)
    assert "unknown key regoin" in str(error)

    # A device that lends its key for one message, and one that breaks.
    lent = Signer.of_device(signer.public_key, lambda message: b"\0" * 64)
    fails(SignerError, zhengyin.issue_license, lent, facts, **at)

    def broken(_):
        raise OSError("gone")

    fails(SignerError, zhengyin.issue_license, Signer.of_device(signer.public_key, broken), facts, **at)
    report = zhengyin.verify(license, store, now=1_790_820_000)
    receipt = zhengyin.sign_receipt(signer, report, clock="told")
    verdict, why = zhengyin.replay(receipt, [license])
    assert verdict is Verdict.UNDETERMINED and why["steps"]["report"]["outcome"] == "passed", why

    # A document without trust data: nothing is believed, and nobody accused. A stream gives its report once.
    stream = Verifier(store).open_stamps(b"nothing")
    stream.update(b"a document")
    report = stream.finish()
    assert report.kind is Kind.STAMPS and report.verdict is Verdict.INVALID and report.deciding_step is Step.ENCODING
    fails(FinishedError, stream.finish)
    fails(FinishedError, stream.update, b"more")
    fails(Error, lambda: report.steps)
    fails(Error, lambda: report.stamps[0].points)
    assert report.facts is None and len(report.stamps) == 1
    fails(FileNotFoundError, zhengyin.verify_stamps, "no such document", b"nothing", store)
    fails(Error, zhengyin.verify_stamps, None, b"nothing", store, license_type="1")

    # A seal is made and stamps a document, by keys that stand here for a device's.
    at, keys = 1_790_820_000, hashlib.sha256(signer.public_key).digest()
    made = zhengyin.make_seal(
        signer, maker_code="11990000MB0000908E", code="99010000000007", name="示例专用章", owner="11990100MB0000000P", owner_name="示例局",
        picture=PICTURE, millimetres=(40, 40), signers=[keys], valid=(at, at + 86_400), issued_at=at, seal_id=bytes(16), status=(1, 0), allowed=["application/pdf"],
    )  # fmt: skip
    assert zhengyin.Verifier(store).verify_seal(made, at).data()["object"]["facts"]["name"] == "示例专用章"
    how = {"stamp_id": bytes(16), "stamped_at": at}
    stamped = zhengyin.stamp(signer, made, document=b"a document", media_type="application/pdf", place=(1, 20, 30), reason="同意", **how)
    report = zhengyin.verify_stamps(io.BytesIO(b"a document"), stamped, store, now=at + 60)
    assert report.verdict is Verdict.UNDETERMINED and report.stamps[0].steps[Step.DOCUMENT].outcome is Outcome.PASSED
    assert report.stamps[0].points[Point.PRESENT].outcome is Outcome.PASSED
    assert zhengyin.verify_stamps(b"another", stamped, store, now=at + 60).stamps[0].steps[Step.DOCUMENT].outcome is Outcome.FAILED
    verdict, why = zhengyin.replay(zhengyin.sign_receipt(signer, report), [stamped])
    assert verdict is Verdict.UNDETERMINED and why["steps"]["report"]["outcome"] == "passed", why
    fails(Error, zhengyin.sign_receipt, signer, report.stamps[0])
    digest = bytes.fromhex(report.stamps[0].data()["object"]["digest"])
    both = zhengyin.stamp(signer, made, stamp_digest=digest, file=stamped, stamp_id=bytes([1] * 16), stamped_at=at)
    assert len(zhengyin.verify_stamps(b"a document", both, store, now=at + 60).stamps) == 2
    fails(RefusedError, zhengyin.stamp, signer, made, document=b"", media_type="text/plain", **how)
    fails(SignerError, zhengyin.stamp, lent, made, document=b"", media_type="application/pdf", **how)

    verifier, wrong = Verifier(store), []

    def many():
        for _ in range(200):
            if verifier.verify(license, 1_790_820_000).verdict is not Verdict.UNDETERMINED:
                wrong.append(1)

    threads = [threading.Thread(target=many) for _ in range(4)]
    [thread.start() for thread in threads]
    for _ in range(50):
        verifier.replace_store(Store.empty("11" * 32))
    [thread.join() for thread in threads]
    assert not wrong
    print(f"python: the package {zhengyin.version()} holds")


main()
