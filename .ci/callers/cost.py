"""What Python adds to one verification: `cost.py SCENE PROGRAM`, PROGRAM being cost.c. In turns, the least of each: at most half of one more."""

import subprocess
import sys
import time
from pathlib import Path

from zhengyin import Policy, Store, Verdict, Verifier

scene, program = Path(sys.argv[1]), sys.argv[2]
verifier = Verifier(Store.from_bytes((scene / "in-force.store").read_bytes()), Policy("counter", "990102"))
license = (scene / "license.zyl").read_bytes()


def round_of(times):
    began = time.thread_time_ns()
    for _ in range(times):
        if verifier.verify(license, 1_790_820_000).verdict is not Verdict.VALID:
            raise SystemExit("what is measured is a verification that passes")
    return (time.thread_time_ns() - began) / times


in_c = in_python = float("inf")
for _ in range(10):
    in_c = min(in_c, float(subprocess.run([program, str(scene), "5"], check=True, capture_output=True, text=True).stdout))
    in_python = min(in_python, *(round_of(200) for _ in range(5)))
ratio = in_python / in_c
print(f"python: one verification takes {in_python / 1000:.1f} µs, from C {in_c / 1000:.1f} µs: {ratio:.2f} of it (goal ≤ 1.50)")
if ratio > 1.5:
    sys.exit("python adds more than half of a verification")
