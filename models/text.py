"""Text as people type it, made comparable and measurable.

Vietnamese arrives composed (NFC) from phones and decomposed (NFD) from some keyboards; both must look
the same before anything is stored, split, measured or compared.
"""

import re
import unicodedata

# Cf characters that hide or reverse text; U+200D stays because family and flag emoji are built with it.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def clean(text: str) -> str:
    """The text as we keep it: NFC, no invisible or reversing marks, no control characters, trimmed."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def fold(text: str) -> str:
    """The text for comparing: lower case, no diacritics, đ→d, letters and digits separated by one space.

    >>> fold("Sở Y tế – ĐÀ NẴNG")
    'so y te da nang'
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return _NOT_WORD.sub(" ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


def number(text: str) -> int | None:
    """The row a typed or tapped number names; None for what no row can have (“²” is a digit too, and 10³⁰ fits no column)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def units(text: str) -> int:
    """Length in UTF-16 code units, the way Telegram and Zalo count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
