"""Ledgers of what was done: activities and who came, papers, bodies, meetings, evidence."""

from collections.abc import Iterator
from datetime import date
from random import Random

from zhuji.invent.chance import about, below, day_in, fixed, one_of, some_of, workday, yes
from zhuji.invent.clock import DAY, opening
from zhuji.invent.layout import Place
from zhuji.invent.story import Habit, Once
from zhuji.invent.told.kinds import EVERYONE, Row, Teller
from zhuji.invent.world import World

# A school outside the pilots does some of what the pilots must.
_OTHERS = 0.4
_BY_STAFF = ("joint_teaching_research", "research_")


def occasions(world: World, place: Place, habit: Habit, rng: Random) -> Iterator[date]:
    """The days on which a place did what a duty asks; each window it owes, but for the slips."""
    members = world.group(habit.group)
    bound = place in members
    if not bound and not (place.teaches and any(each.kind == place.kind for each in members)):
        return
    if not bound and fixed(place.code, habit.key) > _OTHERS:
        return
    slips = world.slips(place, habit.key) if place.teaches else False
    missed = 1 + below(rng, 3)
    for number, (start, end) in enumerate(world.clock.windows(habit.every)):
        first, last = max(start, habit.starts), min(end, habit.ends)
        if first >= last or first > world.clock.until:
            continue
        for time in range(habit.times):
            if (slips and number == missed) or (not bound and yes(rng, 0.2)):
                continue
            part = (last - first).days // habit.times
            begin = first + DAY * (time * part)
            yield workday(rng, begin, begin + DAY * max(1, part - 3))


def activities(world: World, place: Place, rng: Random) -> Iterator[Row]:
    labels = world.story.kinds_of("activities")
    for serial, (kind, day) in enumerate(_deeds(world, place, rng), start=1):
        yield _activity(world, place, kind, labels.get(kind, kind), (serial, day), rng)


def _deeds(world: World, place: Place, rng: Random) -> Iterator[tuple[str, date]]:
    """What duties ask again and again, what milestones ask once, and what nobody asks for."""
    story = world.story
    habits = [habit for habit in story.habits_in("activities") if habit.first("kind")]
    for habit in habits:
        for day in occasions(world, place, habit, rng):
            yield habit.first("kind"), day
    milestones = list(story.milestones_in("activities"))
    for once in milestones:
        held = _filed_on(world, place, once, rng) if owes(world, place, once) else None
        if held is not None:
            yield once.first("kind"), held
    asked = {habit.first("kind") for habit in habits} | {once.first("kind") for once in milestones}
    for kind in (
        sorted(story.kinds_of("activities").keys() - asked) if place is world.bureau else ()
    ):
        for year in world.clock.plan_years:
            yield kind, workday(rng, opening(year), date(year + 1, 6, 20))


def _activity(
    world: World, place: Place, kind: str, label: str, when: tuple[int, date], rng: Random
) -> Row:
    serial, day = when
    parents = "parent" in kind or kind in ("open_day", "family_love", "reading_home")
    crowd = max(20, world.pupils(place, day.year - (day.month < 9))) if place.teaches else 60
    number = f"HD{day.year}{place.index:03d}{serial:04d}"
    return {
        "org": place.code,
        "activity_no": number,
        "kind": kind,
        "title": f"{place.name}{label}",
        "held_on": day,
        "ended_on": day + DAY * (1 if yes(rng, 0.8) else 3),
        "partner": _partner(world, place, kind, rng),
        "stage": place.stages[0] if len(place.stages) == 1 else None,
        "participants": round(about(rng, (0.85 if parents else 0.4) * crowd, crowd * 0.1, 8, 3000)),
        "summary": None,
        "evidence": "E" + number[2:] if yes(rng, 0.9) else None,
    }


def _partner(world: World, place: Place, kind: str, rng: Random) -> str | None:
    if kind in ("joint_research", "experience_transfer", "culture_help", "party_pairing"):
        return one_of(rng, world.good).code if place not in world.good else None
    if kind in ("town_help", "district_lesson", "kindergarten_unity"):
        others = [
            each.code
            for each in world.schools
            if each.town == place.town and each.kind == place.kind and each is not place
        ]
        return one_of(rng, others) if others else None
    return None


def activity_staff(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Who was at the joint research: the host's teachers, or a few of each school of the town."""
    for row in activities(world, place, world.stream("activities", place.code)):
        kind, day = row["kind"], row["held_on"]
        assert isinstance(kind, str)
        assert isinstance(day, date)
        if not kind.startswith(_BY_STAFF):
            continue
        hosts = [place] if place.teaches else [s for s in world.schools if s.town == place.code]
        for host in hosts:
            there = world.teachers(host, day)
            share = 0.35 if place.teaches else 0.15
            for number, person in enumerate(some_of(rng, there, round(len(there) * share))):
                yield {
                    "org": host.code,
                    "staff_no": person.no,
                    "activity_no": row["activity_no"],
                    "kind": kind,
                    "held_on": day,
                    "role": "主讲" if number == 0 else "参与",
                }


def documents(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """What a milestone asks to be filed by a day, and what a duty asks for each year."""
    labels = world.story.kinds_of("documents")
    filed: set[tuple[str, date]] = set()
    for kind, day in _papers(world, place, rng):
        if (kind, day) in filed or day > world.clock.until:
            continue
        filed.add((kind, day))
        yield {
            "org": place.code,
            "kind": kind,
            "title": f"{place.name}{labels.get(kind, kind)}",
            "document_no": f"〔{day.year}〕{1 + below(rng, 40)}号" if yes(rng, 0.5) else None,
            "valid_from": day,
            "valid_to": None,
            "approved": True,
            "evidence": f"E{day.year}W{place.index:03d}{len(filed):03d}",
        }


def _papers(world: World, place: Place, rng: Random) -> Iterator[tuple[str, date]]:
    for once in world.story.milestones_in("documents"):
        if owes(world, place, once):
            for kind in once.wanted.get("kind", ()):
                day = _filed_on(world, place, once, rng)
                if day is not None:
                    yield kind, day
    for habit in world.story.habits_in("documents"):
        for day in occasions(world, place, habit, rng):
            yield habit.first("kind"), day


def owes(world: World, place: Place, once: Once) -> bool:
    if once.org is not None:
        return place.code == once.org
    return place in world.group(once.group)


def _filed_on(world: World, place: Place, once: Once, rng: Random) -> date | None:
    """Mostly before the day; where it slips, after it or not yet."""
    late = world.slips(place, once.key) if place.teaches else fixed("paper", once.key) < 0.12
    if late:
        day = once.by + DAY * (20 + below(rng, 90))
        return day if fixed("never", once.key) < 0.5 else None
    earliest = world.story.starts + DAY * 12
    span = max(2, (once.by - earliest).days)
    # Rarely in the first part of the time given, as everywhere.
    return workday(rng, earliest + DAY * (span // 4), once.by)


def bodies(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for serial, (kind, name, post, start, end) in enumerate(_bodies(world, place, rng)):
        heads = [each for each in world.staff(place) if each.holds("head", start)]
        yield {
            "org": place.code,
            "body_no": f"ZZ{place.index:03d}{serial:03d}",
            "kind": kind,
            "name": name,
            "head_post": post,
            "head": heads[0].no if heads and kind in ("leading_group", "staff_congress") else None,
            "members": 5 + below(rng, 9),
            "standard": not world.slips(place, "branch") if kind == "party_branch" else None,
            "valid_from": start,
            "valid_to": end,
        }


# What every school has had for long, milestone or not.
_STANDING = {
    "staff_congress",
    "union",
    "party_branch",
    "parents_school",
    "parents_grade",
    "parents_class",
}

_Body = tuple[str, str, str, date, date | None]


def _bodies(world: World, place: Place, rng: Random) -> Iterator[_Body]:
    named = world.story.bodies if world.county_no == 0 else ()
    own = [body for body in named if body.org == place.code]
    for body in own:
        since = day_in(rng, date(2021, 5, 25), date(2021, 6, 28))
        yield body.kind, body.label.zh, body.head.zh, since, None
    yield from _asked_for(world, place, {body.kind for body in own}, rng)
    if place.kind == "town":
        yield "volunteers", f"{place.name}家庭教育志愿服务队", "教管办主任", date(2021, 10, 1), None
    if place.teaches:
        yield from _school_bodies(world, place, rng)


def _asked_for(world: World, place: Place, there: set[str], rng: Random) -> Iterator[_Body]:
    """What a milestone wants set up and the plan did not name."""
    for once in world.story.milestones_in("bodies"):
        kind = once.first("kind")
        if kind and kind not in there | _STANDING and owes(world, place, once):
            there.add(kind)
            day = _filed_on(world, place, once, rng)
            if day is not None:
                yield kind, f"{place.name}{once.name}", "负责人", day, None


def _school_bodies(world: World, place: Place, rng: Random) -> Iterator[_Body]:
    old = date(2016, 9, 1)
    yield "staff_congress", f"{place.name}教职工代表大会", "校长", old, None
    yield "union", f"{place.name}工会", "工会主席", old, None
    if place.kind != "teaching_point":
        yield "party_branch", f"{place.name}党支部", "书记", old, None
    yield "parents_school", f"{place.name}家长委员会", "家委会主任", date(2019, 10, 10), None
    for year in world.clock.plan_years:
        for (stage, grade), number in sorted(world.classes.get((place.code, year), {}).items()):
            del stage
            start, end = opening(year) + DAY * 24, opening(year + 1)
            yield "parents_grade", f"{year}年{grade}年级家委会", "家委会主任", start, end
            for class_no in range(1, number + 1):
                if place.pilot or yes(rng, 0.3):
                    name = f"{year}年{grade}-{class_no}班家委会"
                    yield "parents_class", name, "家委会主任", start, end


def meetings(world: World, place: Place, rng: Random) -> Iterator[Row]:
    serial = 0
    own = {
        row["kind"]: row["body_no"]
        for row in bodies(world, place, world.stream("bodies", place.code))
    }
    bodies_of = {"parents_committee": "parents_school"}
    for habit in world.story.habits_in("meetings"):
        kind = habit.first("kind")
        for day in occasions(world, place, habit, rng):
            serial += 1
            expected = (
                len(world.employed(place, day)) if kind == "staff_congress" else 9 + below(rng, 12)
            )
            opinions = below(rng, 7) if kind == "parents_committee" else None
            behind = bool(opinions) and world.slips(place, "opinions")
            yield {
                "org": place.code,
                "meeting_no": f"HY{day.year}{place.index:03d}{serial:03d}",
                "kind": kind,
                "body_no": own.get(bodies_of.get(kind, kind)),
                "held_on": day,
                "expected": expected,
                "present": round(
                    about(rng, 0.94 * expected, 0.04 * expected, 0.7 * expected, expected)
                ),
                "opinions": opinions,
                "answered": opinions - behind if opinions is not None else None,
                "evidence": f"E{day.year}H{place.index:03d}{serial:03d}",
            }


def evidence(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """One entry for each activity and paper that names one."""
    told = (
        (activities(world, place, world.stream("activities", place.code)), "held_on", "photo"),
        (documents(world, place, world.stream("documents", place.code)), "valid_from", "document"),
        (meetings(world, place, world.stream("meetings", place.code)), "held_on", "minutes"),
    )
    for rows, on, kind in told:
        for row in rows:
            day = row[on]
            assert isinstance(day, date)
            if row["evidence"] is not None and day <= world.clock.until:
                yield {
                    "org": place.code,
                    "evidence_no": row["evidence"],
                    "title": f"{row.get('title') or '会议'}佐证",
                    "kind": "document" if yes(rng, 0.2) else kind,
                    "filed_on": min(day + DAY * below(rng, 9), world.clock.until),
                    "digest": None,
                }


TELLERS = {
    "activities": Teller(activities, EVERYONE),
    "activity_staff": Teller(activity_staff, EVERYONE),
    "documents": Teller(documents, EVERYONE),
    "bodies": Teller(bodies, EVERYONE),
    "meetings": Teller(meetings, EVERYONE),
    "evidence": Teller(evidence, EVERYONE),
}
