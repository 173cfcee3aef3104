#!/usr/bin/env bash
# Printed pages, seen by other people's programs: `.ci/print.sh ZHENGYIN FOLDER`. Needs pdftotext, pdftoppm, pdffonts, pdfinfo
# (poppler-utils), rsvg-convert (librsvg2-bin), zbarimg (zbar-tools), python3, and a font with Chinese (fonts-wqy-microhei).
set -euo pipefail
zhengyin=$(realpath "$1")
folder=$2
root=$(cd "$(dirname "$0")/.." && pwd)
font=/usr/share/fonts/truetype/wqy/wqy-microhei.ttc
mkdir -p "$folder" && cd "$folder"
export ZHENGYIN_HOME="$folder/home" ZHENGYIN_LANG=en
unset ZHENGYIN_REGION
failures=0
fail() { echo "print: $*" >&2; failures=$((failures + 1)); }

install -m 600 /dev/null pass && echo secret >pass
run() { "$zhengyin" "$@" --passphrase file:pass >said.txt 2>&1 || fail "$* failed: $(cat said.txt)"; }
run authority init 99 --name 示例甲省 --name-en Jia --keeper 示例甲省数据局 --code 11990000MB0000908E --test
run authority enrol 11990100MB0000000P --province 99 --name 示范市市场监督管理局 --region 9901
run key gen operator.pem
run trust build --federation 示例联邦 --signer 理事会=operator.pem
run trust directory 99
# A license with more than a page, of which no single code of a size that prints holds all; one with words that a picture may not act upon.
python3 - "$root/examples/data/business-license.json" <<'PY'
import json, struct, sys, zlib
facts = json.load(open(sys.argv[1]))
facts["fields"]["经营范围"] = [f"第{n}项：{chr(0x4e00 + 37 * n)}{chr(0x5200 + 91 * n)}{chr(0x6100 + 53 * n)}销售（须经批准）" for n in range(140)]
facts["number"], facts["serial"] = "91990100MA00000C10", "LONG1"
facts["holders"][0]["name"] = "示例<甲>&“乙”有限公司"
del facts["type_name"]
json.dump(facts, open("long.json", "w"), ensure_ascii=False)
facts = json.load(open(sys.argv[1]))
facts["holders"][0]["name"], facts["serial"], facts["number"] = "示例\U00020bb7野家（演示）", "RARE1", "91990100MA00000C20"
json.dump(facts, open("rare.json", "w"), ensure_ascii=False)
# A red ring with nothing around it, as seals are.
size, rows = 120, b""
for y in range(size):
    rows += b"\0"
    for x in range(size):
        r = ((x - 60) ** 2 + (y - 60) ** 2) ** 0.5
        rows += bytes([210, 20, 20, 255 if 50 < r < 58 else 0])
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
open("seal.png", "wb").write(png)
PY
run license issue --data "$root/examples/data/business-license.json" --out one.zyl
run license issue --data long.json --out long.zyl
run license issue --data rare.json --out rare.zyl
run license revoke long.zyl --reason 演示

# The codes of pictures, put together, are the license: verify tells the digest of what it read.
digest() { "$zhengyin" verify "$@" --json --clock none 2>/dev/null | grep -o '"bytes":{"digest":"[0-9a-f]*"' | head -n 1 || true; }
# `holds LICENSE PICTURES…`
holds() {
  local license=$1 expected
  shift
  expected=$(digest "$license")
  zbarimg --quiet --raw "$@" 2>/dev/null >scanned.txt || true
  [ "$(wc -l <scanned.txt)" -ge 1 ] || { fail "no code in $*"; return; }
  [ -n "$expected" ] && [ "$(digest scanned.txt)" = "$expected" ] || fail "the code of $* is not $license"
}

run license export one.zyl --font "$font" --seal seal.png --out one.pdf
pdftotext -layout one.pdf one.txt
for words in 营业执照 '编号 91990100MA00000A9K' 法定代表人 张示例 示范市样本茶业有限公司（演示） '2024-05-20 至 长期' 打印件 'PRINTED COPY' 本身不是证照 当时登记状态：有效; do
  grep -qF -- "$words" one.txt || fail "the page does not say $words"
done
pdffonts one.pdf | tail -n +3 | awk '{ exit !($(NF-4) == "yes" && $(NF-3) == "yes" && $(NF-2) == "yes") }' || fail "a font is not embedded in part: $(pdffonts one.pdf)"
[ "$(stat -c %s one.pdf)" -lt 200000 ] || fail "the file is large: $(stat -c %s one.pdf)"
[ "$(stat -c %a one.pdf)" = 600 ] || fail "others can read the page"
pdftoppm -r 150 -png one.pdf one
holds one.zyl one-1.png
# The seal shows: red, where the paper would be white.
pdftoppm -r 30 one.pdf seen
python3 - <<'PY' || fail "the seal does not show"
data = open("seen-1.ppm", "rb").read().split(b"\n", 3)[3]
raise SystemExit(0 if sum(1 for at in range(0, len(data) - 2, 3) if data[at] > 150 and data[at + 1] < 110 and data[at + 2] < 110) > 20 else 1)
PY

# The same as SVG, drawn by a program that has no such font to draw with.
run license export one.zyl --font "$font" --seal seal.png --out one.svg
rsvg-convert -d 150 -p 150 -b white one.svg -o drawn.png
holds one.zyl drawn.png
grep -q 'aria-label="张示例"' one.svg || fail "the drawing does not name what it draws"
! grep -q '<text' one.svg || fail "the drawing needs a font"

# Several pages, several codes; a state that is not in force is told on paper too.
run license export long.zyl --font "$font" --out long.pdf
pages=$(pdfinfo long.pdf | awk '/^Pages/ { print $2 }')
[ "$pages" -gt 1 ] || fail "the long license has $pages page"
pdftotext long.pdf long.txt
for words in 第139项 '示例<甲>&“乙”有限公司' 当时登记状态：已吊销 "1/$pages"; do
  grep -qF -- "$words" long.txt || fail "the long license does not say $words"
done
pdftoppm -r 200 -png long.pdf long
holds long.zyl long-*.png
run license export long.zyl --font "$font" --out long.svg
python3 - long-1.svg <<'PY' || fail "the drawing is not well-formed"
import sys, xml.dom.minidom
xml.dom.minidom.parse(sys.argv[1])
PY

# A name is not printed with a box in it.
code=0
"$zhengyin" license export rare.zyl --font "$font" --out rare.pdf >said.txt 2>&1 || code=$?
[ "$code" = 1 ] && grep -q 'U+20BB7' said.txt && [ ! -e rare.pdf ] || fail "a character that the font has not: $code $(cat said.txt)"
[ "$failures" = 0 ] || { echo "print: $failures failed" >&2; exit 1; }
echo "print: $(cat one.txt long.txt | wc -m) characters and $pages pages read back; codes are their licenses"
