"""Run in a process with a small disk of its own: fills it, tries to work, makes room, works.

`python -m tests.faults.disk` under `unshare -m`, ZHUJI_HOME being an empty folder. Prints one JSON
line: what each attempt was told, and what held afterwards.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

MIB = 1024 * 1024
SIZE = 24 * MIB


def mount(home: Path) -> None:
    options = f"size={SIZE},mode=700"
    subprocess.run(  # noqa: S603
        ["mount", "-t", "tmpfs", "-o", options, "none", str(home)],  # noqa: S607
        check=True,
    )


def fill(home: Path) -> Path:
    """To the last byte."""
    path = home / "filler"
    with path.open("wb", buffering=0) as file:
        for piece in (MIB, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * piece)
            except OSError:
                continue
    return path


def told(do: Callable[[], object]) -> str:
    """The sentence, or the kind of what came out instead."""
    from zhuji.kernel.errors import DomainError
    from zhuji.orgs import trouble

    try:
        do()
    except DomainError as refusal:
        return str(refusal)
    except Exception as error:
        found = trouble.told(error)
        return str(found) if found else f"{type(error).__name__}: {error}"
    return "done"


def main() -> None:
    home = Path(os.environ["ZHUJI_HOME"])
    mount(home)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(tried(home), ensure_ascii=False))  # noqa: T201


def tried(home: Path) -> dict[str, object]:
    from django.db import connection

    from tests.faults import posts, state
    from tests.faults.acts import ledgers

    posts.build()
    people = posts.people()
    source = ledgers.workbook(Path(sys.argv[1]) / "staff.xlsx", 2_000)
    before = state.state(home)
    with connection.cursor() as cursor:  # the journal must have no room of its own left
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    filler = fill(home)
    attempts = {name: told(do) for name, do in works(people, source, home).items()}
    logging.getLogger("zhuji").error("nobody hears this, and nothing stops")
    filler_at = f"file {filler.name}"
    between = [one for one in state.differences(before, state.state(home)) if one != filler_at]
    read = told(lambda: reading(people))
    filler.unlink()
    after = {name: told(do) for name, do in works(people, source, home).items()}
    return {"full": attempts, "changed": between, "reading": read, "after": after}


def works(people: object, source: Path, home: Path) -> dict[str, Callable[[], object]]:
    from datetime import date

    from tests.faults.acts import ledgers, work
    from tests.orgs.cast import NOW
    from zhuji.ledgers import actions, registry
    from zhuji.programme import snapshots

    staff = registry.ledger("staff")

    def export() -> object:
        return actions.export(staff, home / "out.xlsx", actor="clerk", now=NOW)

    return {
        "import": lambda: ledgers.import_file(people, source),  # type: ignore[arg-type]
        "snapshot": lambda: snapshots.take(as_of=date(2022, 3, 1), known_at=NOW, full=True),
        "export": export,
        "row": lambda: ledgers.add_row(people, None),  # type: ignore[arg-type]
        "job": lambda: work.ask_job(people, None),  # type: ignore[arg-type]
    }


def reading(people: object) -> object:
    from zhuji.ledgers import listing

    reader = people["clerk"]  # type: ignore[index]
    query = listing.parse(reader, "staff", {})
    from tests.orgs.cast import NOW

    assert listing.page(reader, "staff", query, now=NOW, route="/t").count >= 2
    return None


if __name__ == "__main__":
    main()
