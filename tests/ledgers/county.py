"""The people, places and times that rows of the tests refer to."""

from datetime import UTC, date, datetime

from zhuji.kernel.codes import id_check_digit
from zhuji.ledgers import actions

NOW = datetime(2022, 3, 1, 9, tzinfo=UTC)
SINCE = date(2010, 9, 1)
TOWN, SCHOOL, OTHER_SCHOOL = "990101101", "2199000101", "2199000102"
NAMES = {
    "990101": "测试县",
    TOWN: "大盛镇",
    SCHOOL: "大盛小学",
    OTHER_SCHOOL: "第二小学",
    "2199000103": "同名小学",
    "2199000104": "同名小学",
}
STAFF = ("S000001", "S000002", "S000003")


def id_number(serial: int) -> str:
    body = f"99010120130101{serial:03}"
    return body + id_check_digit(body)


PUPILS = tuple(f"G{id_number(serial)}" for serial in (1, 2, 3))


def put(ledger: str, *rows: dict[str, object]) -> None:
    actions.put(ledger, rows, actor="测试", now=NOW, cause="示例县")
