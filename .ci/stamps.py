"""Reads and writes seals and stamps by docs/format.md alone, with cbor2 and the Ed25519 of `cryptography`: nothing of it was taken from the
library. Usage: stamps.py TEST-VECTORS [ZHENGYIN]

Reading: every file of stamps of the test vectors. Where a vector says that a signature, a document, a key, an owner, a validity or a kind
passed or failed, this reader must come to the same; the bytes that it reads it must write again as they were.

Writing: the license, the seal and the stamp of a demonstration, from the facts below and the demonstration's keys, must be the bytes of the
test vectors. New ones, which stand in no vector, must be valid to ZHENGYIN, and invalid where one fact is changed.
"""

import collections
import datetime
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import cbor2
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519, SHA256, SM3 = -19, -16, -70012
STATUS, SEAL, STAMP = -70002, -70003, -70004
COUNTER = "application/x.zy.stamp"
SIGN1 = 18


def encode(value):
    """Deterministic CBOR, format.md section 1: keys in the order of their bytes."""
    if isinstance(value, dict):
        members = sorted((encode(key), encode(member)) for key, member in value.items())
        return head(5, len(members)) + b"".join(key + member for key, member in members)
    if isinstance(value, (list, tuple)):
        return head(4, len(value)) + b"".join(map(encode, value))
    if isinstance(value, cbor2.CBORTag):
        return head(6, value.tag) + encode(value.value)
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, datetime.date):  # RFC 8943, which cbor2 reads as dates
        return head(6, 100) + encode((value - datetime.date(1970, 1, 1)).days)
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    text = value.encode()
    return head(3, len(text)) + text


def head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes([major << 5 | info]) + argument.to_bytes(size, "big")
    raise ValueError(argument)


def spki(public):
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def to_be_signed(protected, payload):
    """Section 2: the Sig_structure of a COSE_Sign1 without external data, whose SHA-256 is the object digest."""
    return encode(["Signature1", protected, b"", payload])


class Envelope:
    """A COSE_Sign1 as it was received."""

    def __init__(self, tagged):
        assert tagged.tag == SIGN1 and len(tagged.value) == 4
        self.protected, self.unprotected, self.payload, self.signature = tagged.value
        self.header = cbor2.loads(self.protected)
        self.signed = to_be_signed(self.protected, self.payload)
        self.digest = hashlib.sha256(self.signed).digest()
        self.bytes = encode(tagged)
        assert encode(self.header) == self.protected

    def is_by(self, public):
        try:
            public.verify(self.signature, self.signed)
            return True
        except InvalidSignature:
            return False


def sequence(data):
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        yield cbor2.load(stream)


class Held:
    """The keys that the directories of a store list (section 6), for whatever use: who may is another question than who signed."""

    def __init__(self, folder, offers):
        self.bytes = [bytes.fromhex("".join((folder / f"{offer['object']}.hex").read_text().split())) for offer in offers]
        self.keys = []
        for name, data in zip(offers, self.bytes):
            if not name["object"].startswith("directory"):
                continue
            for issuer in cbor2.loads(cbor2.loads(data).value[2])[6]:
                try:
                    public = x509.load_der_x509_certificate(issuer[1]).public_key()
                except ValueError:
                    continue
                if isinstance(public, Ed25519PublicKey):
                    self.keys.append(public)

    def signer(self, envelope):
        """The listed key that made a signature; None where none did."""
        for public in self.keys:
            if hashlib.sha256(spki(public)).digest()[:8] == envelope.header[4] and envelope.is_by(public):
                return public
        return None


def digest_of(document, algorithm):
    return hashlib.new({SHA256: "sha256", SM3: "sm3"}[algorithm], document).digest()


def read(row, held):
    """What this reader says of each stamp: point or step, True or False."""
    objects = [Envelope(item) for item in sequence(bytes.fromhex(row["hex"]) + bytes.fromhex(row.get("seals") or ""))]
    seals = collections.defaultdict(list)
    stamps, seen = [], set()
    for envelope in objects:
        typ = envelope.header[16]
        if typ == "application/x.zy.seal":
            seals[envelope.digest].append(envelope)
        elif envelope.bytes not in seen:
            stamps.append(envelope)
        seen.add(envelope.bytes)
    document = None if row.get("document") is None else bytes.fromhex(row["document"])
    for stamp in stamps:
        yield answers(stamp, stamps, seals, document, row.get("license_type"), held)


def answers(stamp, stamps, seals, document, license_type, held):
    claims = stamp.header[15]
    what = claims[STAMP]
    said = {}
    signer = held.signer(stamp)
    said["signature"] = signer is not None
    covered = stamp
    while covered is not None and covered.header[259].lower() == COUNTER:
        covered = next((other for other in stamps if other.digest == covered.payload), None)
    if document is not None and covered is not None:
        said["document"] = digest_of(document, covered.header[258]) == covered.payload
    copies = seals.get(what[1], [])
    said["present"] = bool(copies)
    if not copies:
        return said
    seal = next((copy for copy in copies if held.signer(copy)), copies[0])
    made = cbor2.loads(seal.payload)
    assert encode(made) == seal.payload
    body = made[SEAL]
    said["seal signature"] = held.signer(seal) is not None
    said["owner"] = body[4][2] == claims[1]
    if signer is not None:
        said["key"] = hashlib.sha256(spki(signer)).digest() in body[6]
    said["validity"] = made[5] <= claims[6] < made[4]
    kinds = [kind.lower() for kind in body.get(7, [])]
    if 7 not in body:
        said["kind"] = True
    elif covered is not None:
        said["kind"] = covered.header[259].lower() in kinds or (license_type or "").lower() in kinds
    return said


def compare(folder):
    compared, rows = collections.Counter(), 0
    for path in sorted((folder / "cases" / "stamp").glob("*.json")):
        case = json.loads(path.read_text())
        if case["kind"] != "stamps" or any(offer["answer"] != "new" for offer in case["store"]["offers"]):
            continue
        held = Held(folder / "objects", case["store"]["offers"])
        for row in case["inputs"]:
            try:
                found = list(read(row, held))
            except Exception as error:
                # What this reader cannot read must not be valid.
                assert case["expected"]["verdict"] != "valid", (path.name, row.get("note"), error)
                continue
            rows += 1
            for said, expected in zip(found, case["expected"]["stamps"]):
                if expected["points"] is None:
                    continue
                stated = {name: expected["steps"][name]["outcome"] for name in ("signature", "document")}
                stated |= {name: point["outcome"] for name, point in expected["points"].items()}
                stated["seal signature"] = expected["points"]["signature"]["outcome"]
                stated["signature"] = expected["steps"]["signature"]["outcome"]
                for name, answer in said.items():
                    if stated[name] == "passed" or stated[name] == "failed":
                        assert answer == (stated[name] == "passed"), (path.name, row.get("note"), name, stated[name])
                        compared[name, stated[name]] += 1
    assert all(compared[name, "failed"] for name in ("signature", "document", "owner", "key", "validity", "kind")), compared
    print(f"{rows} files of stamps read by another's code: {sum(compared.values())} answers compared, "
          f"{sum(count for (_, word), count in compared.items() if word == 'failed')} of them failures")


# Writing. -------------------------------------------------------------------------------------------------------------------------------

OWNER, MAKER, NAME = "11990100MB0000000P", "11990000MB0000908E", "示例甲省示范市市场监督管理局"
PICTURE = (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
           b'<circle cx="20" cy="20" r="19" fill="none" stroke="red"/></svg>')


def secret(name):
    """test-vectors/README.md: anyone can derive the keys."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"zhengyin demonstration key: {name}".encode()).digest())


def sign(protected, payload, key):
    public = spki(key.public_key())
    protected = encode({1: ED25519, 4: hashlib.sha256(public).digest()[:8]} | protected)
    signed = to_be_signed(protected, payload)
    envelope = encode(cbor2.CBORTag(SIGN1, [protected, {}, payload, key.sign(signed)]))
    return envelope, hashlib.sha256(signed).digest()


def write_seal(identifier, position, changed=None, validity=(1782180000, 1877220000)):
    stamper = spki(secret(f"stamp {OWNER}").public_key())
    seal = {1: "99010000000000", 2: NAME, 3: 1, 4: {1: NAME, 2: OWNER},
            5: {1: "image/svg+xml", 2: PICTURE, 3: 40, 4: 40}, 6: [hashlib.sha256(stamper).digest()]} | (changed or {})
    claims = {1: MAKER, 4: validity[1], 5: validity[0], 6: 1782180000, 7: identifier, STATUS: [1, position], SEAL: seal}
    return sign({16: "application/x.zy.seal"}, encode(claims), secret(f"maker {MAKER}"))


def write_stamp(seal, document, identifier, said):
    claims = {1: OWNER, 6: 1790812800, 7: identifier, STAMP: {1: seal} | said}
    header = {15: claims, 16: COUNTER, 258: SHA256, 259: "application/pdf"}
    return sign(header, hashlib.sha256(document).digest(), secret(f"stamp {OWNER}"))


def licenses(folder):
    """Every license of the vectors that is valid, from what it says, by its issuer's key: the same bytes."""
    count = 0
    for path in sorted((folder / "cases").glob("*/*.json")):
        case = json.loads(path.read_text())
        if case["kind"] != "verify" or case["expected"].get("verdict") != "valid":
            continue
        for row in case["inputs"]:
            received = Envelope(next(sequence(bytes.fromhex(row["hex"]))))
            claims = cbor2.loads(received.payload)
            if received.header.keys() != {1, 4, 16} or received.header[1] != ED25519 or received.unprotected:
                continue
            license, _ = sign({16: "application/x.zy.license"}, encode(claims), secret(f"license {claims[1]}"))
            assert license == received.bytes, (path.name, row.get("note"))
            count += 1
    assert count > 100, count
    print(f"{count} valid licenses written again by another's code from what they say: the same bytes")


def written(folder):
    case = json.loads((folder / "cases/stamp/stamp-of-a-unit.json").read_text())
    row = next(row for row in case["inputs"] if row.get("note") == "with place and reason")
    document = bytes.fromhex(row["document"])
    seal, digest = write_seal(bytes.fromhex("64653be18ceb2c083650ba382319438d"), 0)
    said = {2: [3, 120, 230], 3: "同意"}
    stamp, _ = write_stamp(digest, document, bytes.fromhex("4d1bd8fb4f6778262293e70324b5ce9e"), said)
    assert (seal + stamp).hex() == row["hex"], "the seal and the stamp are not the bytes of the vector"
    print(f"a seal and a stamp written by another's code: the {len(seal) + len(stamp)} bytes of the vector")
    return case


def accepted(folder, case, program):
    """New ones, and one fact changed in each."""
    held = Held(folder / "objects", case["store"]["offers"])
    clock = ["--clock", "2026-10-01T10:00:00+08:00"]
    with tempfile.TemporaryDirectory() as scratch:
        place = pathlib.Path(scratch)
        (place / "week.zyp").write_bytes(b"".join(held.bytes))

        def run(*words):
            done = subprocess.run([program, "--home", place / "home", "--json", *words], capture_output=True, cwd=place)
            return done.returncode, done.stdout.decode(), done.stderr.decode()

        code, _, errors = run("store", "init", "--pin", case["store"]["pin"], "--from", "week.zyp", "--region", "990102", *clock)
        assert code == 0, errors
        document, said = b"another document", {3: "示例"}

        def ask(name, seal, stamp, expected, reason):
            (place / "a.zys").write_bytes(seal + stamp)
            (place / "a").write_bytes(document)
            code, told, errors = run("seal", "verify", "a.zys", *clock)
            told = json.loads(told)
            assert (code, told["reason"]) == (expected, reason), (name, code, told["reason"], errors)

        identifier = bytes(range(16))
        seal, digest = write_seal(identifier, 0, {2: "示例乙章", 7: ["11950000MB0000019Y001", "application/pdf"]})
        stamp, _ = write_stamp(digest, document, identifier, said)
        ask("good", seal, stamp, 0, None)
        ask("moved", seal, write_stamp(digest, b"x", identifier, said)[0], 10, "document.differs")
        # Stamped in the first second that is not within, and in the last before it.
        for validity, reason in (((1782180000, 1790812800), "seal.expired"), ((1790812801, 1877220000), "seal.not_yet")):
            other, short = write_seal(identifier, 0, validity=validity)
            ask(reason, other, write_stamp(short, document, identifier, said)[0], 10, reason)
        other, kinds = write_seal(identifier, 0, {7: ["image/png"]})
        ask("kind", other, write_stamp(kinds, document, identifier, said)[0], 10, "seal.kind")
        other, keys = write_seal(identifier, 0, {6: [bytes(32)]})
        ask("key", other, write_stamp(keys, document, identifier, said)[0], 10, "seal.key")
        other, picture = write_seal(identifier, 0, {5: {1: "image/svg+xml", 2: PICTURE[:-1], 3: 40, 4: 40}})
        ask("picture", other, write_stamp(picture, document, identifier, said)[0], 10, "seal.picture")
    print("seals and stamps that stand in no vector, written by another's code: one is valid, six are invalid each for its own ground")


def main():
    folder = pathlib.Path(sys.argv[1])
    compare(folder)
    licenses(folder)
    case = written(folder)
    if len(sys.argv) > 2:
        accepted(folder, case, str(pathlib.Path(sys.argv[2]).resolve()))


main()
