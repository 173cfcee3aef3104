"""What came out of a demonstration of two suites, for programs in other languages: `federation.py FOLDER < demo.jsonl > cases.txt`.

Standard input is what `zhengyin demo FOLDER --suite mixed --json` answers; .ci/callers/federation.c says what a line of the cases holds. Of each suite something
must be valid where the other signs, or nothing would be shown by it.
"""

import json
import sys
from pathlib import Path

NATIONAL = ("98", "96")


def main(folder):
    folder, across = Path(folder), {True: 0, False: 0}
    for line in sys.stdin:
        answer = json.loads(line)
        assert answer["as_expected"], line
        verdict, ground = answer["expected"]["verdict"], answer["expected"]["reason"] or "-"
        known = [answer["region"], verdict, ground]
        if "license" in answer:
            path = folder / "licenses" / f"{answer['license']}.zyl"
            issuer = answer["report"]["object"]["facts"]["authority"] if verdict == "valid" else ""
            national = issuer[2:4] in NATIONAL
            if issuer and national != answer["region"].startswith(NATIONAL):
                across[national] += 1
            print("license", *known, path, sep="\t")
        else:
            (stamps,) = folder.glob(f"documents/{answer['document']}.*.zys")
            print("stamps", *known, stamps, stamps.with_suffix(""), len(answer["report"]["stamps"]), sep="\t")
    assert min(across.values()) >= 2, across


main(*sys.argv[1:])
