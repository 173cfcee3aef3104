"""Writes a small scene out of the test vectors, for the programs in C, Java, Node and Go: `scene.py FOLDER`.

in-force.store, revoked.store   one license's trust data before and after it was revoked
license.zyl, license.txt        the license, and its code as digits
trust.pack, pin.txt             what makes in-force.store of nothing
shown.store, shown.zyl          a license that its holder shows
facts.json, key.pem             what a license is issued from, by a key that anyone can derive
stamped.store, document.pdf     a document of two provinces, its stamps, and the seal of one
document.zys, seal.zye
beside.store, beside.zyl        a license that names document.pdf
maker.pem, stamper.pem          the keys of that seal's maker and of who stamps with it, which anyone can derive too
scene.txt                       region, time; region, time and uncertainty of what is shown
sealed.txt                      time of what is stamped; the list and position of the seal
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import zhengyin
from zhengyin import Store

from zhengyin import Verifier

from vectors import DOCUMENT, filled, offered, policy, time

ROOT = Path(__file__).parents[2]
CASES = ROOT / "test-vectors" / "cases"


def pem(seed):
    key = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + seed).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"


def demonstration(name):
    """As examples/world derives its keys."""
    return pem(hashlib.sha256(f"zhengyin demonstration key: {name}".encode()).digest())


def case_of(name):
    return json.loads((CASES / "stamp" / f"{name}.json").read_text())


def sealed(out):
    stamped, alone, beside = map(case_of, ("stamps-of-two-provinces", "seal-alone", "license-with-its-document"))
    store = filled(stamped)
    (out / "stamped.store").write_bytes(store.to_bytes())
    (out / "document.pdf").write_bytes(bytes.fromhex(stamped["inputs"][0]["document"]))
    (out / "document.zys").write_bytes(bytes.fromhex(stamped["inputs"][0]["hex"]))
    seal = bytes.fromhex(alone["inputs"][0]["hex"])
    (out / "seal.zye").write_bytes(seal)
    (out / "beside.store").write_bytes(filled(beside).to_bytes())
    (out / "beside.zyl").write_bytes(bytes.fromhex(beside["inputs"][0]["hex"]))
    assert bytes.fromhex(stamped["inputs"][0]["document"]) == DOCUMENT
    facts = Verifier(store, policy(stamped)).verify_seal(seal, *time(alone)).facts
    (out / "maker.pem").write_text(demonstration(f"maker {facts['maker']}"))
    (out / "stamper.pem").write_text(demonstration(f"stamp {facts['owner']}"))
    (out / "sealed.txt").write_text(" ".join(map(str, [stamped["clock"]["now"], *facts["status"]])) + "\n")


def main(folder):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    case = json.loads((CASES / "sequence" / "state-from-in-force-to-revoked.json").read_text())
    store, stores, pack = Store.empty(case["store"]["pin"]), {}, b""
    for step in case["steps"]:
        if step["object"]:
            store, _ = store.apply_object(offered(step["object"]), step["at"], zhengyin.EXACTLY)
            pack += offered(step["object"]) if "valid" not in stores else b""
        stores[step["verdict"]] = (store, step["at"])
    license = bytes.fromhex(case["inputs"][0]["hex"])
    (out / "in-force.store").write_bytes(stores["valid"][0].to_bytes())
    (out / "revoked.store").write_bytes(stores["invalid"][0].to_bytes())
    (out / "license.zyl").write_bytes(license)
    (out / "license.txt").write_text(zhengyin.encode(license) + "\n")
    (out / "trust.pack").write_bytes(pack)
    (out / "pin.txt").write_text(case["store"]["pin"])
    shown = json.loads((CASES / "presentation" / "presentation-timed-for-this-verifier-is-live.json").read_text())
    (out / "shown.store").write_bytes(filled(shown).to_bytes())
    (out / "shown.zyl").write_bytes(bytes.fromhex(shown["inputs"][0]["hex"]))
    (out / "facts.json").write_bytes((ROOT / "examples/data/business-license.json").read_bytes())
    (out / "key.pem").write_text(pem(bytes([7] * 32)))
    clock = shown["clock"]
    lines = [case["policy"]["region"], stores["valid"][1], shown["policy"]["region"], clock["now"], clock["uncertainty"]]
    (out / "scene.txt").write_text(" ".join(map(str, lines)) + "\n")
    sealed(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
