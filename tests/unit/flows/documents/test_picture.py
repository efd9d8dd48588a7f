"""The picture is sound XML, holds every box, and no box lies on another."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

from flows.documents.picture import Arrow, Box, Kind, Look, svg

SVG = "{http://www.w3.org/2000/svg}"


def boxes(count: int, kind: Kind = Kind.TASK) -> list[Box]:
    return [
        Box(id=f"{kind}{n}", kind=kind, texts=((Look.HEAD, f"Việc <{n}> & “nữa”"),)) for n in range(count)
    ]


def rectangles(text: str) -> list[tuple[float, float, float, float]]:
    found = []
    for group in ET.fromstring(text).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        x, y, w, h = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + w, y + h))
    return found


def test_texts_are_escaped_and_told_whole_when_pointed_at() -> None:
    titles = [one.text for one in ET.fromstring(svg("A & B", [boxes(1)], [], [])).iter(f"{SVG}title")]

    assert titles == ["A & B", "Việc <0> & “nữa”"]


def test_seventeen_boxes_of_a_layer_stand_in_rows_and_none_on_another() -> None:
    text = svg("x", [boxes(1, Kind.PLAN), boxes(17)], [], ["ghi chú"])
    found = rectangles(text)

    assert len(found) == 18
    for a, b in combinations(found, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    width, height = (float(ET.fromstring(text).attrib[name]) for name in ("width", "height"))
    assert min(one for box in found for one in box[:2]) >= 0
    assert all(right <= width and bottom <= height for _, _, right, bottom in found)


def test_an_arrow_goes_from_below_one_box_to_the_top_of_the_next() -> None:
    text = svg("x", [boxes(1), boxes(1, Kind.QUIET)], [Arrow(start="task0", end="quiet0")], [])
    first, second = rectangles(text)
    (path,) = (
        one for one in ET.fromstring(text).iter(f"{SVG}path") if "arrow" in one.attrib.get("class", "")
    )

    numbers = path.attrib["d"].replace("M", "").replace("C", " ").split()
    assert (float(numbers[1]), float(numbers[-1])) == (first[3], second[1])
