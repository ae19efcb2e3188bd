"""Vietnamese words as people type them: comparable with, without and with misplaced tone marks."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ONSETS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oap oat oay oc oe oen oeo oet oi om on ong oong ooc op ot
u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu
y yem yen yet yeu
"""
_SYLLABLES = frozenset(onset + rime for onset in ("", *_ONSETS.split()) for rime in _RIMES.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: how it was written, its key with tone and its key without; an empty `toned` fits any tone."""

    text: str
    toned: str
    folded: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def keys(word: str) -> tuple[str, str]:
    """The word's toned and folded keys: hoà = hòa, kĩ = kỹ in the first, hoa = hoà = hỏa in the second.

    >>> keys("Hoà") == keys("hòa"), keys("Đường")[1]
    (True, 'duong')
    """
    marks = unicodedata.normalize("NFD", word.casefold())
    tone = "".join(mark for mark in marks if mark in _TONES)
    rest = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    folded = "".join(c for c in unicodedata.normalize("NFD", rest.replace("đ", "d")) if not unicodedata.combining(c))
    if rest == "quy" or (len(rest) > 1 and rest[-1] == "y" and rest[-2] in "bcdghklmnpqrstvxđ"):
        rest, folded = rest[:-1] + "i", folded[:-1] + "i"
    return rest + tone, folded


def words(text: str) -> list[Word]:
    """The words of a text with their places."""
    return [Word(m.group(), *keys(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def folded(text: str) -> str:
    """The folded words of a text, one space between."""
    return " ".join(word.folded for word in words(text))


def flat(text: str) -> str:
    """The text without diacritics, letter for letter: a place in it is the same place in the text."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower() for letter in text).replace("đ", "d")


def accented(found: list[Word]) -> bool:
    """Does whoever typed this use diacritics? One stray mark in a long text does not count."""
    marked = sum(word.toned != word.folded for word in found)
    return marked * 5 >= len(found) and marked > 0


def is_syllable(folded_word: str) -> bool:
    """Could this be a Vietnamese syllable (its marks left out)? Typing errors and foreign names mostly could not."""
    return folded_word in _SYLLABLES
