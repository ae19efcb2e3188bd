"""The office's own rules: when one holds, and what it would match before it counts."""

from collections.abc import Iterable

from models.routing.knowledge import Knowledge
from models.routing.lexicon import Rule
from models.routing.words import Word, accented, folded, words


def holds(rule: Rule, text: list[Word], concepts: Iterable[str], sender: str | None) -> bool:
    """Do all the conditions that a rule names hold?"""
    said = " " + " ".join(word.folded for word in text) + " "
    return (
        (rule.concept is None or rule.concept in set(concepts))
        and (rule.place is None or f" {folded(rule.place)} " in said)
        and (rule.sender is None or rule.sender == sender)
    )


def preview(known: Knowledge, rule: Rule, texts: Iterable[str], sender: str | None = None) -> list[str]:
    """Of some earlier questions, those the rule would have touched."""
    return [text for text in texts if holds(rule, spoken := words(text), _concepts(known, spoken), sender)]


def _concepts(known: Knowledge, text: list[Word]) -> set[str]:
    return {found.key for found in known.terms.find(text, accented=accented(text))}
