"""Texts are broken between words, never wider than their room, and what is left out is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.documents.lettering import width, wrapped


def test_accents_take_no_width_of_their_own() -> None:
    assert width("Ủy ban nhân dân", 13) == width("Uy ban nhan dan", 13)


def test_a_long_title_is_broken_between_words() -> None:
    lines = wrapped("Triển khai công tác thông tin đối ngoại trên địa bàn tỉnh", 13, 150, 9)

    assert " ".join(lines) == "Triển khai công tác thông tin đối ngoại trên địa bàn tỉnh"
    assert len(lines) > 1


def test_what_does_not_fit_is_marked() -> None:
    assert wrapped("một hai ba bốn năm", 13, 60, 1)[0].endswith(" …")


@given(st.lists(st.sampled_from(["Ủy", "ban", "nhân", "dân", "xã,", "2024"]), min_size=1), st.integers(1, 4))
def test_no_line_is_wider_than_its_room(words: list[str], most: int) -> None:
    lines = wrapped(" ".join(words), 13, 120, most)

    assert 1 <= len(lines) <= most
    assert all(width(line, 13) <= 120 for line in lines)
