"""Makes QR codes of licenses, spoils their pictures as counters do, and reads them with this command and with two readers that nobody here
wrote (zbar, zxing-cpp). Usage: codes.py ZHENGYIN FOLDER, with the licenses (.zyl) that a demonstration leaves in the folder.

Prints how many of the pictures each reader reads. Fails if any reader gives another text than was written, if one that is as it was drawn
is not read by all, or if this command reads fewer than it must of those that are harmed a little.
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from pyzbar import pyzbar

SEED = 20261001
LICENSES = 5
LEVELS = ("M", "Q")
# Pixels a module of what is drawn; harms are in modules, so that they mean the same for every size of code.
SCALE = 8


def turned(degrees):
    return lambda picture, _: picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(modules):
    return lambda picture, _: picture.filter(ImageFilter.GaussianBlur(modules * SCALE))


def noisy(sigma):
    def spoil(picture, random):
        pixels = numpy.asarray(picture, dtype=float) + random.normal(0, sigma, (picture.height, picture.width))
        return Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8))

    return spoil


def faded(contrast):
    return lambda picture, _: picture.point(lambda shade: int(110 + (shade - 128) * contrast))


def shaded(picture, _):
    light = numpy.linspace(0.25, 1, picture.width)[None, :] * numpy.linspace(1, 0.6, picture.height)[:, None]
    return Image.fromarray((numpy.asarray(picture) * light).astype(numpy.uint8))


def covered(percent, places=1):
    """Patches of white and black over so much of the area, away from the three finders."""

    def spoil(picture, random):
        picture = picture.copy()
        draw = ImageDraw.Draw(picture)
        side = int((picture.width**2 * percent / 100 / places) ** 0.5)
        for place in range(places):
            x, y = (int(random.uniform(0.35, 0.62) * picture.width) for _ in range(2))
            draw.rectangle([x, y, x + side, y + side], fill=255 * (place % 2))
        return picture

    return spoil


def folded(picture, _):
    draw = ImageDraw.Draw(picture := picture.copy())
    draw.line([0, picture.height * 0.55, picture.width, picture.height * 0.57], fill=170, width=SCALE)
    return picture


def stamped(picture, _):
    """A round red seal over a part of it, as grey."""
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    edge, radius = (int(picture.width * part) for part in (0.58, 0.33))
    draw.ellipse([edge, edge, edge + radius, edge + radius], outline=90, width=SCALE)
    return picture


def leaning(part):
    """As it is seen by somebody who stands beside it: the far side shorter by so much of the near one."""

    def spoil(picture, _):
        width, height = picture.size
        inset = height * part / 2
        seen = [(0, 0), (0, height), (width, height - inset), (width, inset)]
        drawn = [(0, 0), (0, height), (width, height), (width, 0)]
        rows, wanted = [], []
        for (x, y), (u, v) in zip(seen, drawn):
            rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
            wanted += [u, v]
        plane = numpy.linalg.solve(numpy.array(rows), numpy.array(wanted))
        return picture.transform(picture.size, Image.Transform.PERSPECTIVE, plane, Image.Resampling.BICUBIC, fillcolor=255)

    return spoil


def small(pixels_a_module):
    def spoil(picture, _):
        width = int(picture.width * pixels_a_module / SCALE)
        return picture.resize((width, width), Image.Resampling.BICUBIC)

    return spoil


def compressed(quality):
    def spoil(picture, _):
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=quality)
        return Image.open(stream).convert("L")

    return spoil


def camera(picture, random):
    """A telephone held askew in bad light."""
    for harm in (leaning(0.12), turned(4), shaded, small(4), blurred(0.03), noisy(8), compressed(60)):
        picture = harm(picture, random)
    return picture


# Name, harm, and the least share that this command must read.
HARMS = [
    ("as drawn", lambda picture, _: picture, 1.0),
    ("turned by 7 degrees", turned(7), 1.0),
    ("turned by 30 degrees", turned(30), 0.8),
    ("turned by 90 degrees", turned(90), 1.0),
    ("far side 10 % shorter", leaning(0.1), 1.0),
    ("far side 25 % shorter", leaning(0.25), 0.0),
    ("blurred by 0.3 modules", blurred(0.3), 1.0),
    ("blurred by 0.45 modules", blurred(0.45), 0.0),
    ("blurred by 0.6 modules", blurred(0.6), 0.0),
    ("noise, sigma 30", noisy(30), 1.0),
    ("noise, sigma 80", noisy(80), 0.0),
    ("contrast 30 %", faded(0.3), 1.0),
    ("contrast 10 %", faded(0.1), 0.5),
    ("uneven light", shaded, 1.0),
    ("2 % covered", covered(2), 1.0),
    ("6 % covered", covered(6, 3), 0.8),
    ("9 % covered", covered(9, 3), 0.0),
    ("folded", folded, 1.0),
    ("stamped", stamped, 0.8),
    ("3 pixels a module", small(3), 1.0),
    ("2 pixels a module", small(2), 0.8),
    ("1.5 pixels a module", small(1.5), 0.0),
    ("JPEG, quality 15", compressed(15), 1.0),
    ("a camera", camera, 0.8),
]


def make(command, license, level, folder):
    """The picture of a license's code, and the text in it."""
    path = folder / f"{license.stem}-{level}.png"
    subprocess.run([command, "qr", "make", license, "--out", path, "--level", level, "--scale", str(SCALE)], check=True, capture_output=True)
    return Image.open(path).convert("L")


def ours(command, paths):
    """The texts that this command reads in each picture."""
    run = subprocess.run([command, "--json", "qr", "read", *paths], capture_output=True, text=True)
    texts = {}
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        if answer["schema"] == "zhengyin.codes/1":
            texts[answer["file"]] = [code["text"] for code in answer["codes"]]
    return [texts.get(str(path), []) for path in paths]


def zbar(picture):
    return [code.data.decode("latin-1") for code in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])]


def zxing(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def stamps(command, folder, scratch):
    """The stamps of the demonstration without their seals, small enough to be printed beside the text: read by all, and verified again."""
    faults = []
    files = sorted((folder / "documents").glob("*.zys"))
    for file in files:
        path = scratch / f"{file.stem}-stamp.png"
        run = [command, "--json", "qr", "make", file, "--out", path, "--without-seals", "--scale", str(SCALE)]
        codes = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)["codes"]
        versions = [code["version"] for code in codes]
        picture = Image.open(path).convert("L")
        texts = [ours(command, [path])[0], zbar(picture), zxing(picture)]
        print(f"{file.name}: {codes[0]['level']}, version {versions}")
        if texts != [[codes[0]["text"]]] * 3:
            faults.append(f"{file.name}: {texts}")
        if "contract" not in file.name and versions > [12]:
            faults.append(f"{file.name}: one stamp takes version {versions}")
    return faults if files else ["no stamps in the demonstration"]


def main(command, folder):
    licenses = sorted(pathlib.Path(folder).rglob("*.zyl"))[:LICENSES]
    assert len(licenses) == LICENSES, f"{len(licenses)} licenses in {folder}"
    random = numpy.random.default_rng(SEED)
    faults = []
    print(f"{'harm':26}{'level':6}{'pictures':>9}{'ours':>7}{'zbar':>7}{'zxing':>7}")
    totals = {level: [0, 0, 0, 0] for level in LEVELS}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for level in LEVELS:
            drawn = [make(command, license, level, scratch) for license in licenses]
            written = [zxing(picture) for picture in drawn]
            for name, harm, least in HARMS:
                pictures = [harm(picture, random) for picture in drawn]
                paths = [scratch / f"{level}-{HARMS.index((name, harm, least))}-{at}.png" for at in range(len(pictures))]
                for picture, path in zip(pictures, paths):
                    picture.save(path)
                read = [ours(command, paths), list(map(zbar, pictures)), list(map(zxing, pictures))]
                for reader, found in zip(("ours", "zbar", "zxing"), read):
                    for texts, text in zip(found, written):
                        if texts and texts != text:
                            faults.append(f"{name}, {level}: {reader} reads {str(texts)[:60]}")
                counts = [sum(map(bool, found)) for found in read]
                row = [len(pictures), *counts]
                totals[level] = [total + count for total, count in zip(totals[level], row)]
                print(f"{name:26}{level:6}{row[0]:9}{row[1]:7}{row[2]:7}{row[3]:7}")
                if counts[0] < least * len(pictures):
                    faults.append(f"{name}, {level}: ours reads {counts[0]} of {len(pictures)}, at least {least:.0%}")
                if name == "as drawn" and min(counts) < len(pictures):
                    faults.append(f"as drawn, {level}: {counts} of {len(pictures)}")
        faults += stamps(command, pathlib.Path(folder), scratch)
        for level, row in totals.items():
            print(f"{'all':26}{level:6}{row[0]:9}{row[1]:7}{row[2]:7}{row[3]:7}")
    for fault in faults:
        print("fault:", fault)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
