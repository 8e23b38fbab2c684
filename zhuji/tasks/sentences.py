"""Sentences that a leader can choose instead of typing; data, in the language of plans."""

from dataclasses import dataclass

from zhuji.kernel.messages import Label


@dataclass(frozen=True)
class Ready:
    key: str
    label: Label


INSTRUCTIONS = (
    Ready(
        "account",
        Label(
            "请查明这一条落后的原因，按期书面说明。",
            "Find out why this clause is behind and explain in writing by the date.",
        ),
    ),
    Ready(
        "schedule",
        Label(
            "请排出时间表，逐校落实到人，按期完成。",
            "Draw up a timetable with a person named for each school, and finish by the date.",
        ),
    ),
    Ready(
        "evidence",
        Label(
            "工作已做的，请把佐证补进台账；未做的，请尽快办理。",
            "Where it is done, enter the evidence in the ledger; where not, see to it soon.",
        ),
    ),
    Ready(
        "visit",
        Label(
            "请到校看一次，把难处和所需支持报上来。",
            "Visit the school, and report its difficulties and the support that it needs.",
        ),
    ),
    Ready(
        "share",
        Label(
            "做法好，请总结经验，供其他单位参考。",
            "Well done: write up how it was achieved so that others can use it.",
        ),
    ),
)
REMINDER = Ready(
    "reminder",
    Label(
        "这一条还没有完成，请按期办理。",
        "This is not finished yet; please see to it by the date.",
    ),
)
BY_KEY = {one.key: one for one in (*INSTRUCTIONS, REMINDER)}
