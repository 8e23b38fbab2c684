"""The reference pages that follow from declarations: ledgers, relations, plans."""

from collections.abc import Iterator
from pathlib import Path

from zhuji.ledgers import reference as ledgers
from zhuji.ledgers.relations import RELATIONS
from zhuji.plan import reference as plans
from zhuji.plan.files import packages
from zhuji.plan.load import load
from zhuji.programme.packages import STANDARDS


def pages(plans_folder: Path) -> Iterator[tuple[str, str]]:
    """Path under docs/reference/ and text of every generated page."""
    for name, text in ledgers.pages():
        yield f"ledgers/{name}", text
    yield "relations.md", _relations()
    for folder in packages(plans_folder):
        loaded = load(folder, plans_folder / STANDARDS)
        yield f"plans/{loaded.plan.id}.md", plans.page(loaded)


def write(folder: Path, plans_folder: Path) -> int:
    """Write every page; pages that no declaration asks for any more are taken away."""
    made = dict(pages(plans_folder))
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for sub in ("ledgers", "plans"):
        for path in (folder / sub).glob("*.md"):
            if path.relative_to(folder).as_posix() not in made:
                path.unlink()
    return len(made)


def _relations() -> str:
    lines = ["# 派生关系", "", "由台账按日期拼成，指标和任务可以像台账一样引用。"]
    for relation in RELATIONS:
        lines += [
            "",
            f"## {relation.key} {relation.label.zh}",
            "",
            f"由 {'、'.join(f'`{need}`' for need in relation.needs)} 拼成。",
            "",
            "| 列 | 名称 | 类型 | 单位 |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{column.key}` | {column.label.zh} | {column.type.value} | {column.unit} |"
            for column in relation.columns
        ]
    return "\n".join(lines) + "\n"
