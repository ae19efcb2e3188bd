"""A report's document in words: the same sentences for every format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.papers.view import Paper, Row, Section, Table
from models.law.packs import LawBook
from models.reports.compliance import PROVINCE
from models.reports.document import COLUMNS, LINES, RATED, Document, digest, rule_of
from models.reports.frozen import Difference
from models.texts import Due, Texts


@dataclass(frozen=True)
class Speaker:
    """Says a document in Vietnamese, as this office words it; `items` are the texts of its remarks by digest."""

    texts: Texts
    law: LawBook
    items: Mapping[str, str]
    at: datetime

    def say(self, key: str, **values: Any) -> str:
        """A sentence of `report.yaml`."""
        return self.texts.say("vi", f"report.{key}", values)

    def paper(self, document: Document, changes: Sequence[Difference] | None = None) -> Paper:
        """The whole report; `changes` compares a frozen one with a fresh count."""
        yearly = document["kind"] == "yearly"
        sections = [*([self._indicators(document)] if yearly else []), self._lines(document), self._units(document)]
        sections += self._rates(document)
        if document.get("duties"):
            sections.append(self._compliance(document))
        if yearly or document["remarks"]:
            sections.append(self._remarks(document))
        if changes is not None:
            sections.append(self._changes(changes))
        sections += [self._codes(document), self._cases(document)]
        day = self.at.astimezone(self.texts.zone).date()
        return Paper(
            agency=self._scope(document),
            place_and_day=self.say("place_and_day", day=f"{day.day:02d}", month=f"{day.month:02d}", year=day.year),
            title=self.say(f"title_{document['kind']}", period=self.period(document)),
            subtitle=self._subtitle(document),
            sections=sections,
            footer=self.say("footer", seq=document["through"]["seq"], hash=document["through"]["hash"], digest=digest(document)),
            signer=self.say("signer"),
            signature=self.say("signature"),
            name=self.say("name"),
            number=self.say("number"),
            addressee=self._addressee(document) if yearly else "",
            receivers=[part.strip() for part in self.say("receivers" if yearly else "receivers_inside").split("|")],
        )

    def _addressee(self, document: Document) -> str:
        """Whom the decree wants the yearly report sent to."""
        return self.say("addressee", name=rule_of(self.law, self.law.pack(document["pack"]))[0].recipient)

    def period(self, document: Document) -> str:
        """The period as it is spoken: 2026, or 11/2026."""
        year, _, month = str(document["period"]).partition("-")
        return f"{month}/{year}" if month else year

    def _scope(self, document: Document) -> str:
        return self.say("province") if document["unit"] is None else str(document["names"].get(document["unit"], document["unit"]))

    def _subtitle(self, document: Document) -> list[str]:
        first, last = (date.fromisoformat(document[name]) for name in ("from", "to"))
        lines = [self.say("window", first=f"{first:%d/%m/%Y}", last=f"{last:%d/%m/%Y}"), self._basis(document)]
        if document["until"] is not None:
            lines.append(self.say("preliminary", at=datetime.fromisoformat(document["until"])))
        if len(document["packs"]) > 1:
            each = "; ".join(self.say("pack_line", pack=self._pack(name), **counts) for name, counts in sorted(document["packs"].items()))
            lines.append(self.say("packs", each=each))
        if document["imported"]:
            lines.append(self.say("imported", number=len(document["imported"])))
        return lines

    def _basis(self, document: Document) -> str:
        pack = self.law.pack(document["pack"])
        rule, own = rule_of(self.law, pack)
        return self.say("basis" if own else "basis_borrowed", pack=pack.title, basis=rule.basis)

    def _pack(self, name: str) -> str:
        return next((pack.title for pack in self.law.packs if pack.id == name), name)

    def _indicators(self, document: Document) -> Section:
        rule, _ = rule_of(self.law, self.law.pack(document["pack"]))
        labels = {row.id: row for row in rule.indicators}
        rows: list[Row] = []
        for number, row in enumerate(document["indicators"], 1):
            found, of = len(row["numerator"]), row["denominator"]
            value = str(found) if of is None else self.share(found, len(of), rule.zero_denominator)
            known = labels[row["id"]]
            explained = known.counts or f"{known.numerator} / {known.denominator}"
            rows.append((number, f"{known.label} ({explained})", value, known.basis))
        return self._section("indicators", rows, (6, 52, 18, 24), (2,))

    def share(self, found: int, of: int, empty: str | None = None) -> str:
        """A ratio with its percentage; where nothing could be counted, the words of the form."""
        if of == 0:
            return empty or self.say("nothing")
        tenths = (found * 2000 + of) // (of * 2)  # rounded half up, without fractions
        return f"{found}/{of} ({tenths // 10},{tenths % 10}%)"

    def _lines(self, document: Document) -> Section:
        rows: list[Row] = [(self.say(f"line_{name}"), len(document["lines"][name])) for name in LINES]
        good, late = len(document["lines"]["in_time"]), len(document["lines"]["late"])
        rows.insert(LINES.index("late") + 1, (self.say("line_share"), self.share(good, good + late)))
        return self._section("lines", rows, (75, 25), (1,))

    def _units(self, document: Document) -> Section:
        names = document["names"]
        rows: list[Row] = [(names.get(row["unit"], row["unit"]), *(len(row[name]) for name in COLUMNS)) for row in document["units"]]
        columns = [self.say("column_unit"), *(self.say(f"short_{name}") for name in COLUMNS)]
        return Section(self.say("heading_units"), self.say("sheet_units"), (), Table(columns, rows, (28, *([8] * len(COLUMNS)))))

    def _classes(self) -> Mapping[str, str]:
        """What the packs call the kinds of questions."""
        return {row.id: row.label for pack in self.law.packs for row in pack.inquiry_kinds}

    def _rates(self, document: Document) -> list[Section]:
        """How many were answered in time, by kind of question and by outlet (F64); a report frozen before these were counted has none."""
        groups = {"class": document.get("classes"), "outlet": document.get("outlets")}
        names = {"class": self._classes(), "outlet": {**document.get("outlet_names", {}), "": self.say("no_outlet")}}
        return [self._rate(group, rows, names[group]) for group, rows in groups.items() if rows]

    def _rate(self, group: str, found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Section:
        rows: list[Row] = []
        for row in found:
            good, late = len(row["in_time"]), len(row["late"])
            rows.append((names.get(row[group], row[group]), *(len(row[name]) for name in RATED), self.share(good, good + late)))
        columns = [self.say(f"column_{group}"), *(self.say(f"short_{name}") for name in RATED), self.say("line_share")]
        widths = (34, *([9] * len(RATED)), 21)
        return Section(self.say(f"heading_{group}"), self.say(f"sheet_{group}"), (), Table(columns, rows, widths))

    def _compliance(self, document: Document) -> Section:
        """How the units stand by their duties (F40)."""
        rows: list[Row] = []
        for row in document["duties"]:
            detail = self.share(*row["share"]) if row["share"] is not None else self.codes(row["shown"])
            if row["share"] is not None and row["shown"] and row["duty"] != "answers_in_time":
                detail += "; " + self.say("missing_periods", periods=self.codes(row["shown"]))
            name = document["names"].get(row["unit"], self.say("province") if row["unit"] == PROVINCE else row["unit"])
            rows.append((name, self.say(f"duty_{row['duty']}"), self.say(f"verdict_{row['verdict']}"), detail))
        return self._section("compliance", rows, (28, 30, 16, 26), (2,))

    def _remarks(self, document: Document) -> Section:
        said = [
            self.say(
                f"remark_{row['kind']}",
                unit=document["names"].get(row["unit"], row["unit"]),
                figure=row["figure"] or "–",
                at=datetime.fromisoformat(row["at"]),
                text=self.items.get(row["item"], self.say("erased")),
            )
            for row in document["remarks"]
        ]
        return Section(self.say("heading_remarks"), self.say("sheet_remarks"), said or [self.say("no_remarks")])

    def _changes(self, changes: Sequence[Difference]) -> Section:
        if not changes:
            return Section(self.say("heading_changes"), self.say("sheet_changes"), [self.say("unchanged")])
        rows: list[Row] = [
            (self._figure(c), self.codes(c.added) or self.say("none"), self.codes(c.removed) or self.say("none")) for c in changes
        ]
        return self._section("changes", rows, (40, 30, 30))

    def _figure(self, change: Difference) -> str:
        if change.part:
            return self.say("figure_part", figure=change.figure.removeprefix("IND-"), part=self.say(f"part_{change.part}"))
        return self.say(f"line_{change.figure}")

    def _codes(self, document: Document) -> Section:
        """The cases behind each figure: a number nobody can open is no evidence."""
        old = {code for code, row in document["cases"].items() if row["imported"]}
        rows: list[Row] = [
            (self.say(f"line_{name}"), self.codes(document["lines"][name], old)) for name in LINES if document["lines"][name]
        ]
        if document["kind"] == "yearly":
            for row in document["indicators"]:
                for part in ("numerator", "denominator"):
                    if row[part]:
                        label = self.say("figure_part", figure=row["id"].removeprefix("IND-"), part=self.say(f"part_{part}"))
                        rows.append((label, self.codes(row[part], old)))
        return self._section("codes", rows, (28, 72))

    def codes(self, found: Sequence[str], old: set[str] | frozenset[str] = frozenset()) -> str:
        """Codes in a row, the imported ones marked."""
        return ", ".join(f"{code} ({self.say('mark_imported')})" if code in old else code for code in found)

    def _cases(self, document: Document) -> Section:
        rows: list[Row] = []
        for code, row in document["cases"].items():
            outcome = self.say(f"outcome_{row['outcome']}")
            mark = f" ({self.say('mark_imported')})" if row["imported"] else ""
            timely = self.say({True: "yes", False: "no", None: "not_judged"}[row["in_time"]])
            rows.append(
                (
                    code + mark,
                    _day(row["received"], self.texts),
                    document["names"].get(row["unit"], row["unit"]),
                    outcome,
                    _day(row["ended"], self.texts),
                    self._due(row["due"]),
                    timely,
                )
            )
        return self._section("cases", rows, (17, 14, 25, 12, 14, 18, 10))

    def _due(self, due: str | None) -> str:
        return self.texts.spoken(Due(datetime.fromisoformat(due)), "vi") if due else "–"

    def _section(self, name: str, rows: Sequence[Row], widths: Sequence[int], centred: Sequence[int] = ()) -> Section:
        columns = [part.strip() for part in self.say(f"columns_{name}").split("|")]
        return Section(self.say(f"heading_{name}"), self.say(f"sheet_{name}"), (), Table(columns, rows, widths, centred))


def _day(moment: str | None, texts: Texts) -> str:
    return "–" if moment is None else f"{datetime.fromisoformat(moment).astimezone(texts.zone):%H:%M %d/%m/%Y}"
