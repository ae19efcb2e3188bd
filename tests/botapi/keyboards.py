"""The shapes a keyboard may have."""

import re

from tests.botapi.common import Json, Refused

ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
        "disabled",
    ]
)
LINK = re.compile(r"(https?://[^\s/]+\S*|tg://\S+)$")
MOST_BUTTONS = 100


def check_keyboard(markup: Json | None) -> None:
    """Refuse a keyboard the real server would refuse."""
    if not markup:
        return
    if "inline_keyboard" in markup:
        check_inline(markup["inline_keyboard"])
    elif "keyboard" in markup:
        rows: list[list[Json]] = markup["keyboard"]
        if not rows or not all(rows):
            raise Refused("can't parse reply keyboard: rows must not be empty")
        if any(not button["text"].strip() for row in rows for button in row):
            raise Refused("can't parse reply keyboard button: text must be non-empty")
    elif markup.get("remove_keyboard", True) is not True or markup.get("force_reply", True) is not True:
        raise Refused("object expected as reply markup")


def check_inline(rows: list[list[Json]]) -> None:
    """Rows of buttons that each do exactly one thing."""
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise Refused("reply markup is too long")
    for index, row in enumerate(rows):
        if not row:
            raise Refused("can't parse inline keyboard: a row must not be empty")
        for place, button in enumerate(row):
            check_button(button, first=index == place == 0)


def check_button(button: Json, *, first: bool) -> None:
    """One inline button."""
    actions = ACTIONS & button.keys()
    if not button["text"].strip():
        raise Refused("can't parse inline keyboard button: text must be non-empty")
    if not actions:
        raise Refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise Refused("can't parse inline keyboard button: exactly one action must be used")
    if "url" in button and not LINK.match(button["url"]):
        raise Refused("inline keyboard button URL is invalid: BUTTON_URL_INVALID")
    if actions & {"pay", "callback_game"} and not first:
        raise Refused("can't parse inline keyboard button: it must be the first button in the first row")


def same(one: Json | None, other: Json | None) -> bool:
    """Whether two keyboards look alike; none and an empty one do."""
    return (one or {}).get("inline_keyboard", []) == (other or {}).get("inline_keyboard", [])
