"""What may go wrong, as a tree.

::

    Exception
    ├── Refusal            the person asked for something that cannot be: its text goes to them, nothing changes
    └── ContentProblem     a content file must be mended (models.content)

Failures of delivery (`SendError` and its family) belong to `bot.channels.base`; whatever else is raised is a bug of
ours: the message is set aside with its traceback and can be retried.
"""

from typing import Any


class Refusal(Exception):  # noqa: N818 - the field's word for it
    """A kind no: the key of a sentence in `content/texts/` that says what to do next, and its values."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
