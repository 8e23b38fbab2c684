"""Ledgers of building, buying and paying, drawn from the plan's own milestones and money lines."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from zhuji.invent.chance import below, fixed, yes, yuan
from zhuji.invent.clock import DAY
from zhuji.invent.layout import Place
from zhuji.invent.story import Once
from zhuji.invent.told.deeds import owes
from zhuji.invent.told.kinds import EVERYONE, Row, Teller
from zhuji.invent.world import World
from zhuji.plan.model import MoneyLine

_CATEGORIES = {
    "体育馆": "gym",
    "周转": "housing",
    "运动": "ground",
    "塑胶": "ground",
    "道路": "road",
    "公寓": "dormitory",
    "宿舍": "dormitory",
    "防潮": "dormitory",
    "图书": "library",
    "线路": "wiring",
    "防盗": "security",
    "安防": "security",
    "幼儿园": "kindergarten",
    "仪器": "equipment",
    "设备": "equipment",
    "计算机": "equipment",
}
_COST = {"gym": 4_200_000, "ground": 1_800_000, "dormitory": 650_000, "housing": 900_000}
_STEPS = ("approval", "tender", "contract", "start", "half", "finish", "acceptance", "audit")
# When each step is due, in parts of the time between approval and the plan's day.
_DUE = (0.0, 0.14, 0.22, 0.3, 0.55, 0.82, 0.93, 1.0)
_FIRMS = ("甲方圆建设（虚构）", "乙山建筑（虚构）", "丙河装饰（虚构）", "丁禾科教设备（虚构）")


def _projects(world: World, place: Place) -> Iterator[Once]:
    found: set[str] = set()
    for once in world.story.milestones_in("works"):
        item = once.first("plan_item", once.key)
        if owes(world, place, once) and item not in found:
            found.add(item)
            yield once


def _category(name: str) -> str:
    return next((value for word, value in _CATEGORIES.items() if word in name), "other")


def _dates(world: World, once: Once) -> list[tuple[date, date | None]]:
    """Planned and real days of the steps: most in time, some slow, one or two stuck."""
    begun = world.story.starts + DAY * round(40 + 320 * fixed("begun", once.key))
    begun = min(begun, once.by - DAY * 120)
    # What is planned leaves room before the day that the plan allows, more or less of it.
    span = round((once.by - begun).days * (0.4 + 0.6 * fixed("room", once.key)))
    luck = fixed("pace", once.key)
    drag = 0.9 if luck < 0.62 else 1.12 if luck < 0.85 else 1.5
    days: list[tuple[date, date | None]] = []
    for due in _DUE:
        done = begun + DAY * round(span * due * drag * (1 + 0.04 * fixed(once.key, due)))
        days.append((begun + DAY * round(span * due), done if done <= world.clock.until else None))
    return days


def _work_no(place: Place, number: int) -> str:
    return f"GC{place.index:03d}-{number:02d}"


def works(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for number, once in enumerate(_projects(world, place), start=1):
        days = _dates(world, once)
        category = once.first("category") or _category(once.name)
        cost = _COST.get(category, 320_000) * (0.85 + 0.3 * rng.random())
        yield {
            "org": place.code,
            "work_no": _work_no(place, number),
            "name": once.name,
            "category": category,
            "plan_item": once.first("plan_item", once.key),
            "planned_cost": yuan(cost, 1000),
            "contract_sum": yuan(cost * 0.96, 1000) if days[2][1] else None,
            "contractor": _FIRMS[below(rng, 4)] if days[2][1] else None,
            "started_on": days[0][1] or days[0][0],
            "planned_end": days[5][0],
            "finished_on": days[5][1],
            "accepted_on": days[6][1],
            "closed_on": None,
            "evidence": f"E2021G{place.index:03d}{number:02d}",
        }


def work_steps(world: World, place: Place, rng: Random) -> Iterator[Row]:
    del rng
    for number, once in enumerate(_projects(world, place), start=1):
        for step, (planned, done) in zip(_STEPS, _dates(world, once), strict=True):
            yield {
                "org": place.code,
                "work_no": _work_no(place, number),
                "step": step,
                "planned_on": planned,
                "done_on": done,
                "evidence": f"E{done.year}P{place.index:03d}{number:02d}{step[0]}"
                if done
                else None,
            }


# --- money -----------------------------------------------------------------------------------


def _lines(world: World, place: Place) -> Iterator[MoneyLine]:
    """The money lines of the plan that are not the sum of others."""
    whole = {line.part_of for line in world.story.money}
    for line in world.story.money if world.county_no == 0 else ():
        if line.org == place.code and line.id not in whole:
            yield line


def funds(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for line_no, line, source, amount in _shares(world, place):
        yield _budget(place, line_no, line.id, source, line.earmark, date(2021, 6, 25), amount)
    if place.kind == "town" and place.pilot:
        for source, award in (("province", 300_000), ("city", 200_000), ("county", 150_000)):
            line_no, day = f"ZJ2022{place.index:03d}R{source[:2]}", date(2022, 3, 18)
            yield _budget(place, line_no, "reward", source, "reward", day, Decimal(award))
    if place.teaches and place.ownership == "public":
        for year, line_no, amount in _running(world, place):
            day = date(year, 1, 20)
            yield _budget(place, line_no, "operating", "county", "operating", day, amount)
            share = 0.055 if place.pilot or yes(rng, 0.85) else 0.042
            training = yuan(float(amount) * share, 10)
            yield _budget(place, line_no + "T", "training", "county", "training", day, training)


def _shares(world: World, place: Place) -> Iterator[tuple[str, MoneyLine, str, Decimal]]:
    """Each line from the county and the levels above it; the parts add up to the line."""
    for number, line in enumerate(_lines(world, place), start=1):
        upper = yuan(float(line.amount) * 0.3, 1000)
        source = "city" if "pilot_city" in place.marks else "province"
        yield f"ZJ2021{place.index:03d}{number}A", line, source, upper
        yield f"ZJ2021{place.index:03d}{number}B", line, "county", line.amount - upper


def _running(world: World, place: Place) -> Iterator[tuple[int, str, Decimal]]:
    per = {"kindergarten": 500, "primary": 720, "junior": 940}
    for year in range(2021, world.clock.until.year + 1):
        pupils = {stage: world.pupils(place, year - 1, stage) for stage in place.stages}
        amount = sum(per[stage] * number for stage, number in pupils.items())
        least = 100 * per[place.stages[0]]
        yield year, f"ZJ{year}{place.index:03d}Y", Decimal(max(amount, least))


def _budget(  # noqa: PLR0913, PLR0917  # the columns of the ledger
    place: Place,
    line_no: str,
    plan_line: str,
    source: str,
    earmark: str,
    day: date,
    amount: Decimal,
) -> Row:
    return {
        "org": place.code,
        "line_no": line_no,
        "plan_line": plan_line,
        "source": source,
        "earmark": earmark or "other",
        "budgeted_on": day,
        "budget": amount,
        "pilot": place.pilot and not line_no.endswith(("Y", "T")),
    }


def fund_moves(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Allotted, paid over in two parts, and spent as the work goes on."""
    for row in funds(world, place, world.stream("funds", place.code)):
        line_no, amount, budgeted = row["line_no"], row["budget"], row["budgeted_on"]
        assert isinstance(amount, Decimal)
        assert isinstance(budgeted, date)
        serial = 0
        for kind, day, part, took in _moves(place, str(row["plan_line"]), budgeted, amount, rng):
            if day > world.clock.until:
                continue
            serial += 1
            yield {
                "org": place.code,
                "move_no": f"BF{line_no}{serial:02d}",
                "line_no": line_no,
                "kind": kind,
                "moved_on": day,
                "amount": part,
                "purpose": _purpose(place, str(row["earmark"]), kind),
                "days_taken": took,
                "voucher": f"记-{day:%m}{1 + below(rng, 99):02d}",
            }


def _purpose(place: Place, earmark: str, kind: str) -> str:
    """One village school outside the pilots bought chairs with the training money."""
    astray = kind == "spent" and earmark == "training" and not place.pilot
    return "operating" if astray and fixed("astray", place.code) < 0.03 else earmark


_Move = tuple[str, date, Decimal, int | None]


def _moves(
    place: Place, plan_line: str, budgeted: date, amount: Decimal, rng: Random
) -> Iterator[_Move]:
    first = yuan(float(amount) * 0.5, 100)
    gap = 172 if plan_line in ("operating", "training") else 300
    for number, part in enumerate((first, amount - first)):
        allotted = budgeted + DAY * (12 + number * gap)
        slow = fixed("slow", place.code, plan_line, number) < (0.08 if place.pilot else 0.12)
        took = 34 + below(rng, 14) if slow else 6 + below(rng, 20)
        yield "allotted", allotted, part, None
        yield "paid", allotted + DAY * took, part, took
        spent = yuan(float(part) * (0.93 + 0.07 * fixed(place.code, plan_line)), 100)
        yield "spent", allotted + DAY * (took + 30 + below(rng, 60)), min(part, spent), None


def deliveries(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """In two lots, to the town's kindergartens; a quarter of the kinds are still short."""
    homes = [
        each for each in world.schools if each.town == place.code and each.kind == "kindergarten"
    ]
    for line in _lines(world, place):
        for number, (kind, quantity) in enumerate(line.quantities.items()):
            home = homes[0].code if homes else place.code
            missing = max(1, quantity // 6) if fixed("short", line.id, kind) < 0.25 else 0
            first = quantity * 3 // 5
            for lot, part in enumerate((first, quantity - first - missing)):
                day = date(2021, 11, 20) + DAY * (lot * 210 + number * 12 + below(rng, 20))
                yield {
                    "org": home,
                    "delivery_no": f"DH{day.year}{place.index:03d}{line.id[-4:]}{number}{lot}",
                    "plan_line": line.id,
                    "kind": kind,
                    "quantity": part,
                    "cost": yuan(part * (28 if kind == "book" else 6_500), 10),
                    "delivered_on": day,
                    "accepted_on": day + DAY * (5 + below(rng, 20)),
                }


TELLERS = {
    "works": Teller(works, EVERYONE),
    "work_steps": Teller(work_steps, EVERYONE),
    "funds": Teller(funds, EVERYONE),
    "fund_moves": Teller(fund_moves, EVERYONE),
    "deliveries": Teller(deliveries, EVERYONE),
}
