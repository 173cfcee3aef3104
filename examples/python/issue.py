"""Issues one license with a key that the library never sees: `python issue.py FACTS KEY OUT`.

FACTS are JSON as of `zhengyin license issue --data`, KEY is a PEM file in the hands of OpenSSL, which stands here for a device: put the call of your own in place of
`sign`. What it hands out is verified before anything leaves. Positions in a status list are your register's to allot; this example has one license.
"""

import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import zhengyin
from zhengyin import Signer


def public_key(key: str) -> bytes:
    """The key's SubjectPublicKeyInfo, as the device tells it."""
    return subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout


def device(key: str) -> Signer:
    """A signer whose key is elsewhere."""

    def sign(message: bytes) -> bytes:
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name]
            return subprocess.run(command, check=True, capture_output=True).stdout

    return Signer.of_device(public_key(key), sign)


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    facts, key, out = sys.argv[1:]
    try:
        license = zhengyin.issue_license(
            device(key),
            Path(facts).read_bytes(),
            credential_id=secrets.token_bytes(16),
            issued_at=int(time.time()),
            status=(1, 0),
        )
    except zhengyin.Error as error:
        print(f"未能颁发：{error.message_zh}", file=sys.stderr)
        return 1
    Path(out).write_bytes(license)
    told = zhengyin.inspect(license)["object"]["facts"]
    print(f"已颁发 {told['name']} {told['number']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
