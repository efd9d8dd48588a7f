"""A picture (SVG) of boxes in layers, one below the other, with arrows between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape, quoteattr

from flows.documents.lettering import FONT, width, wrapped

_BOX, _GAP, _ROW_GAP, _LAYER_GAP, _MARGIN, _PAD = 330, 22, 22, 46, 28, 14
_COLUMNS = 4


class Look(StrEnum):
    """How a line of text looks."""

    HEAD = "head"
    PLAIN = "plain"
    FAINT = "faint"
    DATE = "date"


_SIZES: Mapping[Look, tuple[float, float, int]] = {
    Look.HEAD: (15, 20, 4),
    Look.PLAIN: (13, 18, 3),
    Look.FAINT: (12, 17, 2),
    Look.DATE: (13, 18, 2),
}
"""Size of the letters, height of a line, and how many lines a text may take."""


class Kind(StrEnum):
    """What a box stands for; decides its colours."""

    ABOVE = "above"
    PLAN = "plan"
    TASK = "task"
    QUIET = "quiet"


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box, with its texts from top to bottom."""

    id: str
    kind: Kind
    texts: tuple[tuple[Look, str], ...]
    wide: bool = False
    """Whether it takes the whole width."""


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """From one box to another."""

    start: str
    end: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True, kw_only=True)
class _Placed:
    box: Box
    x: float
    y: float
    w: float
    h: float


_STYLE = """
  text {{ font-family: {font}; fill: #1f2937; }}
  .head {{ font-size: 15px; font-weight: 600; }}
  .plain {{ font-size: 13px; }}
  .faint {{ font-size: 12px; fill: #6b7280; }}
  .date {{ font-size: 13px; font-weight: 600; fill: #9a3412; }}
  .label {{ font-size: 12px; fill: #374151; }}
  rect {{ stroke-width: 1.2; }}
  .above rect {{ fill: #eef2ff; stroke: #6366f1; }}
  .plan rect {{ fill: #ecfdf5; stroke: #059669; }}
  .task rect {{ fill: #ffffff; stroke: #64748b; }}
  .quiet rect {{ fill: #f8fafc; stroke: #cbd5e1; stroke-dasharray: 5 4; }}
  .arrow {{ fill: none; stroke: #475569; stroke-width: 1.6; }}
  .dashed {{ stroke-dasharray: 6 5; }}
"""


_TIP = """\
<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7"
 orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#475569"/></marker></defs>"""


def svg(title: str, layers: Sequence[Sequence[Box]], arrows: Sequence[Arrow], legend: Sequence[str]) -> str:
    """The picture. Boxes of a layer stand beside each other, in several rows when there are many."""
    columns = min(_COLUMNS, max(len(layer) for layer in layers))
    columns = max(columns, 2)
    inner = columns * _BOX + (columns - 1) * _GAP
    placed: dict[str, _Placed] = {}
    y = float(_MARGIN)
    for layer in layers:
        middle = len(layer) <= columns
        for row in _rows(layer, columns):
            y = _place(row, inner, y, placed, middle=middle) + _ROW_GAP
        y += _LAYER_GAP - _ROW_GAP
    foot = y - _LAYER_GAP + 30
    w, h = inner + 2 * _MARGIN, foot + 18 * len(legend) + 10
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" '
        f'viewBox="0 0 {w:.0f} {h:.0f}" role="img" aria-label={quoteattr(title)}>'
    )
    parts = [
        opening,
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE.format(font=FONT)}</style>",
        _TIP,
        f'<rect width="{w:.0f}" height="{h:.0f}" fill="#ffffff" stroke="none"/>',
    ]
    parts += [_arrow(arrow, placed) for arrow in arrows]
    parts += [part for one in placed.values() for part in _drawn(one)]
    parts += [_label(arrow, placed) for arrow in arrows if arrow.label]
    for number, text in enumerate(legend):
        parts.append(f'<text class="label" x="{_MARGIN}" y="{foot + 18 * number:.0f}">{escape(text)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _rows(layer: Sequence[Box], columns: int) -> Iterator[Sequence[Box]]:
    for first in range(0, len(layer), columns):
        yield layer[first : first + columns]


def _place(row: Sequence[Box], inner: float, y: float, placed: dict[str, _Placed], *, middle: bool) -> float:
    """Put a row of boxes at `y`, in the middle or from the left; the y below it."""
    widths = [inner if box.wide else _BOX for box in row]
    height = max(_height(box, w) for box, w in zip(row, widths, strict=True))
    x = _MARGIN + ((inner - sum(widths) - _GAP * (len(row) - 1)) / 2 if middle else 0)
    for box, w in zip(row, widths, strict=True):
        placed[box.id] = _Placed(box=box, x=x, y=y, w=w, h=height)
        x += w + _GAP
    return y + height


def _lines(box: Box, w: float) -> Iterator[tuple[Look, str]]:
    for look, text in box.texts:
        size, _, most = _SIZES[look]
        for line in wrapped(text, size, w - 2 * _PAD, most):
            yield look, line


def _height(box: Box, w: float) -> float:
    return 2 * _PAD - 4 + sum(_SIZES[look][1] for look, _ in _lines(box, w))


def _drawn(one: _Placed) -> Iterator[str]:
    whole = "\n".join(text for _, text in one.box.texts)
    yield f'<g class="{one.box.kind}"><title>{escape(whole)}</title>'
    yield f'<rect x="{one.x:.0f}" y="{one.y:.0f}" width="{one.w:.0f}" height="{one.h:.0f}" rx="7"/>'
    y = one.y + _PAD - 4
    for look, line in _lines(one.box, one.w):
        y += _SIZES[look][1]
        yield f'<text class="{look}" x="{one.x + _PAD:.0f}" y="{y - 3:.0f}">{escape(line)}</text>'
    yield "</g>"


def _ends(arrow: Arrow, placed: Mapping[str, _Placed]) -> tuple[float, float, float, float]:
    """Where an arrow leaves one box and meets the other: below it when it goes down, above when up."""
    start, end = placed[arrow.start], placed[arrow.end]
    down = end.y > start.y
    x2 = end.x + end.w / 2
    x1 = min(max(x2, start.x + 20), start.x + start.w - 20) if start.box.wide else start.x + start.w / 2
    if end.box.wide:
        x2 = min(max(x1, end.x + 20), end.x + end.w - 20)
    return x1, start.y + (start.h if down else 0), x2, end.y + (0 if down else end.h)


def _arrow(arrow: Arrow, placed: Mapping[str, _Placed]) -> str:
    x1, y1, x2, y2 = _ends(arrow, placed)
    bend = (y2 - y1) / 2
    look = "arrow dashed" if arrow.dashed else "arrow"
    path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return f'<path class="{look}" d="{path}" marker-end="url(#tip)"/>'


def _label(arrow: Arrow, placed: Mapping[str, _Placed]) -> str:
    x1, y1, x2, y2 = _ends(arrow, placed)
    x, y = (x1 + x2) / 2 + 8, (y1 + y2) / 2 + 4
    w = width(arrow.label, 12) + 6
    back = f'<rect x="{x - 3:.0f}" y="{y - 12:.0f}" width="{w:.0f}" height="16" fill="#fff" stroke="none"/>'
    return f'{back}<text class="label" x="{x:.0f}" y="{y:.0f}">{escape(arrow.label)}</text>'
