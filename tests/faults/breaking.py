"""Makes the nth thing that is said to the database fail, commits included, once or from then on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection

# Reading how things stand is no part of an action; nothing can be half done by it.
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class Broken(OperationalError):
    """The fault that we made."""


@dataclass
class Breaking:
    """`at`: which statement fails; `lasting`: whether every later one fails as well."""

    at: int
    lasting: bool
    seen: int = 0

    def step(self) -> None:
        self.seen += 1
        if self.seen == self.at or (self.lasting and self.seen > self.at):
            raise Broken(f"statement {self.seen} fails because the test says so")

    def __call__(
        self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if not sql.startswith("ROLLBACK"):  # a database that is gone has rolled back by itself
            self.step()
        return execute(sql, params, many, context)


@contextmanager
def breaking(at: int, *, lasting: bool) -> Iterator[Breaking]:
    made = Breaking(at, lasting)
    usual = connection.commit

    def commit() -> None:
        made.step()
        usual()

    connection.commit = commit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(made):
            yield made
    finally:
        connection.commit = usual  # type: ignore[method-assign]
