# SPDX-License-Identifier: MIT
"""The plot: for each case a bar a contender, its time as a multiple of the limit's."""

import math
from xml.sax.saxutils import escape

from .contenders import BEST, CURL, LOCAL, OURS, PLAIN

COLOURS = {OURS: "#1b7837", BEST: "#e08214", PLAIN: "#fdb863", CURL: "#8073ac"}
LEFT, WIDTH, BAR, GAP, TOP = 290, 500, 11, 16, 56
LARGEST = 32  # longer bars are cut, their label says how long they are


def unit(result):
    """The limit: curl's download of the needed bytes; on loopback the local file."""
    return result.rows[CURL if CURL in result.rows else LOCAL]


def bars(result):
    for contender in COLOURS:
        if contender in result.rows:
            value = getattr(result.rows[contender], result.figure)
            yield contender, value, value / getattr(unit(result), result.figure)


def place(multiple):
    """Logarithmic from a half to LARGEST."""
    least = math.log2(0.5)
    share = (math.log2(min(max(multiple, 0.5), LARGEST)) - least) / (math.log2(LARGEST) - least)
    return LEFT + share * WIDTH


def text(x, y, words, **style):
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}>{escape(words)}</text>'


def legend():
    x = LEFT
    for contender, colour in COLOURS.items():
        yield f'<rect x="{x}" y="10" width="12" height="12" fill="{colour}"/>'
        yield text(x + 17, 20, contender)
        x += 40 + 7 * len(contender)


def axis(bottom):
    multiple = 0.5
    while multiple <= LARGEST:
        x = place(multiple)
        yield f'<path d="M{x:.1f} {TOP - 8}V{bottom}" stroke="#ccc" fill="none"/>'
        yield text(x, TOP - 12, f"{multiple:g} ×", text_anchor="middle", fill="#555")
        multiple *= 2


def drawing(results):
    """SVG text of all cases."""
    parts, y = [], TOP
    for result in results:
        found = list(bars(result))
        title = result.case.title.replace("`", "")
        parts.append(text(LEFT - 10, y + len(found) * BAR / 2 + 4, title, text_anchor="end"))
        for contender, value, multiple in found:
            end = place(multiple)
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{end - LEFT:.1f}" height="{BAR - 1}" '
                         f'fill="{COLOURS[contender]}"/>')
            parts.append(text(end + 4, y + BAR - 2, f"{value:.2f} s", font_size=9, fill="#333"))
            y += BAR
        y += GAP
    size = f'width="{LEFT + WIDTH + 60}" height="{y}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        "<!-- SPDX-License-Identifier: MIT -->",
        "<title>Time of each case, as a multiple of curl's download of the needed bytes</title>",
        '<rect width="100%" height="100%" fill="#fff"/>', *legend(), *axis(y - GAP + 4), *parts,
        "</svg>", ""])
