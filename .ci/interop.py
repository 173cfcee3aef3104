"""Checks what Zhengyin issued with code that nobody here wrote: a Python COSE library for signatures and claims, cbor2 for the lists,
OpenSSL for the certificates and for whatever SM2 signed, which no COSE library knows. Usage: interop.py FOLDER [ed25519|sm2|mixed], with the licenses (.zyl),
packs (.zyp) and what else a demonstration leaves, of either suite or of both.

A license whose file name says `tampered` must fail, every other must verify under a key that its province's directory lists. Every
certificate of a directory must lead to an anchor of the trust list by `openssl verify`, each link by itself, and none may when a byte of it is another
or, with SM2, when the signer's identifier is another. Every status list's root is computed again, its
details are read by docs/status-format.md, and the Token Status Lists (.cwt) that were made of them are read by another's implementation.
"""

import base64
import hashlib
import io
import pathlib
import subprocess
import sys
import tempfile
import zlib

import cbor2
from cryptography import x509
from cwt import COSE, COSEKey
from token_status_list import BitArray

ALG, KID, TYP = 1, 4, 16
ED25519, SM2 = -19, -70010
# The start of a SubjectPublicKeyInfo: of Ed25519 (RFC 8410), of SM2 on its curve, before an uncompressed point (GM/T 0006, GB/T 35276).
SPKI = {ED25519: bytes.fromhex("302a300506032b6570032100"), SM2: bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")}
SM2_CURVE_OF_COSE = -70011
IDENTIFIER = "1234567812345678"
LICENSE, STATUS = -70001, -70002


def sequence(data):
    """The items of a CBOR sequence."""
    stream = io.BytesIO(data)
    while stream.tell() < len(data):
        yield cbor2.load(stream)


class Key:
    """A public key, for the COSE library or, of SM2, for OpenSSL."""

    def __init__(self, spki):
        self.spki = spki
        self.alg = next(alg for alg, start in SPKI.items() if spki.startswith(start))
        self.kid = hashlib.sha256(spki).digest()[:8]

    @classmethod
    def of_certificate(cls, der):
        told = subprocess.run(["openssl", "x509", "-inform", "DER", "-pubkey", "-noout"], input=der, check=True, capture_output=True).stdout
        key = cls(base64.b64decode(b"".join(line for line in told.splitlines() if not line.startswith(b"-----"))))
        key.der = der
        return key

    @classmethod
    def of_cose(cls, key):
        if key[1] == 1:
            return cls(SPKI[ED25519] + key[-2])
        assert (key[1], key[-1]) == (2, SM2_CURVE_OF_COSE), key
        return cls(SPKI[SM2] + key[-2] + key[-3])

    def verifies(self, message, signature):
        if self.alg == SM2:
            return len(signature) == 64 and sm2_verifies(self.spki, message, in_der(signature))
        try:
            COSEKey.new({1: 1, -1: 6, -2: self.spki[-32:], 3: ED25519, 2: self.kid}).verify(message, signature)
            return True
        except Exception:  # the library has one class of error for each thing that may be wrong
            return False


def in_der(signature):
    """r and s as OpenSSL wants them."""

    def integer(half):
        body = half.lstrip(b"\0")
        body = body if body and body[0] < 0x80 else b"\0" + body
        return b"\x02" + bytes([len(body)]) + body

    body = integer(signature[:32]) + integer(signature[32:])
    return b"\x30" + bytes([len(body)]) + body


def sm2_verifies(spki, message, signature, identifier=IDENTIFIER):
    """A signature in DER, by OpenSSL."""
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": spki, "signature": signature, "message": message}
        paths = {name: pathlib.Path(folder, name) for name in files}
        for name, data in files.items():
            paths[name].write_bytes(data)
        command = ["openssl", "dgst", "-sm3", "-keyform", "DER", "-verify", paths["key"], "-sigopt", f"distid:{identifier}"]
        return subprocess.run([*command, "-signature", paths["signature"], paths["message"]], capture_output=True).returncode == 0


def verified(envelope, keys, typ):
    """The payload of a COSE_Sign1 that one of the keys signed, or None. The library checks the signature."""
    body, _, payload, signature = envelope.value
    protected = cbor2.loads(body)
    assert protected[ALG] in SPKI and protected[TYP] == typ, protected
    for key in keys:
        if (key.kid, key.alg) != (protected[KID], protected[ALG]):
            continue
        if key.alg == SM2:
            # RFC 9052, section 4.4.
            if key.verifies(cbor2.dumps(["Signature1", body, b"", payload]), signature):
                return payload
            continue
        try:
            cose = COSEKey.new({1: 1, -1: 6, -2: key.spki[-32:], 3: ED25519, 2: key.kid})
            return COSE.new().decode(cbor2.dumps(envelope), cose)
        except Exception:  # the library has one class of error for each thing that may be wrong
            continue
    return None


def hash_of(envelope):
    """The hash of the suite that signed."""
    return "sm3" if cbor2.loads(envelope.value[0])[ALG] == SM2 else "sha256"


class Federation:
    """Trust list and directories of some packs."""

    def __init__(self, packs):
        items = [item for pack in packs for item in sequence(pack)]
        trusts = [item for item in items if getattr(item, "tag", None) == 98]
        lists = [cbor2.loads(trust.value[2]) for trust in trusts]
        self.trust = max(lists, key=lambda trust: trust[2])
        self.check_trust_list(trusts)
        self.directories = {}
        anchors = {code: [Key.of_certificate(anchor[1]) for anchor in province[2]] for code, province in self.trust[8].items()}
        for item in items:
            if getattr(item, "tag", None) != 18:
                continue
            region = cbor2.loads(item.value[2])[1]
            payload = verified(item, anchors[region], "application/x.zy.issuers")
            assert payload is not None, f"the directory of {region} is not signed by its anchor"
            self.directories[region] = cbor2.loads(payload)
        self.anchors = anchors
        self.keys = [Key.of_certificate(issuer[1]) for directory in self.directories.values() for issuer in directory[6]]
        self.status_lists = [item for item in items if isinstance(item, list)]

    def check_trust_list(self, trusts):
        """Each trust list is signed by one of the signers that it names itself, at least."""
        for trust in trusts:
            keys = [Key.of_cose(signer[1]) for signer in cbor2.loads(trust.value[2])[6]]
            body, _, payload, signatures = trust.value
            good = 0
            for protected, _, signature in signatures:
                signed = cbor2.dumps(["Signature", body, protected, b"", payload])
                good += any(key.verifies(signed, signature) for key in keys)
            assert good >= cbor2.loads(payload)[7], "too few signers"


def tree(leaves, algorithm):
    """RFC 9162, section 2.1.1, by the hash of this name."""
    if len(leaves) == 1:
        return hashlib.new(algorithm, b"\x00" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.new(algorithm, b"\x01" + tree(leaves[:left], algorithm) + tree(leaves[left:], algorithm)).digest()


def positions(block, span, k):
    """The positions of one block, by docs/status-format.md section 2."""
    bits = [byte >> n & 1 for byte in block for n in range(8)]
    if not bits:
        return []
    if bits[0]:
        assert bits[1:4] == [0, 1, 0], "a form that the document does not have"
        return [n for n in range(span) if bits[4 + n]]
    found, at, place = [], 1, 0
    while 1 in bits[at:]:
        one = bits.index(1, at)
        low = sum(bit << n for n, bit in enumerate(bits[one + 1 : one + 1 + k]))
        place += (one - at << k) + low
        found.append(place)
        place, at = place + 1, one + 1 + k
    return found


class Bits:
    """The bits of a block of details, from the least significant of each byte."""

    def __init__(self, block):
        self.bits = [byte >> n & 1 for byte in block for n in range(8)]
        self.at = 0

    def take(self, count):
        found = self.bits[self.at : self.at + count]
        assert len(found) == count, "cut short"
        self.at += count
        return sum(bit << n for n, bit in enumerate(found))

    def unary(self):
        zeros = self.bits.index(1, self.at) - self.at
        self.at += zeros + 1
        return zeros

    def rice(self, k):
        quotient = self.unary()
        return (quotient << k) + self.take(k)

    def column(self, count):
        """docs/status-format.md section 5, Columns."""
        if count == 0:
            return []
        form, base = self.take(2), self.take(self.take(6))
        if form == 0:
            width = self.take(6)
            return [base + self.take(width) for _ in range(count)]
        k = self.take(5)
        if form == 1:
            return [base + self.rice(k) for _ in range(count)]
        values = [base]
        for _ in range(count - 1):
            code = self.rice(k)
            values.append(values[-1] + (code // 2 if code % 2 == 0 else -(code + 1) // 2))
        return values


def blocks_of(region, count):
    """The blocks of a layer or of the details, and its directory."""
    width, shortest = region[0], int.from_bytes(region[1:4], "little")
    at, lengths = 4, []
    for group in range(0, count, 32):
        assert int.from_bytes(region[at : at + 5], "little") == sum(lengths)
        at += 5
        for _ in range(min(32, count - group)):
            lengths.append(shortest + int.from_bytes(region[at : at + width], "little"))
            at += width
    directory, blocks = region[:at], []
    for size in lengths:
        blocks.append(region[at : at + size])
        at += size
    assert at == len(region), "the blocks do not fill the layer"
    return directory, blocks


def details(blocks, b, states):
    """What the details tell of each listed position: day, cause, successor; and how many past spells there are."""
    told, spells = {}, 0
    for number, block in enumerate(blocks):
        listed = sorted(place for place, state in states.items() if place >> b == number and state != 7)
        if not block:
            assert not listed
            continue
        bits = Bits(block)
        for state in range(1, 7):
            places = [place for place in listed if states[place] == state]
            days, causes = bits.column(len(places)), bits.column(len(places))
            lists = bits.column(len(places)) if state == 3 else []
            indices = iter(bits.column(sum(1 for found in lists if found)))
            successors = [(found, next(indices)) if found else None for found in lists] or [None] * len(places)
            told.update(zip(places, zip(days, causes, successors)))
        zeros = bits.unary()
        past = (1 << zeros) + bits.take(zeros) - 1
        columns = [bits.column(past) for _ in range(5)]
        assert all(1 <= state <= 6 for state in columns[1])
        assert len(bits.bits) - bits.at < 8 and 1 not in bits.bits[bits.at :], "padding"
        spells += past
    return told, spells


def status_list(item, federation):
    """Verifies a status list; gives its authority and the states of its positions."""
    envelope, body = item
    payload = verified(envelope, federation.keys, "application/x.zy.status")
    assert payload is not None, "a status list is signed by nobody that is listed"
    header = cbor2.loads(payload)
    length, states, directories, leaves = header[6], {}, b"", []
    for state, (count, b, k, complement, offset, size) in header[7].items():
        directory, blocks = blocks_of(body[offset : offset + size], -(-length >> b))
        directories += directory
        stored = set()
        for number, block in enumerate(blocks):
            leaves.append(block)
            span = min(1 << b, length - (number << b))
            stored.update((number << b) + place for place in positions(block, span, k))
        listed = set(range(length)) - stored if complement else stored
        assert len(listed) == count, "the count is not that of the positions"
        states.update((place, state) for place in listed)
    parameters = cbor2.dumps(header[7], canonical=True)
    if 11 in header:
        count, b, k, complement, offset, size = header[11]
        assert (k, complement, offset + size) == (0, False, len(body))
        directory, blocks = blocks_of(body[offset:], -(-length >> b))
        told, spells = details(blocks, b, states)
        assert count == len(told) + spells, "the count is not that of the entries"
        parameters += cbor2.dumps(header[11])
        directories += directory
        leaves.extend(blocks)
        for place, (day, cause, successor) in told.items():
            print(f"  {header[1]}/{header[2]} position {place}: state {states[place]} since day {day}, cause {cause}, successor {successor}")
    assert tree([parameters + directories, *leaves], hash_of(envelope)) == header[8], "the root is not that of the body"
    return (header[1], header[2], header[4]), length, states


# Our states as status types: fine ones.
STATUS_TYPES = {0: 0x00, 1: 0x0D, 2: 0x02, 3: 0x03, 4: 0x0C, 5: 0x0E, 6: 0x0F, 7: 0x01}


def token_list(data, federation, states):
    """Verifies a Token Status List and compares it with the list of ours that was issued at the same time."""
    token = cbor2.loads(data)
    assert token.tag == 18
    payload = verified(token, federation.keys, "application/statuslist+cwt")
    assert payload is not None, "a token status list is signed by nobody that is listed"
    claims = cbor2.loads(payload)
    assert claims[4] > claims[6] and claims[65534] > 0
    authority, number = claims[1], int(claims[2].rsplit("/", 1)[1])
    length, listed = states[authority, number, claims[6]]
    content = zlib.decompressobj().decompress(claims[65533]["lst"], 1 << 26)
    statuses = BitArray(claims[65533]["bits"], content)
    assert length <= len(statuses) < length + 2, "two a byte"
    for position in range(length):
        assert statuses.get(position) == STATUS_TYPES[listed.get(position, 0)], f"{claims[2]}: position {position}"
    return sum(1 for position in range(length) if statuses.get(position))


def flipped(der, at):
    return der[:at] + bytes([der[at] ^ 1]) + der[at + 1 :]


def vouches_for_itself(anchor):
    """An anchor's own signature. `openssl verify -check_ss_sig` does not hand the identifier on to an anchor, so it is looked at by itself."""
    certificate = x509.load_der_x509_certificate(anchor.der)
    signed, signature = certificate.tbs_certificate_bytes, certificate.signature
    if anchor.alg == SM2:
        return sm2_verifies(anchor.spki, signed, signature) and not sm2_verifies(anchor.spki, signed, signature, "another")
    return anchor.verifies(signed, signature) and not anchor.verifies(signed + b"\0", signature)


def link_holds(folder, issuer, leaf, time, identifier=IDENTIFIER):
    """One link of a path, by `openssl verify`, the issuer trusted as it stands: OpenSSL 3.0 verifies no longer path of SM2, for it hands the identifier
    to the last certificate alone. The Mandate is critical and OpenSSL does not know it: hence -ignore_critical."""
    paths = pathlib.Path(folder, "issuer.pem"), pathlib.Path(folder, "leaf.pem")
    for path, der in zip(paths, (issuer.der, leaf)):
        path.write_text("-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() + "-----END CERTIFICATE-----\n")
    command = ["openssl", "verify", "-ignore_critical", "-x509_strict", "-attime", str(time), "-partial_chain", "-trusted", paths[0]]
    if issuer.alg == SM2:
        command += ["-vfyopt", f"distid:{identifier}"]
    return subprocess.run([*command, paths[1]], capture_output=True).returncode == 0


def openssl_verify(federation):
    """Every certificate of a directory, by OpenSSL under the anchor of its province, and the anchor by itself. None verifies when a bit of it is another, nor
    by another identifier if it is of SM2. Gives how many there are by suite."""
    count = {ED25519: 0, SM2: 0}
    with tempfile.TemporaryDirectory() as folder:
        for region, directory in federation.directories.items():
            anchors = federation.anchors[region]
            assert all(vouches_for_itself(anchor) for anchor in anchors), f"{region}: an anchor's own signature does not verify"
            for issuer in directory[6]:
                leaf, time = issuer[1], issuer[3] + 1
                good = [anchor for anchor in anchors if link_holds(folder, anchor, leaf, time)]
                assert len(good) == 1, f"{region}: OpenSSL verifies a certificate under {len(good)} anchors"
                # In its number, in the signature, and in the subject's key.
                key = leaf.find(Key.of_certificate(leaf).spki)
                for at in (20, len(leaf) - 5, key + 40):
                    assert not link_holds(folder, good[0], flipped(leaf, at), time), f"{region}: changed at {at} it verifies too"
                if good[0].alg == SM2:
                    for identifier in (IDENTIFIER[:-1] + "9", "示例甲省电子认证CA", "ALICE123@YAHOO.COM"):
                        assert not link_holds(folder, good[0], leaf, time, identifier), f"{region}: by {identifier} it verifies too"
                count[good[0].alg] += 1
    return count


def main(folder, expected=None):
    folder = pathlib.Path(folder)
    packs = [path.read_bytes() for path in sorted(folder.rglob("*.zyp"))]
    licenses = {path.name: path.read_bytes() for path in sorted(folder.rglob("*.zyl"))}
    assert packs and licenses, f"no packs or no licenses in {folder}"
    federation = Federation(packs)
    states = {}
    for item in federation.status_lists:
        key, length, listed = status_list(item, federation)
        states[key] = (length, listed)
    good = 0
    for name, data in licenses.items():
        payload = verified(next(sequence(data)), federation.keys, "application/x.zy.license")
        if "tampered" in name or "forged" in name or "stranger" in name:
            assert payload is None, f"{name} verifies"
            continue
        assert payload is not None, f"{name} does not verify"
        claims = cbor2.loads(payload)
        license, pointer = claims[LICENSE], claims[STATUS]
        assert len(claims[7]) == 16 and len(license[1]) == 21 and license[6].isdigit(), name
        newest = max((key for key in states if key[:2] == (claims[1], pointer[0])), key=lambda key: key[2], default=None)
        length, listed = states.get(newest, (0, {}))
        print(f"  {name}: {license[2]} {license[3]}, state {listed.get(pointer[1], 0) if pointer[1] < length else '?'}")
        good += 1
    assert good >= 10, f"only {good} licenses verified"
    tokens = [path.read_bytes() for path in sorted(folder.rglob("token-*.cwt"))]
    assert tokens, "no token status lists"
    listed = sum(token_list(token, federation, states) for token in tokens)
    assert listed > 0, "nothing is listed anywhere"
    certificates = openssl_verify(federation)
    print(
        f"{good} licenses, {len(states)} status lists, {len(tokens)} token status lists, {certificates[ED25519]} certificates of Ed25519 and "
        f"{certificates[SM2]} of SM2 verified from outside"
    )
    # Where SM2 is expected and none is seen, this checked nothing.
    for alg, name in ((ED25519, "ed25519"), (SM2, "sm2")):
        assert not expected or (certificates[alg] > 0) == (expected in (name, "mixed")), f"a federation of {expected}: {certificates}"


if __name__ == "__main__":
    main(*sys.argv[1:])
