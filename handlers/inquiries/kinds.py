"""Who asks for what: the kinds of a pack that somebody asks and that start a clock (F54), offered as a numbered list."""

from handlers.contract import Context, InboundMessage
from models.errors import Refusal
from models.law.pack_file import InquiryKind

NOBODY = frozenset({"nobody", "person"})  # what the agency starts by itself, and requests about personal data, are no inquiries


def offered(context: Context, pack_id: str) -> list[InquiryKind]:
    """The kinds of one pack, one per asker and clock."""
    kinds: dict[tuple[str, str], InquiryKind] = {}
    for kind in context.office.rules.law.pack(pack_id).inquiry_kinds:
        if kind.asker not in NOBODY and kind.clock:
            kinds.setdefault((kind.asker, kind.clock), kind)
    return list(kinds.values())


def lines(kinds: list[InquiryKind]) -> str:
    """Numbered, so that any number of them fits a phone."""
    return "\n".join(f"{number}. {kind.label} – {kind.basis}" for number, kind in enumerate(kinds, 1))


def picked(message: InboundMessage, kinds: list[InquiryKind]) -> InquiryKind:
    """The kind whose number was typed."""
    wanted = (message.choice or message.text).strip().removeprefix("=").rstrip(".")
    found = next((kind for number, kind in enumerate(kinds, 1) if wanted in {kind.id, str(number)}), None)
    if found is None:
        raise Refusal("asker.number_please", most=len(kinds))
    return found
