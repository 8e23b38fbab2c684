"""What the style guide shows: invented figures in both languages, in the shapes that parts take."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from zhuji.kernel.lights import Light
from zhuji.kernel.messages import Label
from zhuji.orgs.county import Invented
from zhuji.web.frame import PLACES, Link

COLUMNS = {
    "name": Label("学校", "School"),
    "town": Label("镇街", "Town"),
    "books": Label("生均图书（册）", "Books per pupil"),
    "light": Label("状态", "State"),
}
SCHOOL = Label("官庄镇中心小学", "Guanzhuang Central Primary School")
OTHER = Label("景芝镇伏留小学", "Fuliu Primary School, Jingzhi")
THIRD = Label("大盛镇初级中学", "Dasheng Junior High School")
ERRORS = (
    {
        "message": Label("“生均图书”应是数字，例如 31.5。", "Enter a number such as 31.5."),
        "anchor": "books",
    },
    {"message": Label("请选择办学性质。", "Choose the kind of ownership."), "anchor": "kind"},
)


def everything() -> dict[str, Any]:
    return {
        "crumbs": [
            {"href": "/", "label": Label("首页", "Home")},
            {"href": "/style/", "label": Label("学校与镇街", "Schools and towns")},
            {"label": SCHOOL},
        ],
        "title": SCHOOL,
        "lead": Label("一所学校的全部承诺，截至一天。", "All that one school owes, on one day."),
        "lights": list(Light),
        "tiles": _tiles(),
        "pairs": _pairs(),
        "tabs": _tabs(),
        "rows": _rows(),
        "chosen": [
            {"label": Label("官庄镇", "Guanzhuang"), "href": "?"},
            {"label": Label("进度滞后", "Behind"), "href": "?"},
        ],
        "words": WORDS,
        "dots_heads": [Label(f"{month}月", MONTHS[month - 1]) for month in range(1, 13)],
        "dots_rows": _dots(),
        "jobs": _jobs(),
        "steps": _steps(),
        "tasks": _tasks(),
        "charts": _charts(),
        "due": date(2023, 6, 30),
        "at": datetime(2023, 6, 30, 4, 3, tzinfo=UTC),
        "files": [{"label": Label("存为表格", "Keep as XLSX"), "href": "?"}],
        "choices": [
            ("public", Label("公办", "Public")),
            ("private", Label("民办", "Private")),
            ("other", Label("其他部门办", "Other department")),
        ],
        "picked": ["public"],
    }


WORDS = {
    "action": Label("新增一所", "Add a school"),
    "chase": Label("一键催办", "Remind"),
    "back": Label("退回", "Return"),
    "pass": Label("通过", "Approve"),
    "caption": Label("各校生均图书", "Books per pupil by school"),
    "empty": Label("还没有数据", "Nothing here yet"),
    "empty_text": Label("从 Excel 导入，或逐行新增。", "Import from Excel or add rows one by one."),
    "books": Label("生均图书", "Books per pupil"),
    "books_hint": Label("按在册图书除以在校生数，保留一位小数。", "Books held divided by pupils."),
    "books_error": Label("应是数字，例如 31.5。", "Enter a number such as 31.5."),
    "typed": Label("三十一", "thirty-one"),
    "unit": Label("册", "books"),
    "kind": Label("办学性质", "Ownership"),
    "since": Label("建校日期", "Founded on"),
    "note": Label("备注", "Remarks"),
    "services": Label("有哪些服务", "Services"),
    "clause": Label("小学生均图书不低于 25 册。", "At least 25 books per primary pupil."),
    "owner": Label("基教科", "Basic education section"),
    "drop": Label("一次一个文件，不超过 20 兆。", "One file at a time, 20 MB at most."),
    "receipt": Label("已导入 493 行", "493 rows imported"),
    "receipt_text": Label("7 行有误，没有导入。", "7 rows with faults were left out."),
    "ask": Label("退回 12 所学校的填报？", "Return the reports of 12 schools?"),
    "ask_text": Label("12 所学校会收到通知，要重新上报。", "12 schools are told to report again."),
    "ask_do": Label("退回 12 所", "Return 12"),
    "undone": Label("已删除 3 行。", "3 rows deleted."),
    "warn": Label("今天 24:00 前要上报 2 项。", "Two reports are due by midnight."),
    "dots": Label("每月校园巡查", "Monthly rounds"),
    "wide": Label(
        "很长的标签也要能换行，不把页面撑破", "A long label must wrap and not burst the page"
    ),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _tiles() -> list[dict[str, Any]]:
    on = date(2023, 6, 30)
    return [
        {
            "label": Label("专任教师", "Full-time teachers"),
            "value": "4,812",
            "unit": Label("人", ""),
            "as_of": on,
        },
        {
            "label": Label("本科以上", "With a degree"),
            "value": "86.4",
            "unit": Label("%", "%"),
            "light": "met",
            "href": "#",
        },
        {"label": WORDS["books"], "value": "23.7", "unit": WORDS["unit"], "light": "behind"},
        {"label": Label("未报送", "Not reported"), "value": "7", "light": "not_met", "href": "#"},
        {"label": Label("满意度", "Satisfaction"), "value": "—", "light": "no_data"},
    ]


def _pairs() -> list[dict[str, Any]]:
    return [
        {"label": Label("所在镇街", "Town"), "value": Label("官庄镇", "Guanzhuang"), "href": "#"},
        {"label": WORDS["kind"], "value": Label("公办", "Public")},
        {"label": WORDS["books"], "value": "23.7", "light": "behind", "note": WORDS["clause"]},
        {"label": Label("在校生", "Pupils"), "value": "812"},
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"label": Label("总览", "Overview"), "href": "#", "current": True},
        {"label": Label("台账", "Ledgers"), "href": "#", "count": 42},
        {"label": Label("填报", "Returns"), "href": "#", "count": 3},
        {"label": Label("历史", "History"), "href": "#"},
    ]


def _rows() -> list[dict[str, Any]]:
    guan, jing = Label("官庄镇", "Guanzhuang"), Label("景芝镇", "Jingzhi")
    return [
        {"id": 1, "name": SCHOOL, "town": guan, "books": "23.7", "light": "behind"},
        {"id": 2, "name": OTHER, "town": jing, "books": "31.2", "light": "met"},
        {
            "id": 3,
            "name": THIRD,
            "town": Label("大盛镇", "Dasheng"),
            "books": "18.0",
            "light": "not_met",
        },
        {
            "id": 4,
            "name": Label("凌河镇红沙沟小学", "Hongshagou Primary"),
            "town": Label("凌河镇", "Linghe"),
            "books": "—",
            "light": "no_data",
        },
    ]


def _dots() -> list[dict[str, Any]]:
    past = ["done", "done", "done_late", "done", "done", "missed", "due_soon"]
    states = [*past, "open", "not_yet_open", "not_yet_open"]
    return [
        {
            "label": school,
            "href": "#",
            "cells": [{"state": state, "href": "#"} for state in (*states[at:], *states[:at])]
            + [{"state": "waived"}, {}],
        }
        for at, school in enumerate((SCHOOL, OTHER, THIRD))
    ]


def _jobs() -> list[dict[str, Any]]:
    label = Label("导入教师台账", "Importing the staff ledger")
    left = Label("20 秒", "20 seconds")
    return [
        {
            "label": label,
            "running": True,
            "state": "running",
            "done": 3120,
            "total": 5000,
            "left": left,
            "href": "/style/job/",
        },
        {"label": label, "state": "done", "result": WORDS["receipt"], "result_href": "#"},
    ]


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": Label("上传", "Upload"), "state": "done"},
        {"label": Label("预览改错", "Preview and mend"), "state": "now"},
        {"label": Label("确认", "Confirm"), "state": "next"},
        {"label": Label("回执", "Receipt"), "state": "next"},
    ]


def _tasks() -> list[dict[str, Any]]:
    due = date(2023, 6, 30)
    return [
        {
            "title": Label("上报教师培训学时", "Report hours of training"),
            "state": "new",
            "due": due,
            "note": Label("还有 2 所没填", "2 schools to go"),
        },
        {"title": Label("核对在校生花名册", "Check the roll"), "state": "doing", "due": due},
        {
            "title": Label("改正退回的 3 行", "Mend 3 returned rows"),
            "state": "wrong",
            "due": date(2023, 6, 20),
            "late": True,
        },
        {"title": Label("确认图书台账", "Confirm the book ledger"), "state": "done"},
    ]


def _charts() -> list[dict[str, Any]]:
    years = ["2020", "2021", "2022", "2023"]
    primary, junior = Label("小学", "Primary"), Label("初中", "Junior high")
    goal = {"value": 25, "label": "≥ 25"}
    schools = ["官庄", "景芝", "大盛", "凌河", "石埠子"]
    bars = [
        {"value": 23.7, "light": "behind"},
        {"value": 31.2, "light": "met"},
        {"value": 18, "light": "not_met"},
        None,
        26.5,
    ]
    return [
        {
            "id": "chart-trend",
            "caption": WORDS["books"],
            "heads": [
                {"label": Label("年份", "Year")},
                {"label": primary, "number": True},
                {"label": junior, "number": True},
            ],
            "rows": [
                ("2020", 19.5, 28),
                ("2021", 21.1, 29.4),
                ("2022", None, 31),
                ("2023", 23.7, 33.2),
            ],
            "spec": {
                "kind": "line",
                "x": years,
                "unit": WORDS["unit"],
                "decimals": 1,
                "lines": [goal],
                "series": [
                    {"name": primary, "values": [19.5, 21.1, None, 23.7]},
                    {"name": junior, "values": [28, 29.4, 31, 33.2]},
                ],
            },
        },
        {
            "id": "chart-bars",
            "caption": WORDS["caption"],
            "heads": [{"label": COLUMNS["town"]}, {"label": COLUMNS["books"], "number": True}],
            "rows": list(zip(schools, (23.7, 31.2, 18, None, 26.5), strict=True)),
            "spec": {
                "kind": "bar",
                "x": schools,
                "unit": WORDS["unit"],
                "flat": True,
                "labels": True,
                "lines": [goal],
                "series": [{"name": "", "values": bars}],
            },
        },
    ]


def frame(*, english: bool) -> SimpleNamespace:
    """What stands around a page of somebody who may go everywhere."""
    nav = [
        (title, [Link(place, f"#{place.route}", place.route == "orgs") for place in places])
        for title, places in PLACES
    ]
    return SimpleNamespace(
        person="王建国",
        posts=[("科员", "虚构县教育局")],
        unit="虚构县教育局",
        unread=3,
        now=datetime(2023, 6, 30, 4, 3, tzinfo=UTC),
        today=date(2023, 6, 30),
        invented=Invented("", "", date(2023, 6, 30)),
        other_language=("zh-hans", "中文") if english else ("en", "English"),
        nav=nav,
        main=[link for _title, links in nav for link in links if link.place.main],
    )
