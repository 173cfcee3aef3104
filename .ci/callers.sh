#!/usr/bin/env bash
# The library as programs in other languages have it: `.ci/callers.sh SCRATCH REPORTS ZHENGYIN`, REPORTS being the folder into which
# `cargo test --test vectors --test suites` writes what Rust came to, ZHENGYIN the command.
#
# Header and symbols are those of the code; C, C++, Python, Java and Node call every function, come to the answers of test-vectors/ and to
# the same report bytes as Rust; and all of them believe what a federation of two suites signed, as the command does. What is missing of gcc, valgrind, Java, JNA, Node is to be installed before.
set -euo pipefail
usage='usage: .ci/callers.sh SCRATCH REPORTS ZHENGYIN'
scratch=${1:?$usage}
reports=${2:?$usage}
zhengyin=$(realpath "${3:?$usage}")
cd "$(dirname "$0")/.."
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$scratch"
failed() { echo "callers: $*" >&2; exit 1; }

# Header and list of symbols are what the generator writes of the code.
cp include/zhengyin.h .ci/symbols.txt "$scratch"
CARGO_TARGET_DIR="$target/header" cargo run --quiet --locked --manifest-path .ci/header/Cargo.toml
cmp include/zhengyin.h "$scratch/zhengyin.h" || failed "include/zhengyin.h is not what .ci/header writes: commit what it wrote"
cmp .ci/symbols.txt "$scratch/symbols.txt" || failed ".ci/symbols.txt is not what .ci/header writes: commit what it wrote"

# The library as it is handed out: its name, its symbols and nothing else, what it needs, how large it is.
.ci/library.sh "$scratch/usr" capi,issue,sm
library="$scratch/usr/lib/libzhengyin.so.1"
nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort >"$scratch/exported"
cut -d' ' -f1 .ci/symbols.txt | LC_ALL=C sort | diff - "$scratch/exported" || failed "the library exports other symbols than .ci/symbols.txt"
readelf -d "$library" | grep -q 'SONAME.*\[libzhengyin\.so\.1\]' || failed "the library has another SONAME"
echo "callers: $(stat -c %s "$library") bytes shared, $(stat -c %s "$scratch/usr/lib/libzhengyin.a") static, $(wc -l <"$scratch/exported") symbols"
echo "callers: needs $(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | tr '\n' ' ')"

# Python: the package as a wheel, with the library in it, installed in an environment of its own.
cp -r python "$scratch/python"
cp LICENSE-MIT LICENSE-APACHE "$scratch/python"
cp "$library" "$scratch/python/zhengyin/libzhengyin.so"
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" wheel --quiet --disable-pip-version-check --no-deps -w "$scratch/wheels" "$scratch/python"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check "$scratch"/wheels/*.whl
python="$scratch/venv/bin/python"
"$python" .ci/callers/vectors.py "$reports"
"$python" .ci/callers/package.py
"$python" .ci/callers/scene.py "$scratch/scene"
said=$("$python" examples/python/kiosk.py "$scratch/scene/in-force.store" 990102 <"$scratch/scene/license.txt")
echo "callers: examples/python: $said"
sealed=("$scratch/scene/stamped.store" 990102 "$scratch/scene/document.pdf" "$scratch/scene/document.zys")
# What a program of examples/ says of a document with two stamps: as the one in Python, with the same code.
code=0
stamped=$("$python" examples/python/sealed.py "${sealed[@]}") || code=$?
[ "$code" != 1 ] && [ "$(wc -l <<<"$stamped")" = 3 ] || failed "examples/python/sealed.py: $stamped"
same_of_stamps() {
  local of=$1 found=0 answer
  shift
  answer=$("$@" "${sealed[@]}") || found=$?
  [ "$answer" = "$stamped" ] && [ "$found" = "$code" ] || failed "$of says otherwise of stamps: $found $answer"
}

# A federation in which two provinces sign with SM2 and two with Ed25519, as the command plays it: what each of these programs says of codes and
# of stamps of either suite, at a counter where the other signs.
demo="$scratch/demo-mixed"
HOME="$scratch/home" "$zhengyin" demo "$demo" --suite mixed --json >"$scratch/demo-mixed.jsonl"
pin=$("$zhengyin" --home "$demo/home" trust show --json | sed -n 's/.*"pin":"\([0-9a-f]*\)".*/\1/p' | head -n 1)
"$python" .ci/callers/federation.py "$demo" <"$scratch/demo-mixed.jsonl" >"$scratch/federation.txt"
for license in driving-licence special-operation-certificate business-license road-transport-permit; do
  "$zhengyin" --home "$demo/home" qr make "$demo/licenses/$license.zyl" --out "$scratch/$license.txt" >/dev/null
  # A code a line.
  echo "$(cat "$scratch/$license.txt")"
done >"$scratch/codes.txt"
# `believes_both LANGUAGE CODES… -- STAMPS…`: the program of codes, and the one of stamps.
believes_both() {
  local of=$1 region document answer codes=()
  shift
  while [ "$1" != -- ]; do codes+=("$1") && shift; done
  shift
  for region in 990102 980102; do
    answer=$("${codes[@]}" "$demo/home/store/trust.store" "$region" <"$scratch/codes.txt")
    [ "$(grep -c '^✓ 有效' <<<"$answer")" = 4 ] || failed "$of, codes of two suites in $region: $answer"
    for document in "$demo"/documents/notice.*.zys "$demo"/documents/contract.*.zys; do
      answer=$("$@" "$demo/home/store/trust.store" "$region" "${document%.zys}" "$document") || failed "$of, $document in $region: $answer"
      [ "$(grep -c '✓ 有效$' <<<"$answer")" = 3 ] || failed "$of, $document in $region: $answer"
    done
  done
}
believes_both examples/python "$python" examples/python/kiosk.py -- "$python" examples/python/sealed.py

# C: every symbol is called, whatever is wrong is an error, nothing leaks; the example is built as a stranger builds it.
for symbol in $(cut -d' ' -f1 .ci/symbols.txt); do
  grep -q "\b$symbol(" examples/c/test.c examples/c/stamps.c || failed "examples/c/test.c does not call $symbol"
done
export PKG_CONFIG_PATH="$scratch/usr/lib/pkgconfig"
export LD_LIBRARY_PATH="$scratch/usr/lib"
mkdir -p "$scratch/c"
make --silent -C examples/c OUT="$scratch/c" all test
for test in test test-c11 test-cpp11; do "$scratch/c/$test" "$scratch/scene" 200; done
[ "$("$scratch/c/kiosk" "$scratch/scene/in-force.store" 990102 <"$scratch/scene/license.txt")" = "$said" ] || failed "examples/c says otherwise"
same_of_stamps examples/c "$scratch/c/sealed"
believes_both examples/c "$scratch/c/kiosk" -- "$scratch/c/sealed"

# What a call costs from Python, beside the same from C.
gcc -std=c99 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -pedantic -Werror -o "$scratch/c/cost" .ci/callers/cost.c $(pkg-config --cflags --libs zhengyin)
"$python" .ci/callers/cost.py "$scratch/scene" "$scratch/c/cost"

# A key that the library never sees.
command -v openssl >/dev/null && "$python" examples/python/issue.py "$scratch/scene/facts.json" "$scratch/scene/key.pem" "$scratch/issued.zyl"

# The test in C with a planted panic, under the sanitizers and under valgrind; nothing is printed of it.
ZHENGYIN_STATIC=no .ci/library.sh "$scratch/planted" capi,issue,sm --cfg zy_planted_panic
export PKG_CONFIG_PATH="$scratch/planted/lib/pkgconfig"
export LD_LIBRARY_PATH="$scratch/planted/lib"
mkdir -p "$scratch/san" "$scratch/valgrind"
make --silent -C examples/c OUT="$scratch/san" CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -DZY_PLANTED_PANIC' "$scratch/san/test"
"$scratch/san/test" "$scratch/scene" 10000 2>"$scratch/san.err" || { cat "$scratch/san.err"; failed "the sanitizers found something"; }
[ ! -s "$scratch/san.err" ] || { cat "$scratch/san.err"; failed "something was printed"; }
make --silent -C examples/c OUT="$scratch/valgrind" CFLAGS='-O1 -g -DZY_PLANTED_PANIC' "$scratch/valgrind/test"
valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible \
  --error-exitcode=9 "$scratch/valgrind/test" "$scratch/scene" 20 || failed "valgrind found something"
# The cases as a script of calls, in C, under the sanitizers.
"$python" .ci/callers/script.py "$reports" >"$scratch/script.txt"
posix=(-std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -pedantic -Werror .ci/callers/vectors.c $(pkg-config --cflags --libs zhengyin))
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o "$scratch/san/vectors" "${posix[@]}"
"$scratch/san/vectors" "$scratch/script.txt"
# What the command said of licenses and stamps of two suites, said in C.
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -std=c99 -Wall -Wextra -pedantic -Werror -o "$scratch/san/federation" \
  .ci/callers/federation.c $(pkg-config --cflags --libs zhengyin)
"$scratch/san/federation" "$demo/federation.zyp" "$pin" "$scratch/federation.txt"
# Bytes of anybody: the same at each run, more of them in `.ci/long callers`.
strict=(-std=c99 -Wall -Wextra -pedantic -Werror .ci/callers/random.c $(pkg-config --cflags --libs zhengyin))
gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -o "$scratch/san/random" "${strict[@]}"
for seed in $(seq 1 "${SEEDS:-1}"); do "$scratch/san/random" "$scratch/scene" 20000 "$seed"; done
gcc -O1 -g -o "$scratch/valgrind/random" "${strict[@]}"
valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 "$scratch/valgrind/random" "$scratch/scene" 200 1 ||
  failed "valgrind found something in bytes of anybody"
export LD_LIBRARY_PATH="$scratch/usr/lib"

# Java and Node: the cases as a script of calls, and the examples.
mkdir -p "$scratch/java"
javac -Xlint:all -Werror -encoding UTF-8 -d "$scratch/java" -cp /usr/share/java/jna.jar examples/java/*.java .ci/callers/Vectors.java
java() { command java -Djna.library.path="$scratch/usr/lib" -cp "/usr/share/java/jna.jar:$scratch/java" "$@"; }
java Vectors "$scratch/script.txt"
[ "$(java Kiosk "$scratch/scene/in-force.store" 990102 <"$scratch/scene/license.txt")" = "$said" ] || failed "examples/java says otherwise"
same_of_stamps examples/java java Sealed
believes_both examples/java java Kiosk -- java Sealed
cp -r examples/node "$scratch/node"
npm install --silent --no-fund --no-audit --prefix "$scratch/node"
ZHENGYIN_NODE="$scratch/node" node .ci/callers/vectors.js "$scratch/script.txt"
[ "$(node "$scratch/node/kiosk.js" "$scratch/scene/in-force.store" 990102 <"$scratch/scene/license.txt")" = "$said" ] || failed "examples/node says otherwise"
same_of_stamps examples/node node "$scratch/node/sealed.js"
believes_both examples/node node "$scratch/node/kiosk.js" -- node "$scratch/node/sealed.js"

# Go, where it is.
if command -v go >/dev/null; then
  cp -r examples/go "$scratch/go"
  (cd "$scratch/go" && PKG_CONFIG_PATH="$scratch/usr/lib/pkgconfig" GOFLAGS=-mod=mod GOCACHE="$scratch/go-cache" go vet . && PKG_CONFIG_PATH="$scratch/usr/lib/pkgconfig" GOCACHE="$scratch/go-cache" go build -o kiosk .)
  [ "$("$scratch/go/kiosk" "$scratch/scene/in-force.store" 990102 <"$scratch/scene/license.txt")" = "$said" ] || failed "examples/go says otherwise"
  same_of_stamps examples/go "$scratch/go/kiosk"
  believes_both examples/go "$scratch/go/kiosk" -- "$scratch/go/kiosk"
  echo "callers: examples/go is built with $(go version | cut -d' ' -f3)"
else
  echo "callers: no Go here: examples/go is not built"
fi

git diff --exit-code --stat -- include .ci/symbols.txt
