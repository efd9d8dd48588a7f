from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.address import (
    LOCAL_PART_LIMIT,
    read_address,
    read_return_path,
    return_path,
    signed_address,
    token,
)
from notifiers.errors import UnusableAddress

SECRET = b"a secret of the tests"
BASE = "baocao@dondoc.example"
keys = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=30)


@given(keys)
def test_an_address_gives_back_its_key_in_any_case(key: str) -> None:
    address = signed_address(BASE, key, SECRET)

    assert len(address.split("@")[0]) <= LOCAL_PART_LIMIT
    for written in (address, address.upper(), f" <{address.title()}> "):
        assert read_address(written, BASE, SECRET) == key


@given(keys, keys)
def test_a_signature_belongs_to_one_key(key: str, other: str) -> None:
    address = signed_address(BASE, key, SECRET)
    forged = address.replace(f"+{key}-", f"+{other}-")

    assert (read_address(forged, BASE, SECRET) == key) is (key == other)


def test_an_address_is_read_with_its_own_secret_base_and_purpose_only() -> None:
    address = signed_address(BASE, "k3x9", SECRET)

    assert read_address(address, BASE, b"another secret") is None
    assert read_address(address, "baocao@other.example", SECRET) is None
    assert read_address(address, "hoi@dondoc.example", SECRET) is None
    assert read_return_path(address, BASE, SECRET) is None
    assert read_address(return_path(BASE, "k3x9", SECRET), BASE, SECRET) is None
    assert read_return_path(return_path(BASE, "k3x9", SECRET), BASE, SECRET) == "k3x9"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "baocao@dondoc.example",
        "baocao+@dondoc.example",
        "baocao+k3x9@dondoc.example",
        "baocao+-@dondoc.example",
        "baocao+k3x9-@dondoc.example",
        "baocao+k3x9-aaaaaaaaaaaaaaaa@dondoc.example",
        "baocao+k3x9-ắ@dondoc.example",
    ],
)
def test_what_is_not_signed_has_no_key(address: str) -> None:
    assert read_address(address, BASE, SECRET) is None


@given(st.text(max_size=80))
def test_reading_any_text_never_raises(text: str) -> None:
    assert read_address(text, BASE, SECRET) is None
    assert token(text) is None or "+" in text


def test_the_signature_has_eighty_bits() -> None:
    mac = signed_address(BASE, "k3x9", SECRET).split("@")[0].rpartition("-")[2]

    assert len(mac) * 5 >= 80
    assert mac == mac.lower()


@pytest.mark.parametrize(
    ("base", "key"),
    [
        (BASE, "K3"),
        (BASE, ""),
        (BASE, "a b"),
        (BASE, "a\r\nb"),
        (BASE, "a" * 50),
        ("baocao", "k3"),
        ("a+b@c.example", "k3"),
    ],
)
def test_what_cannot_be_an_address_is_refused(base: str, key: str) -> None:
    with pytest.raises(UnusableAddress):
        signed_address(base, key, SECRET)


def test_the_token_of_an_address_is_for_showing() -> None:
    assert token(signed_address(BASE, "k3x9", SECRET)) == "k3x9"
    assert token(BASE) is None
