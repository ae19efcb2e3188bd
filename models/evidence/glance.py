"""A glance that accepts what is right beyond doubt: the text an honest row must have is written from its columns and compared.

Only what no column repeats – the actor's account and role, the detail, the nonce, a unit's name, the pack – is read out of the
text, each piece for itself and by the same `parse`. Each piece is canonical JSON and what stands between them is literal, so the
whole is the canonical text of an entry that says what the columns say. A row that is not exactly so need not be wrong: `Chain.take`
looks at it and names what is wrong, if anything is. A glance errs in one way only: by leaving a row to be looked at that was right.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Generic, TypeVar

from orjson import dumps, loads

from models.evidence.canonical import CANONICAL, no_fraction, parse
from models.evidence.chain import HEX, TELLING, Chain, stored_moment

T = TypeVar("T")
_TOO_LONG = 2**53  # whole numbers from here on are not alike to every reader
_FLAT = frozenset({str, int, bool, type(None)})
fromhex, fromisoformat = bytes.fromhex, datetime.fromisoformat


class Doubt(Exception):  # noqa: N818 - nothing is known to be wrong
    """The row is not exactly what was expected."""


class _Known(dict[str, T], Generic[T]):
    """What was once found to be sound, and what it says: it comes again in many rows."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, written: str) -> T:
        value = self[written] = self._read(written)
        return value


class Glance:
    """Goes along a chain as long as nothing is in doubt."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._words = _Known(_plain)  # actions and channels
        self._persons = _Known(_person)
        self._packs = _Known(_pack)
        self._units = _Known(_unit)

    def takes(self, row: Sequence[Any]) -> bool:
        """Go on to the next row (`COLUMNS`, untrusted) if it is right beyond doubt; otherwise nothing has changed."""
        chain = self._chain
        seq, prev, here, digest, _, action, case, case_seq, _, _, _, _, text = row
        try:
            if not (
                seq == chain.seq + 1
                and type(seq) is int
                and prev == chain.hash
                and sha256(text.encode()).hexdigest() == digest
                and sha256(fromhex(prev + digest)).hexdigest() == here == chain.wanted.get(seq, here)
            ):
                return False
            detail = self._detail(row)
        except (Doubt, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
            return False
        chain.seq, chain.hash = seq, here
        if case is not None:
            chain.cases[case] = (case_seq, digest)
        if action in TELLING:
            chain.learn(seq, {"action": action, "detail": detail})
        else:
            chain.named.take(seq, detail.items())
        return True

    def _detail(self, row: Sequence[Any]) -> dict[str, Any]:
        """The detail of an entry, after everything else in its text was found to be what the columns make it.

        All of it in one place: it is done for each of a million rows, and a call costs as much as a comparison.
        """
        seq, _, _, _, at, action, case, case_seq, person, unit, cause, channel, text = row
        if type(at) is not str:
            at = stored_moment(at)
        written_at = f"{at[:10]}T{at[11:23]}+00:00"
        fromisoformat(written_at)  # nothing but digits and what stands between them
        of_case = "" if case is None and case_seq is None else self._of_case(case, case_seq, text)
        if cause is None:
            cause = "null"
        elif type(cause) is not int or not -_TOO_LONG < cause < _TOO_LONG:
            raise Doubt
        start = f'{{"action":"{self._words[action]}","actor":'
        middle = f',"at":"{written_at}"{of_case},"cause":{cause},"channel":"{self._words[channel]}",'
        actor = len(start)
        actor_ends = text.find('},"at":"', actor) + 1
        detail_begins = actor_ends + len(middle)
        detail_ends = text.find(',"nonce":"', detail_begins)
        nonce = detail_ends + len(',"nonce":"')
        pack, _, end = text[nonce + 32 :].partition(f',"seq":{seq},')
        known = self._persons[text[actor:actor_ends]]
        piece = f"{{{text[detail_begins:detail_ends]}}}"
        read = loads(piece)
        detail = read["detail"]
        if not (
            at[10] == " "
            and at[23:] == "000"
            and text.startswith(start)
            and text.startswith(middle, actor_ends)
            and detail_ends > 0
            and not text[nonce : nonce + 32].strip(HEX)
            and self._packs[pack]
            and self._units[end] == unit
            and known == person
            and type(known) is type(person)
            and dumps(read, option=CANONICAL) == piece.encode()
            and len(read) == 1
            and type(read["detail"]) is dict
        ):
            raise Doubt
        if not _FLAT.issuperset(map(type, detail.values())):
            no_fraction(detail.values())
        return detail

    def _of_case(self, case: Any, case_seq: Any, text: str) -> str:
        """What stands in an entry that is the next of its case."""
        before, last = self._chain.cases.get(case) or self.before(case, case_seq, text)
        if case_seq != before + 1 or type(case_seq) is not int or not case.isprintable() or '"' in case or "\\" in case:
            raise Doubt
        prev = f'"{last}"' if last else "null"
        return f',"case":"{case}","case_prev":{prev},"case_seq":{case_seq}'

    def before(self, case: str, case_seq: int, text: str) -> tuple[int, str | None]:
        """The number and the digest of the last entry of a case nobody has spoken of yet."""
        return 0, None


def _plain(word: str) -> str:
    """A word that stands in JSON as it is."""
    if not word.isprintable() or '"' in word or "\\" in word:
        raise Doubt
    return word


def _person(written: str) -> int | None:
    """Who acted."""
    actor = parse(written)
    if actor.keys() != {"account", "person", "role"} or not {*map(type, actor.values())} <= {int, str, type(None)}:
        raise Doubt
    return actor["person"]


def _pack(written: str) -> bool:
    """Whether what stands between nonce and number is a pack's name, or nothing."""
    value = parse(f'{{"nonce":"{written}}}')
    return value == {"nonce": "", "pack": value.get("pack")} or value == {"nonce": ""}


def _unit(written: str) -> str | None:
    """The unit in what stands behind the number; nothing else of meaning does."""
    value = parse(f"{{{written}")
    if not value.keys() <= {"unit", "v"}:
        raise Doubt
    return value["unit"]["id"] if "unit" in value else None
