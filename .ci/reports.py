"""Holds reports and receipts to what the documents say of them, by software that nobody here wrote: a validator of JSON Schema, a CBOR
reader, a COSE library. Usage: reports.py ZHENGYIN FOLDER, with what a demonstration leaves in the folder.

docs/report.schema.json must be a schema of draft 2020-12 and admit every answer of `zhengyin verify --json`; an answer with a member more or
less must be refused. Of a receipt the signature must verify under the key that it names, and the report in it be the redacted answer.
"""

import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import cbor2
from cwt import COSE, COSEKey
from jsonschema import Draft202012Validator

ASKED = (
    ["--policy", "counter"],
    ["--policy", "strict"],
    ["--policy", "kiosk", "--region", "980100"],
    ["--policy", "archive", "--event-time", "1h"],
    ["--no-recognition", "--no-presentation"],
    ["--purpose", "办理贷款", "--audience", "示例银行", "--use-case", "loan"],
    ["--clock", "none"],
    ["--clock", "400d"],
    ["--clock", "2020-01-01"],
    ["--store", "nowhere.store"],
)
ED25519 = -19
RECEIPT = -70007


class Command:
    """The command in a demonstration's folder."""

    def __init__(self, program, folder):
        self.words = [program, "--home", str(folder / "home"), "--lang", "en"]
        self.passphrase = ["--passphrase", f"file:{folder / 'passphrase'}"]

    def run(self, *words, exits=(0, 10, 20)):
        done = subprocess.run([*self.words, *map(str, words)], capture_output=True)
        assert done.returncode in exits, (words, done.returncode, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.decode().splitlines()]


def reports(command, licenses, schema):
    """Every answer is of the schema, and the schema is no wider."""
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    count, verdicts = 0, set()
    for asked in ASKED:
        for told in ([], ["--redact"]):
            for answer in command.run("verify", *licenses, *asked, *told, "--json"):
                faults = [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(answer)]
                assert not faults, (asked, faults)
                for member in schema["required"]:
                    less = {name: value for name, value in answer.items() if name != member}
                    assert not validator.is_valid(less), member
                assert not validator.is_valid({**answer, "another": 1})
                verdicts.add(answer["verdict"])
                count += 1
    assert verdicts == {"valid", "invalid", "undetermined"}, verdicts
    return count


def receipts(command, licenses, folder):
    """What is signed is what was answered."""
    device, file, evidence = folder / "device.pem", folder / "all.zyr", folder / "evidence"
    command.run("key", "gen", device, "--json", *command.passphrase)
    words = ["--receipt", file, "--device", device, "--evidence", evidence, *command.passphrase]
    answers = command.run("verify", *licenses, "--redact", "--json", *words)
    known = command.run("key", "show", device, "--json", *command.passphrase)[0]
    data = file.read_bytes()
    texts = {"text", "remedy", "caution", "file", "clock", "carrier"}
    at, count = 0, 0
    while at < len(data):
        envelope = cbor2.loads(data[at:])
        size = len(cbor2.dumps(envelope))
        # RFC 9052: the library takes the bytes as they stand.
        payload = COSE.new().decode(data[at : at + size], key(known))
        claims = cbor2.loads(payload)[RECEIPT]
        assert claims[1][-2].hex() == known["public_key"]
        report, answer = cbor2.loads(claims[2]), answers[count]
        told = {name: value for name, value in answer.items() if name in report}
        assert set(answer) - set(report) <= texts, set(answer) - set(report)
        assert without_texts(told) == report, "the receipt's report is another than the answer"
        at, count = at + size, count + 1
    assert count == len(licenses)
    words = ["--evidence", evidence, *evidences(licenses), "--device", known["thumbprint"], "--json"]
    replayed = command.run("replay", file, *words, exits=(0,))
    # The whole report, put together from the answer in full, has the digest that the receipt commits to.
    whole = command.run("verify", licenses[0], "--json", "--clock", moment(answers[0]))[0]
    whole = without_texts({name: value for name, value in whole.items() if name not in texts})
    committed = cbor2.loads(first_payload(data))[RECEIPT][3]
    assert hashlib.sha256(canonical(whole)).digest() == committed, "the digest is not that of the whole report"
    assert all(answer["verdict"] == "valid" for answer in replayed)
    return count


def evidences(licenses):
    return [word for license in licenses for word in ("--evidence", license)]


def key(known):
    return COSEKey.new({1: 1, -1: 6, -2: bytes.fromhex(known["public_key"]), 3: ED25519, 2: bytes.fromhex(known["kid"])})


def first_payload(data):
    return cbor2.loads(data).value[2]


def moment(answer):
    """The clock of an answer, as a person tells it."""
    return datetime.datetime.fromtimestamp(answer["time"]["clock"]["now"], datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def without_texts(report):
    steps = {name: {part: value for part, value in step.items() if part != "text"} for name, step in report["steps"].items()}
    return {**report, "steps": steps}


def canonical(value):
    """RFC 8949, section 4.2.1, of what a report holds: keys in the order of their encodings."""
    if isinstance(value, dict):
        members = sorted((cbor2.dumps(name), canonical(member)) for name, member in value.items())
        return head(5, len(members)) + b"".join(name + member for name, member in members)
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(canonical, value))
    return cbor2.dumps(value)


def head(major, length):
    """An empty byte string's head, with another major type and length."""
    encoded = cbor2.dumps(length)
    return bytes([encoded[0] | major << 5]) + encoded[1:]


def main(program, folder):
    folder = pathlib.Path(folder)
    schema = json.loads(pathlib.Path("docs/report.schema.json").read_text())
    licenses = sorted((folder / "licenses").glob("*.zyl"))
    assert len(licenses) > 10, f"no licenses in {folder}"
    command = Command(program, folder)
    answers = reports(command, licenses, schema)
    with tempfile.TemporaryDirectory() as scratch:
        signed = receipts(command, licenses, pathlib.Path(scratch))
    print(f"{answers} answers are of the schema, {signed} receipts hold what was answered")


if __name__ == "__main__":
    main(*sys.argv[1:])
