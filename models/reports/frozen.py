"""The yearly report as it was at the cut-off: kept word for word, its digest in the log, compared with a fresh count at any time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Text
from sqlmodel import Field

from models.errors import Refusal
from models.evidence.canonical import canonical
from models.evidence.exchange import Entry
from models.reports.document import Document, digest
from models.store import Big, Instant, Logged, Row, Store


class FrozenReport(Row, Logged, table=True):
    """One year's report; frozen once, for ever."""

    __tablename__ = "frozen_report"  # pyright: ignore[reportAssignmentType]

    period: str = Field(primary_key=True)
    pack_id: str
    through: int = Field(sa_type=Big)  # the last entry that was read
    sha256: str = Field(max_length=64)
    document: str = Field(sa_type=Text)
    frozen_at: datetime = Field(sa_type=Instant)

    @classmethod
    def of(cls, document: Document, at: datetime) -> "FrozenReport":
        """Freeze a document."""
        return cls(
            period=document["period"],
            pack_id=document["pack"],
            through=document["through"]["seq"],
            sha256=digest(document),
            document=canonical(document).decode(),
            frozen_at=at,
        )

    def entry(self) -> Entry:
        """The log holds the digest of the very bytes, and how far they rest on it."""
        detail = {"period": self.period, "digest": self.sha256, "through": self.through}
        return Entry("report.frozen", (self,), detail=detail, pack=self.pack_id)

    @property
    def content(self) -> Document:
        """The document again."""
        return cast("Document", json.loads(self.document))


@dataclass(frozen=True)
class Difference:
    """One figure that a fresh count gives otherwise: the codes that came and those that went."""

    figure: str
    part: str
    added: Sequence[str]
    removed: Sequence[str]


def differences(frozen: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Difference]:
    """What has changed since, figure by figure; empty where the fresh count is the frozen one."""
    now = {(figure, part): found for figure, part, found in _figures(fresh)}
    return [
        Difference(figure, part, sorted(after - before), sorted(before - after))
        for figure, part, before in _figures(frozen)
        if (after := now[figure, part]) != before
    ]


def _figures(document: Mapping[str, Any]) -> Iterator[tuple[str, str, set[str]]]:
    for row in document.get("indicators", []):
        for part in ("numerator", "denominator"):
            yield row["id"], part, set(row[part] or ())
    for name, found in sorted(document["lines"].items()):
        yield name, "", set(found)
    if "duties" in document:
        yield "duties", "", {f"{row['unit']}: {row['duty']} {row['verdict']}" for row in document["duties"]}


async def of_period(store: Store, period: str) -> FrozenReport | None:
    """A year's frozen report, if it is frozen."""
    return await store.get(FrozenReport, period)


async def freeze(store: Store, document: Document, at: datetime) -> FrozenReport:
    """Keep it.

    Raises:
        Refusal: that year is frozen already.
    """
    if await of_period(store, document["period"]) is not None:
        raise Refusal("report.frozen_already", period=document["period"])
    kept = FrozenReport.of(document, at)
    store.add(kept)
    return kept
