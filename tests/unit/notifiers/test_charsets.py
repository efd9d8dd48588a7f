from __future__ import annotations

import unicodedata

import pytest

from notifiers.replies import understand
from notifiers.replies.mime.charsets import decode_vietnamese

TEXT = "Xã báo cáo: đã tổ chức được 3 buổi, kính gửi phòng."
TCVN3 = b"X\xb7 b\xb8o c\xb8o: \xae\xb7 t\xe6 ch\xf8c \xae\xad\xeec 3 bu\xe6i, k\xddnh g\xf6i ph\xdfng."
VNI = "Xaõ baùo caùo: ñaõ toå chöùc ñöôïc 3 buoåi, kính göûi phoøng.".encode("cp1252")
VISCII = b"X\xe3 b\xe1o c\xe1o: \xf0\xe3 t\xb1 ch\xd1c \xf0\xdf\xfec 3 bu\xb1i, k\xednh g\xd8i ph\xf2ng."


@pytest.mark.parametrize(("octets", "codec"), [(TCVN3, "tcvn3"), (VNI, "vni"), (VISCII, "viscii")])
def test_each_charset_gives_the_same_text(octets: bytes, codec: str) -> None:
    assert unicodedata.normalize("NFC", decode_vietnamese(octets, codec)) == TEXT


@pytest.mark.parametrize("octets", [TCVN3, VNI, VISCII], ids=["tcvn3", "vni", "viscii"])
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii", "windows-1258"])
def test_a_wrong_label_does_not_spoil_the_text(octets: bytes, label: str) -> None:
    raw = b"From: a@xa.example\nContent-Type: text/plain; charset=" + label.encode() + b"\n\n" + octets

    assert understand(raw).text == TEXT


def test_a_font_of_old_sent_as_unicode_is_undone() -> None:
    raw = b"From: a@xa.example\nContent-Type: text/plain; charset=utf-8\n\n" + TCVN3.decode("cp1252").encode()

    assert understand(raw).text == TEXT


@pytest.mark.parametrize(
    "text",
    ["Le café de l'été à Hà Nội, très réussi, 2ème édition", "Ñandú, señor: él está aquí", "Größe für dö"],
)
def test_other_languages_are_left_as_they_are(text: str) -> None:
    raw = b"From: a@xa.example\nContent-Type: text/plain; charset=utf-8\n\n" + text.encode()

    assert understand(raw).text == text
