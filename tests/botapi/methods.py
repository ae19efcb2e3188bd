"""The methods by name; importing this module makes all of them known."""

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.botapi.common import Call
from tests.botapi.world import World

Handler: TypeAlias = Callable[[World, Call], Any]
METHODS: dict[str, Handler] = {}


def method(function: Handler) -> Handler:
    """Register a handler under the Bot API name its own name stands for: send_message is sendMessage."""
    first, *rest = function.__name__.split("_")
    METHODS[first + "".join(word.capitalize() for word in rest)] = function
    return function


def load() -> dict[str, Handler]:
    """All methods."""
    from tests.botapi import methods_account, methods_edit, methods_send

    assert {methods_account.__name__, methods_edit.__name__, methods_send.__name__}
    return METHODS
