"""Ledgers of learning: timetable, self-checks, marks, fitness, skills, clubs, digital lessons."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import NamedTuple

from zhuji.invent.chance import about, below, count_near, fixed, one_of, tenths, workday, yes
from zhuji.invent.clock import DAY, opening, term_end, term_start
from zhuji.invent.layout import Place
from zhuji.invent.lives import Spell
from zhuji.invent.told.kinds import BUREAU, COMPULSORY, Row, Teller
from zhuji.invent.world import World

# Weekly periods by subject in the order of the grades of the stage.
_PRIMARY: Mapping[str, tuple[int, ...]] = {
    "chinese": (8, 8, 7, 7, 6, 6),
    "maths": (4, 4, 4, 4, 5, 5),
    "english": (0, 0, 2, 2, 3, 3),
    "morality": (2, 2, 2, 2, 2, 2),
    "science": (1, 1, 2, 2, 2, 2),
    "pe": (4, 4, 3, 3, 3, 3),
    "music": (2, 2, 2, 2, 2, 2),
    "art": (2, 2, 2, 2, 2, 2),
    "labour": (1, 1, 1, 1, 1, 1),
    "it": (0, 0, 1, 1, 1, 1),
    "local": (1, 1, 2, 2, 1, 1),
}
_JUNIOR: Mapping[str, tuple[int, ...]] = {
    "chinese": (5, 5, 6),
    "maths": (5, 5, 5),
    "english": (5, 5, 5),
    "morality": (2, 2, 3),
    "history": (2, 2, 2),
    "geography": (2, 2, 0),
    "biology": (2, 2, 0),
    "physics": (0, 2, 3),
    "chemistry": (0, 0, 3),
    "pe": (3, 3, 3),
    "music": (1, 1, 1),
    "art": (1, 1, 1),
    "labour": (1, 1, 1),
    "it": (1, 1, 0),
    "psychology": (1, 1, 1),
}
_OFTEN_CUT = ("music", "art", "pe", "labour", "it", "psychology")


def timetable(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Before the plan the thin subjects gave way; in the pilots that stopped, all but at one."""
    for year in world.clock.years:
        for term in (1, 2):
            day = term_start(year, term)
            for stage, grade in sorted(world.classes.get((place.code, year), {})):
                for subject, periods in _periods(stage, grade):
                    cut = subject in _OFTEN_CUT and yes(rng, _cut(world, place, subject, year))
                    yield {
                        "org": place.code,
                        "stage": stage,
                        "grade": grade,
                        "subject": subject,
                        "counted_on": day,
                        "required_periods": periods,
                        "taught_periods": periods - cut,
                    }


def _periods(stage: str, grade: int) -> Iterator[tuple[str, int]]:
    table, first = (_PRIMARY, 1) if stage == "primary" else (_JUNIOR, 7)
    for subject, periods in table.items():
        if 0 <= grade - first < len(periods) and periods[grade - first]:
            yield subject, periods[grade - first]


def _cut(world: World, place: Place, subject: str, year: int) -> float:
    if place.pilot and year > 2020:
        return 0.5 if year == 2021 and world.slips(place, f"{subject} opened") else 0.0
    return max(0.0, 0.08 - 0.06 * place.quality - 0.015 * (year - 2020))


def five_checks(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.plan_years:
        for month in (11, 5):
            on = workday(
                rng, date(year + (month < 9), month, 5), date(year + (month < 9), month, 15)
            )
            for stage in place.stages:
                yield _checked(place, stage, on, rng)


def _checked(place: Place, stage: str, day: date, rng: Random) -> Row:
    junior = stage == "junior"
    better = 3 if place.pilot else 0
    early = not place.pilot and yes(rng, 0.04)
    start = (480 if junior else 500) - (10 if early else 0)
    minutes = about(rng, (82 if junior else 54) - better, 5, 30, 100 if junior else 66)
    return {
        "org": place.code,
        "stage": stage,
        "checked_on": day,
        "homework_minutes": min(round(minutes), 200 if not place.pilot else 88 if junior else 60),
        "low_grades_free": None if junior else place.pilot or yes(rng, 0.97),
        "sleep_hours": tenths(about(rng, (8.7 if junior else 9.7) + better / 20, 0.2, 7.8, 10.4)),
        "start_time": f"{start // 60:02d}:{start % 60:02d}",
        "start_minute": start,
        "phones_ruled": place.pilot or yes(rng, 0.98),
        "reading_screened": place.pilot or yes(rng, 0.97),
        "exercise_minutes": max(60 if place.pilot else 45, round(about(rng, 72, 8, 45, 110))),
        "break_minutes": 10 if yes(rng, 0.9) else 15,
        "pe_periods": 3,
    }


class Exam(NamedTuple):
    no: str
    stage: str
    grade: int
    subject: str
    day: date


# Chinese and mathematics in both stages, and what else the county looks at.
_EXAMINED = {4: ("chinese", "maths"), 6: ("chinese", "maths", "english", "science")}
_EXAMINED |= {8: ("chinese", "maths", "english", "physics")}
_NAMES = {
    "chinese": "语文",
    "maths": "数学",
    "english": "英语",
    "science": "科学",
    "physics": "物理",
}
_HARD = {"maths": -2.5, "physics": -4.0, "english": -3.0, "science": 1.5}


def papers(world: World) -> Iterator[Exam]:
    """The county's monitoring in the third week of June."""
    for year in world.clock.years:
        for grade, subjects in _EXAMINED.items():
            for number, subject in enumerate(subjects):
                day = date(year + 1, 6, 14) + DAY * (number // 2)
                if day <= world.clock.until:
                    stage = "primary" if grade < 7 else "junior"
                    yield Exam(f"KS{year + 1}-ZLJC-{subject}{grade}", stage, grade, subject, day)


def exams(world: World, place: Place, rng: Random) -> Iterator[Row]:
    del rng
    for exam in papers(world):
        yield {
            "org": place.code,
            "exam_no": exam.no,
            "name": f"{exam.grade}年级{_NAMES[exam.subject]}学业质量监测（{exam.day.year}年）",
            "kind": "county_monitor",
            "stage": exam.stage,
            "grade": exam.grade,
            "subject": exam.subject,
            "held_on": exam.day,
            "full_marks": 100 if exam.grade < 7 else 120,
        }


def marks(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place.school_type == "special":
        return
    for exam in papers(world):
        level = 75.5 + 6.2 * world.quality(place, exam.day) + _HARD.get(exam.subject, 0)
        level += 1.5 * (fixed(world.seed, place.code, exam.subject) - 0.5)
        for spell in world.present(place, exam.day, exam.stage):
            if spell.grade != exam.grade:
                continue
            score = about(rng, level + 8.5 * spell.life.ability, 5.5, 8, 100)
            yield {
                "org": place.code,
                "pupil_no": spell.life.no,
                "exam_no": exam.no,
                "stage": exam.stage,
                "subject": exam.subject,
                "held_on": exam.day,
                "score": None if yes(rng, 0.008) else tenths(score),
            }


def fitness(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.years:
        day = workday(rng, date(year, 10, 12), date(year, 11, 12))
        level = 78.5 + 1.8 * world.quality(place, day) + (2.2 if place.pilot and year > 2020 else 0)
        for spell in world.present(place, day):
            exempt = "disabled" in spell.life.categories and yes(rng, 0.7)
            heavy = about(rng, 15.2 + 0.55 * spell.grade - 0.3 * spell.life.vigour, 2.1, 11.5, 33)
            total = about(rng, level + 6.5 * spell.life.vigour - max(0, heavy - 23), 6, 20, 110)
            yield {
                "org": place.code,
                "pupil_no": spell.life.no,
                "stage": spell.stage,
                "tested_on": day,
                "exempt": exempt,
                "total": None if exempt else tenths(total),
                "bmi": tenths(heavy),
            }


_ART = ("竖笛", "合唱", "素描", "剪纸", "书法", "舞蹈", "葫芦丝", "版画", "戏曲", "古筝")
_SPORT = ("跳绳", "篮球", "足球", "乒乓球", "田径", "武术", "羽毛球", "排球", "体操")


def skills(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """Passed at the end of a term; a child keeps to a few, and no skill is entered twice."""
    for year in world.clock.years:
        for spell in world.roll(place, year):
            if spell.start != opening(year):
                continue  # one school at most enters a year's skills
            for kind, names, pace in (("art", _ART, 0.3), ("sport", _SPORT, 0.36)):
                if yes(rng, _pace(world, place, spell, pace)):
                    # The same child counts on from where its school year stands.
                    start = int(fixed(spell.life.no, kind) * len(names))
                    day = workday(rng, date(year + 1, 1, 4), date(year + 1, 1, 15))
                    day = day if yes(rng, 0.4) else day.replace(month=5, day=8 + below(rng, 20))
                    if _there(spell, day):
                        yield {
                            "org": place.code,
                            "pupil_no": spell.life.no,
                            "kind": kind,
                            "skill": names[(start + year) % len(names)],
                            "mastered_on": day,
                        }


def _pace(world: World, place: Place, spell: Spell, pace: float) -> float:
    if spell.year == world.clock.first_year:
        # What was known before the story is entered in its first year.
        return min(0.9, pace + 0.08 * spell.grade + 0.05 * place.quality)
    first = 0.55 if spell.grade == 1 else 0
    return min(0.97, pace + first + 0.06 * place.quality + (0.3 if place.pilot else 0))


def _there(spell: Spell, day: date) -> bool:
    return spell.start <= day and (spell.end is None or day < spell.end)


_CLUBS = (
    *(("合唱团", "art"), ("篮球社", "sport"), ("科创社", "science"), ("书法社", "art")),
    *(("足球社", "sport"), ("种植园", "labour"), ("晨诵社", "reading"), ("航模社", "science")),
    *(("舞蹈社", "art"), ("棋艺社", "other"), ("戏剧社", "art"), ("田径队", "sport")),
)


def clubs(world: World, place: Place, rng: Random) -> Iterator[Row]:
    for year in world.clock.years:
        for term in (1, 2):
            day = term_start(year, term) + DAY * 20
            for stage in place.stages:
                pupils = len(world.present(place, day, stage))
                number = min(
                    len(_CLUBS), 2 + pupils // 90 + (2 if place.pilot and year > 2020 else 0)
                )
                keen = 0.62 + 0.1 * world.quality(place, day) + (0.3 if place.pilot else 0)
                for name, kind in _CLUBS[:number]:
                    yield {
                        "org": place.code,
                        "name": name if stage == place.stages[0] else f"{name}（初中）",
                        "kind": kind,
                        "stage": stage,
                        "counted_on": day,
                        "members": count_near(rng, pupils, min(0.9, keen / number)),
                    }


_LESSONS = ("chinese", "maths", "english", "science", "music", "art")


def digital_lessons(world: World, place: Place, rng: Random) -> Iterator[Row]:
    """A few lessons for each class and term; the pilots made them a routine."""
    if place.school_type == "special":
        return
    for year in world.clock.plan_years:
        for (stage, grade), number in sorted(world.classes.get((place.code, year), {}).items()):
            for class_no in range(1, number + 1):
                for kind, often in _how_often(place, year):
                    yield from _lessons(place, (stage, grade, class_no), kind, often, year, rng)


def _how_often(place: Place, year: int) -> Iterator[tuple[str, float]]:
    routine = 8.5 if place.pilot else 1.5 + max(0, place.quality)
    yield "precise", routine + (1 if year > 2021 else 0)
    yield "dual_teacher", 4 if place.pilot else 1
    yield "online_course", 1 if place.pilot or place.urban else 0.4
    yield "ai_space", 0.5 if place.quality > 0.8 else 0


def _lessons(
    place: Place, group: tuple[str, int, int], kind: str, often: float, year: int, rng: Random
) -> Iterator[Row]:
    stage, grade, class_no = group
    times = int(often) + yes(rng, often % 1)
    span = (term_end(year, 2) - opening(year)).days - 40
    for time in range(times):
        # Evenly through the year, one lesson of a kind a day at most.
        day = opening(year) + DAY * (
            10 + time * span // max(1, times) + below(rng, span // (times + 1))
        )
        yield {
            "org": place.code,
            "kind": kind,
            "stage": stage,
            "class_ref": f"{grade}-{class_no}",
            "subject": one_of(rng, _LESSONS),
            "taught_on": day,
            "source_level": one_of(rng, ("county", "county", "city", "province", "nation")),
            "learners": 18 + below(rng, 26),
        }


_RESOURCES = (
    *(
        ("safety", "防溺水专题课"),
        ("safety", "交通安全微课"),
        ("morality", "红色故事课"),
        ("morality", "家风家训课"),
    ),
    *(
        ("practice", "小小发明家"),
        ("practice", "田间实践课"),
        ("subject", "分数的意义"),
        ("subject", "古诗诵读"),
    ),
    *(
        ("subject", "一次函数"),
        ("subject", "英语听说训练"),
        ("local", "家乡的河"),
        ("local", "乡土植物"),
    ),
)


def resources(world: World, place: Place, rng: Random) -> Iterator[Row]:
    if place is world.bureau:
        for number in range(96):
            theme, title = _RESOURCES[number % len(_RESOURCES)]
            level = one_of(rng, ("county", "city", "province", "nation"))
            yield _resource(place, number, f"{title}（{number // 12 + 1}）", theme, level, rng)
    elif place.teaches and (place.pilot or yes(rng, 0.3)):
        for number in range(1 + below(rng, 3)):
            subject = one_of(rng, ("剪纸", "农耕", "礼仪", "民间游戏", "阅读"))
            title = f"{place.name}校本课程：{subject}{number + 1}"
            yield _resource(place, number, title, "school_made", "school", rng)


def _resource(place: Place, number: int, title: str, theme: str, level: str, rng: Random) -> Row:
    return {
        "org": place.code,
        "resource_no": f"ZY{place.index:03d}{number:03d}",
        "title": title,
        "theme": theme,
        "source_level": level,
        "third_party": level == "nation" and yes(rng, 0.4),
        "uses": round(about(rng, 260, 190, 0, 2400)),
        "valid_from": date(2021 + below(rng, 2), 3 + below(rng, 9), 1 + below(rng, 27)),
        "valid_to": None,
    }


TELLERS = {
    "timetable": Teller(timetable, COMPULSORY),
    "five_checks": Teller(five_checks, COMPULSORY),
    "exams": Teller(exams, BUREAU),
    "marks": Teller(marks, ("school",)),
    "fitness": Teller(fitness, COMPULSORY),
    "skills": Teller(skills, COMPULSORY),
    "clubs": Teller(clubs, COMPULSORY),
    "digital_lessons": Teller(digital_lessons, COMPULSORY),
    "resources": Teller(resources, ("bureau", *COMPULSORY)),
}
