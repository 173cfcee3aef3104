#!/usr/bin/env python3
"""Shows on a page what `zhengyin kiosk --json` answers, on this machine alone.

    python3 serve.py [--port 8118] [-- COMMAND…]

COMMAND is `zhengyin kiosk --json` unless another is given; it reads scans from this program's standard input, or from the device that its
own `--in` names. Open http://127.0.0.1:8118/ on the same machine. Only Python's own library is used.

Nothing is kept but the last card, for a page that is loaded anew within a minute, and the last line about the kiosk itself.
"""

import argparse
import base64
import hashlib
import http.server
import pathlib
import queue
import re
import signal
import subprocess
import sys
import threading
import time

PAGE = pathlib.Path(__file__).with_name("index.html").read_bytes()
KEEP = 60.0  # seconds, as the page


def policy():
    """The page runs its own script and no other, and speaks to nobody but this server."""
    inline = re.search(rb"<script>(.*?)</script>", PAGE, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(inline).digest()).decode()
    return f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'"


class Lines:
    """What the kiosk wrote, for every page that is open."""

    def __init__(self):
        self.lock = threading.Lock()
        self.pages = set()
        self.about = None  # the last line about the kiosk itself
        self.card = None  # the last answer, and when

    def add(self, line):
        with self.lock:
            if b'"schema":"zhengyin.scan/1"' in line:
                self.card = (line, time.monotonic())
            else:
                self.about = line
            for page in self.pages:
                page.put(line)

    def open(self):
        page = queue.Queue()
        with self.lock:
            if self.about:
                page.put(self.about)
            if self.card and time.monotonic() - self.card[1] < KEEP:
                page.put(self.card[0])
            self.pages.add(page)
        return page

    def close(self, page):
        with self.lock:
            self.pages.discard(page)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # A name that some other site gave to this machine is not answered (DNS rebinding).
        if self.headers.get("Host") not in self.server.names:
            self.send_error(403)
        elif self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.send_header("Content-Security-Policy", policy())
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(PAGE)
        elif self.path == "/events":
            self.events()
        else:
            self.send_error(404)

    def events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        page = self.server.lines.open()
        try:
            self.wfile.write(b"retry: 1000\n\n")
            while True:
                try:
                    line = page.get(timeout=10)
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                else:
                    if line is None:
                        break
                    self.wfile.write(b"data: " + line.rstrip(b"\r\n") + b"\n\n")
                self.wfile.flush()
        except OSError:
            pass  # the page was closed
        finally:
            self.server.lines.close(page)
            self.close_connection = True

    def log_message(self, *_):
        pass  # nothing of what is shown goes into a log


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8118)
    parser.add_argument("command", nargs="*", default=["zhengyin", "kiosk", "--json"], help="what answers scans [zhengyin kiosk --json]")
    arguments = parser.parse_args()
    lines = Lines()
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    except OSError as error:
        sys.exit(f"port {arguments.port} of 127.0.0.1 cannot be used: {error.strerror}; another: --port {arguments.port + 1}")
    server.daemon_threads = True
    server.lines = lines
    port = server.server_address[1]
    server.names = {f"127.0.0.1:{port}", f"localhost:{port}"}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{port}/", file=sys.stderr, flush=True)
    try:
        kiosk = subprocess.Popen(arguments.command, stdout=subprocess.PIPE)
    except OSError as error:
        sys.exit(f"cannot start {arguments.command[0]}: {error.strerror}; name the command after --")
    # The kiosk ends first, and says so to the page.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: kiosk.send_signal(number))
    for line in kiosk.stdout:
        lines.add(line)
    code = kiosk.wait()
    for page in list(lines.pages):
        page.put(None)
    time.sleep(0.2)
    server.shutdown()
    sys.exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
