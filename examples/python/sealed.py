"""Verifies the stamps 电子签章 on a document, offline, and says what came of each in Chinese: `python sealed.py STORE REGION DOCUMENT STAMPS`.

The document is read in pieces, however large it is. Exits with 0 where all stamps are valid, 10 where one is not, 20 where it cannot be told.
"""

import sys
from pathlib import Path

import zhengyin
from zhengyin import Report, Store, Verdict


def told(report: Report) -> str:
    """What to show for a file of stamps, or for one of them."""
    ground = report.reason
    if report.verdict is Verdict.VALID:
        return "✓ 有效"
    text = f"{ground.text('zh')}（{ground}）{ground.remedy('zh')}"
    if report.verdict is Verdict.INVALID:
        return f"✗ 无效：{text}"
    return f"? 无法判定：{text}{ground.caution('zh')}"


def main() -> int:
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    store, region, document, stamps = sys.argv[1:]
    try:
        held = Store.from_bytes(Path(store).read_bytes())
        report = zhengyin.verify_stamps(document, Path(stamps).read_bytes(), held, region=region)
    except (OSError, zhengyin.Error) as error:
        print(f"未能核验：{getattr(error, 'message_zh', error)}", file=sys.stderr)
        return 1
    print(f"文件：{told(report)}")
    for number, stamp in enumerate(report.stamps, 1):
        print(f"签章 {number}：{told(stamp)}")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
