#!/usr/bin/python3
"""picture.py OUTPUT COLUMNS ROWS TEXT SVG: what a terminal shows after some output, as text and as a picture."""
import html
import sys

import pyte

COLORS = {
    "black": "#1d1f21", "red": "#ff6b6b", "green": "#8bd49c", "brown": "#e5c07b", "blue": "#7aa2f7",
    "magenta": "#c792ea", "cyan": "#7fdbca", "white": "#d8dee9",
}
INK, PAPER, FAINT = "#d8dee9", "#1d1f21", "#7f848e"
WIDTH, HEIGHT, MARGIN = 8.4, 18, 14


class Screen(pyte.HistoryScreen):
    """pyte knows no faint text: it is kept as a colour of its own."""

    def select_graphic_rendition(self, *attributes, **arguments):
        super().select_graphic_rendition(*(a for a in attributes if a != 2), **arguments)
        if 2 in attributes:
            self.cursor.attrs = self.cursor.attrs._replace(fg="faint")


def runs(line, columns):
    """The parts of a row that look the same: column, text, look."""
    start, text, look = 0, "", None
    for x in range(columns):
        char = line[x]
        now = (char.fg, char.bold, char.reverse, char.underscore)
        if now != look:
            if text:
                yield start, text, look
            start, text, look = x, "", now
        text += char.data
    if text:
        yield start, text, look


def color(name):
    if name == "faint":
        return FAINT
    if name == "default":
        return INK
    return COLORS.get(name, "#" + name if len(name) == 6 else INK)


def spans(lines, columns):
    for y, line in enumerate(lines):
        baseline = MARGIN + (y + 1) * HEIGHT - 5
        for x, text, (ink, bold, reverse, underscore) in runs(line, columns):
            if not text.strip() and not reverse:
                continue
            left = MARGIN + x * WIDTH
            fill = color(ink)
            if reverse:
                width = len(text) * WIDTH
                yield f'<rect x="{left:.1f}" y="{baseline - 13}" width="{width:.1f}" height="{HEIGHT}" fill="{fill}"/>'
                fill = PAPER
            style = ' font-weight="bold"' if bold else ""
            style += ' text-decoration="underline"' if underscore else ""
            yield (f'<text x="{left:.1f}" y="{baseline}" fill="{fill}"{style} '
                   f'textLength="{len(text) * WIDTH:.1f}" xml:space="preserve">{html.escape(text)}</text>')


def main():
    output, columns, rows, text_path, picture_path = sys.argv[1:]
    columns, rows = int(columns), int(rows)
    screen = Screen(columns, rows, history=10000)
    with open(output, "rb") as file:
        pyte.ByteStream(screen).feed(file.read())
    lines = list(screen.history.top) + [screen.buffer[y] for y in range(rows)]
    texts = ["".join(line[x].data for x in range(columns)).rstrip() for line in lines]
    while texts and not texts[-1]:
        texts.pop()
    with open(text_path, "w") as file:
        file.write("\n".join(texts) + "\n")
    width = round(2 * MARGIN + columns * WIDTH)
    height = 2 * MARGIN + len(texts) * HEIGHT
    with open(picture_path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                   f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">\n'
                   f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>\n')
        file.write("\n".join(spans(lines[:len(texts)], columns)) + "\n</svg>\n")


main()
