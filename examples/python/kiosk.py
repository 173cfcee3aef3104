"""A kiosk: verifies one scanned code a line, offline, and says what came of it in Chinese.

    pip install zhengyin-0.1.0-….whl        # .ci/callers.sh builds it
    python kiosk.py STORE REGION < codes.txt

STORE is what `zhengyin store` keeps, REGION where the kiosk stands (six digits). It never ends because of a bad code.
"""

import sys
from pathlib import Path

import zhengyin
from zhengyin import Policy, Store, Verdict, Verifier


def open_verifier(path: Path, region: str) -> Verifier:
    """A verifier of what is in the file; large status lists are read from the folder beside it."""

    def body(name: str):
        file = Path(f"{path}.lists", name)
        return file.read_bytes() if file.exists() else None

    return Verifier(Store.from_bytes(path.read_bytes(), body), Policy("kiosk", region))


def answer(verifier: Verifier, scan: str) -> str:
    """What to show for one scan."""
    report = verifier.verify(scan)
    if report.verdict is Verdict.VALID:
        until = report.good_until
        return "✓ 有效" + (f"（此结论至 {until} 为止）" if until else "")
    ground = report.reason
    text = f"{ground.text('zh')}（{ground}）{ground.remedy('zh')}"
    if report.verdict is Verdict.INVALID:
        return f"✗ 无效：{text}"
    return f"? 无法判定：{text}{ground.caution('zh')}"


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        verifier = open_verifier(Path(sys.argv[1]), sys.argv[2])
    except (OSError, zhengyin.Error) as error:
        print(f"{sys.argv[1]}：{getattr(error, 'message_zh', error)}", file=sys.stderr)
        return 1
    for line in sys.stdin:
        if scan := line.rstrip("\r\n"):
            print(answer(verifier, scan), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
