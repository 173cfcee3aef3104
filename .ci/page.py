"""The page of examples/kiosk-page in a real browser: `.ci/page.py ZHENGYIN DEMO [PICTURE]`. Needs chromium, chromedriver and a Chinese font.

Scans of every kind are given to a real kiosk; each must show as its own card, in both languages, without the holder. Then lines that no
kiosk writes: names with markup and marks of direction, verdicts to come, rubbish. A kiosk that is gone leaves no card on the screen.
"""

import base64
import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVE = ROOT / "examples/kiosk-page/serve.py"
# What Chromium is not to do on a machine without a network.
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--window-size=1280,1024"]
failures = []


def check(holds, what):
    print("ok  " if holds else "FAIL", what)
    if not holds:
        failures.append(what)


class Browser:
    """WebDriver (W3C), as far as it is needed here."""

    def __init__(self):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = next(line.rstrip().rstrip(".").rsplit(" ", 1)[1] for line in self.driver.stdout if "started successfully on port" in line)
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"alwaysMatch": {"goog:chromeOptions": {"args": QUIET}}}
        self.base += "/" + self.ask("", {"capabilities": options})["sessionId"]

    def ask(self, path, body=None, method="POST"):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, address):
        self.ask("/url", {"url": address})

    def run(self, script):
        return self.ask("/execute/sync", {"script": script, "args": []})

    def until(self, script, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(script):
                return True
            time.sleep(0.05)
        return False

    def picture(self):
        return base64.b64decode(self.ask("/screenshot", method="GET"))

    def close(self):
        try:
            self.ask("", method="DELETE")
        finally:
            self.driver.kill()


class Page:
    """The server, and the command behind it."""

    def __init__(self, command):
        self.server = subprocess.Popen([sys.executable, SERVE, "--port", "0", "--", *command], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.server.stderr.readline().strip()

    def scan(self, text):
        self.server.stdin.write(text + "\n")
        self.server.stdin.flush()

    def end(self):
        self.server.stdin.close()
        return self.server.wait(30)


def real(browser, zhengyin, demo, picture):
    def text_of(name):
        command = [zhengyin, "qr", "make", demo / "licenses" / f"{name}.zyl", "--as", "text", "--out", "-"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    page = Page([zhengyin, "--home", demo / "home", "kiosk", "--json", "--region", "990102"])
    browser.open(page.address)
    check(browser.until("return document.getElementById('held').textContent.includes('示例联邦')"), "the page tells what trust data is held")
    shown = "const card = document.querySelector('article'); return card && [card.dataset.n, card.dataset.verdict, card.innerText]"
    holder = json.loads((demo / "data/food-operation-permit.json").read_text())["holders"][0]["name"]
    # The demonstration tells which of its licenses comes to what.
    expected = {}
    for name in ["business-license", "food-operation-permit", "construction-permit", "driving-licence", "real-estate-certificate-tampered"]:
        command = [zhengyin, "--home", demo / "home", "verify", demo / "licenses" / f"{name}.zyl", "--json", "--region", "990102", "--policy", "kiosk"]
        expected[name] = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["verdict"]
    check(set(expected.values()) == {"valid", "invalid", "undetermined"}, f"the licenses that are shown come to every verdict: {expected}")
    words = {"valid": ("有效", "VALID"), "invalid": ("无效", "INVALID"), "undetermined": ("无法判定", "UNDETERMINED")}
    count, looks = 0, set()
    for name, verdict in expected.items():
        count += 1
        page.scan(text_of(name))
        check(browser.until(f"return document.querySelector('article')?.dataset.n == {count}"), f"{name} is shown")
        _, found, said = browser.run(shown)
        check(found == verdict and all(word in said for word in words[verdict]), f"{name} shows as {verdict}, in both languages")
        check(holder not in said, f"{name}: no holder")
        # Without its colours: the word, the shape of the sign, and the border.
        looks.add((verdict, *browser.run("return [document.querySelector('.head path').getAttribute('d'), getComputedStyle(document.querySelector('article')).borderTopStyle]")))
        if picture and verdict == "invalid":
            picture.write_bytes(browser.picture())
    check(len(looks) == 3 and all(len(set(column)) == 3 for column in zip(*looks)), "verdicts differ without their colours")
    for text, word in [("https://example.org/pay", "不是证照"), (text_of("business-license")[:60], "无法读取")]:
        count += 1
        page.scan(text)
        check(browser.until(f"const card = document.querySelector('article'); return card && card.dataset.n == {count} && card.innerText.includes('{word}')"), f"{text[:12]}… is {word}")
    # The kiosk ends: nothing that it said stays.
    code = page.end()
    check(code == 0, "the kiosk ended as it should")
    check(browser.until("return document.getElementById('link').textContent.includes('NOT CONNECTED') && !document.querySelector('article')"), "a kiosk that is gone leaves no card")


HOSTILE = r'''
import json, sys, time
def texts(zh, en): return {"zh": zh, "en": en}
evil = "<img src=x onerror=window.hit=1><script>window.hit=1</script>\u202e\u2066甲\u200b\u0007"
scan = {"schema": "zhengyin.scan/1", "n": 1, "at": 1, "clock": "device", "answer": "verdict", "verdict": "perhaps", "reason": "to.come", "number": 999, "what": None,
        "text": texts(evil, evil), "carrier": None, "repaired": [], "parts": None, "used_before": None, "next": [texts(evil, evil)], "caution": texts(evil, evil),
        "contact": None, "challenge": None, "receipt": None, "report": {"steps": {"issuer": {"outcome": "new"}}, "object": {"facts": {"name": evil, "number": evil}}}}
for line in ["rubbish", "[1]", "null", '{"schema":"zhengyin.other/1"}', json.dumps({"schema": "zhengyin.scan/1"}), json.dumps(scan)]:
    print(line, flush=True)
sys.stdin.read()
'''


def hostile(browser):
    page = Page([sys.executable, "-c", HOSTILE])
    browser.open(page.address)
    check(browser.until("return document.querySelector('article')"), "lines that no kiosk writes do not stop the page")
    verdict, said, images, hit = browser.run("const card = document.querySelector('article'); return [card.dataset.verdict, card.innerText, document.images.length, window.hit ?? 0]")
    check(verdict == "undetermined" and "无法判定" in said, "a verdict to come is none on which to act")
    check(images == 0 and hit == 0 and "<img" in said, "markup is text")
    check(not set("\u202e\u2066\u200b\u0007") & set(said) and "\\u{202e}" in said, "marks of direction are spelt out")
    try:
        urllib.request.urlopen(urllib.request.Request(page.address, headers={"Host": "elsewhere.example"}), timeout=10)
        check(False, "another name of this machine is refused")
    except urllib.error.HTTPError as error:
        check(error.code == 403, "another name of this machine is refused")
    page.end()


def main():
    zhengyin, demo = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    picture = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    browser = Browser()
    try:
        real(browser, zhengyin, demo, picture)
        hostile(browser)
    finally:
        browser.close()
    sys.exit(f"page: {len(failures)} of what must hold does not" if failures else 0)


main()
