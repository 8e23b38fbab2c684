"""The tree of a plan: in its own order, children after parents, nothing lost."""

from tests.plan.packages import County
from zhuji.plan.model import Item, Plan
from zhuji.plan.tree import nodes, variants


def test_nodes_stand_in_the_order_of_the_plan_under_their_items(county: County) -> None:
    tree = county.load().tree
    assert [(node.id, node.kind, node.parent) for node in tree] == [
        ("T1", "target", None),
        ("books", "indicator", "T1"),
        ("books_gap", "indicator", "T1"),
        ("satisfaction", "indicator", "T1"),
        ("invited", "indicator", "T1"),
        ("large", "indicator", "T1"),
        ("steady", "indicator", "T1"),
        ("covered", "indicator", "T1"),
        ("class_size", "indicator", "T1"),
        ("A1", "action", None),
        ("M1", "measure", "A1"),
        ("visit", "duty", "M1"),
        ("hours", "duty", "M1"),
        ("shadow", "duty", "M1"),
        ("M2", "measure", "A1"),
        ("S1", "safeguard", None),
        ("scheme", "milestone", "S1"),
    ]


def test_targets_come_first_whatever_the_files_are_called(county: County) -> None:
    path = county.plans / "xinghe-2030/items/all.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("A1:")
    county.write("xinghe-2030/items/targets.yaml", text[:at])
    county.write("xinghe-2030/items/all.yaml", text[at:])
    roots = [node.id for node in county.load().tree if node.parent is None]
    assert roots == ["T1", "A1", "S1"]


def test_a_node_bears_the_clause_and_the_owner_of_its_item(county: County) -> None:
    by_id = {node.id: node for node in county.load().tree}
    assert (by_id["books"].clause, by_id["books"].owner) == ("一（一）", "bureau")
    assert (by_id["visit"].clause, by_id["visit"].owner) == ("二（一）1", "principal")


def test_an_indicator_with_stages_has_a_value_for_each(county: County) -> None:
    books, gap, *_ = county.load().plan.indicators
    assert variants(books) == (("books.primary", "primary"), ("books.junior", "junior"))
    assert variants(gap) == (("books_gap", None),)


def test_items_in_a_circle_and_items_without_a_parent_still_appear(county: County) -> None:
    plan = county.load().plan
    parents = {"A1": "M1", "T1": "X9"}
    items = tuple(
        item.model_copy(update={"parent": parents.get(item.id, item.parent)}) for item in plan.items
    )
    tree = nodes(plan.model_copy(update={"items": items}))
    assert sorted(node.id for node in tree) == sorted(node.id for node in nodes(plan))
    met: set[str] = set()
    for node in tree:
        assert node.parent is None or node.parent in met
        met.add(node.id)


def test_a_long_chain_of_items_does_not_exhaust_the_stack(county: County) -> None:
    plan = county.load().plan
    names = [f"{letter}{number}" for letter in "BCDEFGHIJKLNOPQR" for number in range(100)]
    items = tuple(
        Item.model_validate(
            {"id": name, "kind": "action", "parent": above, "clause": name,
             "label": {"zh": "甲", "en": "A"}, "says": {"zh": "甲", "en": "A"}}
        )
        for name, above in zip(names, [None, *names], strict=False)
    )  # fmt: skip
    long: Plan = plan.model_copy(update={"items": items})
    assert [node.id for node in nodes(long)[:1600]] == names
