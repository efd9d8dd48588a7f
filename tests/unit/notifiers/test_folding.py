from __future__ import annotations

import unicodedata

import pytest

from notifiers.replies.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Số tin, bài (đã đăng)", "so tin bai da dang"),
        (unicodedata.normalize("NFD", "Đường dây nóng"), "duong day nong"),
        ("Ký–duyệt…", "ky duyet"),
        ("Straße, Łódź, œuvre, ılık", "strasse lodz oeuvre ilik"),
        ("ا\u0650 a\u0483b c\u20dd", "ab c"),
        ("", ""),
    ],
)
def test_text_is_compared_without_accents_case_and_punctuation(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_mark_joins_the_letters_around_it_and_anything_else_parts_them() -> None:
    for code in range(0x300, 0x20000):
        one = chr(code)
        if unicodedata.combining(one):
            assert fold(f"a{one}b") == "ab", hex(code)
        elif unicodedata.category(one) in ("Pd", "Po", "Zs", "Mc"):
            assert fold(f"á{one}b") != "ab", hex(code)
