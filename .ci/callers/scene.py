"""Writes a small scene out of the test vectors, for the programs in C, Java, Node and Go: `scene.py FOLDER`.

in-force.store, revoked.store   one license's trust data before and after it was revoked
license.zyl, license.txt        the license, and its code as digits
trust.pack, pin.txt             what makes in-force.store of nothing
shown.store, shown.zyl          a license that its holder shows
facts.json, key.pem             what a license is issued from, by a key that anyone can derive
scene.txt                       region, time; region, time and uncertainty of what is shown
"""

import base64
import json
import sys
from pathlib import Path

import zhengyin
from zhengyin import Store

from vectors import filled, offered

ROOT = Path(__file__).parents[2]
CASES = ROOT / "test-vectors" / "cases"


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
    key = base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + bytes([7] * 32)).decode()
    (out / "key.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n")
    clock = shown["clock"]
    lines = [case["policy"]["region"], stores["valid"][1], shown["policy"]["region"], clock["now"], clock["uncertainty"]]
    (out / "scene.txt").write_text(" ".join(map(str, lines)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
