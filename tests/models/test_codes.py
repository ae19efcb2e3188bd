"""Codes: what is made is recognised, what people write instead is not taken for one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codes
from models.people.invitation import code_hash, is_code

ALL_LETTERS = sum((10 + at) << (5 * at) for at in range(12))


@given(st.integers(0, 2**64 - 1))
def test_every_one_time_code_is_recognised_however_it_is_typed(chance: int) -> None:
    """Also one that chance would have made of letters alone; a hundredth of all codes would be."""
    code = codes.one_time(chance)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code.replace('-', '–')} "):
        assert is_code(typed), typed
        assert code_hash(typed) == code_hash(code)


def test_a_code_of_letters_alone_gets_a_digit() -> None:
    """One draw in ninety has none."""
    assert any(letter.isdigit() for letter in codes.one_time(ALL_LETTERS))


@pytest.mark.parametrize(
    "text", ["Tin bão hôm nay", "thoi tiet mai", "Cháy nhà ở Vỹ Dạ", "cho toi hoi vu", "0912345678", "hoi them viec", "Cháy ở An Hòa"]
)
def test_short_questions_are_no_codes(text: str) -> None:
    """Twelve letters with an o, an i or an l among them are words all the same."""
    assert not is_code(text)


def test_a_mistyped_case_code_is_noticed() -> None:
    """Any single wrong character, and any two neighbours exchanged (the check character is a polynomial over GF(32))."""
    chance = random.Random(9)
    for _ in range(50):
        code = codes.make(codes.INQUIRY, chance.getrandbits(64))
        at = chance.randrange(3, len(code) - 1)
        for letter in codes.ALPHABET:
            assert codes.find(code[:at] + letter + code[at + 1 :]) == ([code] if letter == code[at] else [])
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert codes.find(swapped) == ([code] if swapped == code else [])
