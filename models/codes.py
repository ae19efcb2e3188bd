"""Case codes nobody can count from: two letters, six random Crockford base-32 characters, one check character.

The check is a polynomial over GF(32): every single mistyped character and every swap of two neighbours is noticed.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
INQUIRY, MATTER, RELEASE, EVENT, OBSTRUCTION = "YC", "VV", "TC", "SK", "PA"

_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(YC|VV|TC|SK|PA)\s?[-–—]?\s?([0-9A-Za-z]{7})(?![0-9A-Za-z])", re.IGNORECASE)
_BITS = 5
_POLYNOMIAL = 0b100101  # x⁵ + x² + 1, primitive


def check(letters: str) -> str:
    """The check character of six code characters."""
    total = 0
    for letter in letters:
        total = (total ^ ALPHABET.index(letter)) << 1
        if total >> _BITS:
            total ^= _POLYNOMIAL
    return ALPHABET[total]


def make(prefix: str, chance: int) -> str:
    """A code from at least 30 random bits, e.g. `YC-4F7Q2MX`."""
    letters = "".join(ALPHABET[(chance >> shift) & 31] for shift in range(0, 30, _BITS))
    return f"{prefix}-{letters}{check(letters)}"


def find(text: str, prefix: str | None = None) -> list[str]:
    """The valid codes somebody wrote in a text, as we write them; I and L read as 1, O as 0."""
    found: list[str] = []
    for match in _IN_TEXT.finditer(text):
        letters = match[2].upper().translate(_READ_AS)
        if all(c in ALPHABET for c in letters) and check(letters[:6]) == letters[6]:
            found.append(f"{match[1].upper()}-{letters}")
    return [code for code in dict.fromkeys(found) if prefix is None or code.startswith(prefix)]


def without(text: str) -> str:
    """The text with its case codes taken out."""
    return " ".join(_IN_TEXT.sub(" ", text).split())


def one_time(chance: int) -> str:
    """A one-time code from at least 64 random bits: twelve characters in groups of four, e.g. `7K2M-9QXA-41TC`.

    One of them is always a digit: typed without its dashes, a code of letters alone would read like words.
    """
    letters = "".join(ALPHABET[(chance >> shift) & 31] for shift in range(0, 60, _BITS))
    if letters.isalpha():
        at = (chance >> 60) % len(letters)
        letters = letters[:at] + ALPHABET[ALPHABET.index(letters[at]) % 10] + letters[at + 1 :]
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))
