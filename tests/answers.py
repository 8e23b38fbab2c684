"""What a page answered, read to its end."""

from collections.abc import Iterable
from typing import Any, cast


def whole(answer: Any) -> bytes:
    """A file is closed by reading it; `close` would end the database connection of the test too."""
    if answer.streaming:
        return b"".join(cast(Iterable[bytes], answer.streaming_content))
    return bytes(answer.content)
