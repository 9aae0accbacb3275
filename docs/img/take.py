"""Take the pictures of this folder anew, from a demo that is being served.

    jarshy --data FOLDER demo --no-serve && jarshy --data FOLDER/demo serve &
    python docs/img/take.py http://127.0.0.1:8000 [NAME...]

Needs what the tests need (Playwright and Chromium). Each picture is written with 256 colours at
most, chosen by median cut (Heckbert 1982), so that all of them together stay small.
"""

from __future__ import annotations

import base64
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]
DESKTOP, PHONE = (1280, 860), (360, 740)
# Name, address, size, colour scheme.
PICTURES = (
    ("search", "/?q=кітапханашыларға&lang=kk", DESKTOP, "light"),
    ("first-page", "/?lang=kk", DESKTOP, "light"),
    ("results", "/?q=кітап+көрмелері&region=karaganda&region=kostanay&lang=kk", DESKTOP, "light"),
    ("event", "/?q=цифрлық+кітапхана+семинары&lang=kk", DESKTOP, "light"),
    ("filtered-year", "/?q=библиотека&from=2025&to=2025&lang=ru", DESKTOP, "light"),
    ("dark", "/?q=семинар&lang=en", DESKTOP, "dark"),
    ("low-vision", "/?q=шеберлік+сағаты&lang=kk&view=large", DESKTOP, "light"),
    ("status", "/status?lang=kk", DESKTOP, "light"),
    ("api", "/api?lang=en", DESKTOP, "light"),
    ("phone", "/?q=кітап&lang=kk", PHONE, "light"),
)
OPENED = ("event", "low-vision")  # the page of the first answer
# The page reads a picture's pixels for us: red, green, blue, opacity, a byte each.
PIXELS = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const paper = canvas.getContext("2d");
  paper.drawImage(image, 0, 0);
  const bytes = paper.getImageData(0, 0, image.width, image.height).data;
  let told = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    told += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(told);
}"""


def main(address: str, *names: str) -> None:
    """Write the pictures of these names, or every one, into this folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        reader = browser.new_page()
        for name, path, size, scheme in PICTURES:
            if names and name not in names:
                continue
            shot = taken(browser, f"{address}{path}", size, scheme, first=name in OPENED)
            packed = small(shot, size, reader)
            (HERE / f"{name}.png").write_bytes(packed)
            print(f"{name:16} {len(packed):8,} bytes")
        browser.close()


def taken(browser: Browser, url: str, size: tuple[int, int], scheme: str, first: bool) -> bytes:
    """A page as it is seen, as PNG; the page of the first answer where that is wanted."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(url)
    if first:
        page.locator(".row-title a").first.click()
        page.wait_for_load_state()
        page.mouse.move(0, 0)
    shot = page.screenshot()
    context.close()
    return shot


def small(shot: bytes, size: tuple[int, int], reader: Page) -> bytes:
    """The same picture with a palette."""
    url = f"data:image/png;base64,{base64.b64encode(shot).decode()}"
    raw = np.frombuffer(base64.b64decode(reader.evaluate(PIXELS, url)), np.uint8)
    pixels = raw.reshape(-1, 4)[:, :3]
    colours, place, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = median_cut(colours.astype(np.int32), counts)
    nearest = ((colours[:, None].astype(np.int32) - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
    return png(nearest[place.reshape(-1)].astype(np.uint8), palette.astype(np.uint8), size)


def median_cut(colours: np.ndarray, counts: np.ndarray, most: int = 256) -> np.ndarray:
    """At most `most` colours that stand for all, by how often each is used."""
    boxes = [np.arange(len(colours))]
    while len(boxes) < most:
        boxes.sort(key=lambda box: np.ptp(colours[box], axis=0).max() * counts[box].sum() ** 0.5)
        box = boxes.pop()
        spread = np.ptp(colours[box], axis=0)
        if not spread.max():
            boxes.append(box)
            break
        box = box[colours[box, spread.argmax()].argsort(kind="stable")]
        weight = counts[box].cumsum()
        cut = min(max(1, int(np.searchsorted(weight, weight[-1] / 2))), len(box) - 1)
        boxes += [box[:cut], box[cut:]]
    means = [np.average(colours[box], axis=0, weights=counts[box]) for box in boxes]
    return np.rint(means).astype(np.int32)


def png(places: np.ndarray, palette: np.ndarray, size: tuple[int, int]) -> bytes:
    """A PNG file (ISO/IEC 15948) of places in a palette."""
    width, height = size
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places.reshape(height, width)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), *sys.argv[2:])
