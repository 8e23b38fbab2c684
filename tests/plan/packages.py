"""A small plan of an invented county in which nothing is wrong, for tests to break."""

from dataclasses import dataclass
from pathlib import Path

from zhuji.kernel.errors import BadInput, Issue
from zhuji.plan.check import check
from zhuji.plan.load import load
from zhuji.plan.loaded import Loaded

FILES = {
    "xinghe-2030/plan.yaml": """\
id: xinghe-2030
version: "1"
title: {zh: 星河县三年方案, en: Three-year programme of Xinghe county}
issuer: {zh: 星河县教育局, en: Xinghe education bureau}
number: 星教〔2030〕1号
issued_on: 2030-01-05
starts: 2030-01-05
ends: 2033-01-05
takes_effect: 2030-01-05
source: 虚构
imports:
  - {package: rules-2029, under: T1}
""",
    "xinghe-2030/roles.yaml": """\
bureau:
  label: {zh: 教育局, en: Bureau}
principal:
  label: {zh: 校长, en: Principal}
""",
    "xinghe-2030/groups.yaml": """\
pilot_schools:
  label: {zh: 试点学校, en: Pilot schools}
  where: pilot AND kind = 'school'
good_schools:
  label: {zh: 优质学校, en: Good schools}
  where: org = 'xh-03'
""",
    "xinghe-2030/items/all.yaml": """\
T1:
  kind: target
  clause: 一（一）
  label: {zh: 条件改善, en: Better conditions}
  says: {zh: 学校条件达到标准, en: Schools meet the standard}
  owner: bureau
A1:
  kind: action
  clause: 二（一）
  label: {zh: 改善条件行动, en: Conditions}
  says: {zh: 改善条件, en: Improve conditions}
  owner: bureau
M1:
  kind: measure
  parent: A1
  clause: 二（一）1
  label: {zh: 培训教师, en: Train teachers}
  says: {zh: 培训教师, en: Train teachers}
  owner: bureau
  joint: [principal]
M2:
  kind: measure
  parent: A1
  clause: 二（一）2
  label: {zh: 建平台, en: Build the platform}
  says: {zh: 建平台, en: Build the platform}
  owner: bureau
  ledgers: [devices]
  systems: [platform]
S1:
  kind: safeguard
  clause: 三（一）
  label: {zh: 经费, en: Money}
  says: {zh: 保障经费, en: Secure the money}
  owner: bureau
""",
    "xinghe-2030/indicators/all.yaml": """\
books:
  label: {zh: 生均图书, en: Books per pupil}
  clauses: [T1]
  unit: book/person
  source: book_counts
  value: SUM(books) / NULLIF(SUM(pupils), 0)
  stages: [primary, junior]
  goal:
    form: threshold
    comparator: at_least
    by: 2031-06-30
    values:
      - {value: 25, stage: primary, until: 2031-01-01, source: 旧标准}
      - {value: 30, stage: primary, since: 2031-01-01, source: 新标准}
      - {value: 40, stage: junior}
books_gap:
  label: {zh: 图书差距, en: Gap in books}
  clauses: [T1]
  unit: ratio
  value: books__junior - books__primary
  among: pilot_schools
  goal:
    form: reference
    group: good_schools
    test: gap_below
    limit: 0.15
satisfaction:
  label: {zh: 满意度, en: Satisfaction}
  clauses: [T1]
  unit: percent
  source: answers
  value: AVG(score)
  goal:
    form: estimate
    comparator: at_least
    invited: invited
    values:
      - {value: 0.95}
invited:
  label: {zh: 受邀人数, en: Invited}
  clauses: [T1]
  unit: person
  source: answers
  value: COUNT(*)
large:
  label: {zh: 大校图书, en: Books of large schools}
  clauses: [T1]
  unit: book
  value: {primary: books, junior: books * 2}
  stages: [primary, junior]
  goal:
    form: conditional
    when: invited
    when_value: 5
    comparator: at_least
    values:
      - {value: 1}
steady:
  label: {zh: 逐年上升, en: Rising}
  clauses: [T1]
  unit: book
  value: large__primary + invited
  goal:
    form: rising
covered:
  label: {zh: 全覆盖, en: Everyone}
  clauses: [T1]
  unit: percent
  source: teachers_at
  value: COUNT_IF(certified) / COUNT(*)
  goal:
    form: coverage
    lacking: NOT certified
""",
    "xinghe-2030/duties/all.yaml": """\
visit:
  label: {zh: 每周走访, en: Weekly visit}
  clauses: [M1]
  owner: principal
  among: pilot_schools
  cadence: {form: window, every: week}
  evidence: {ledger: activities, on: held_on, where: kind = 'home_visit'}
  starts: 2030-09-01
  ends: 2031-09-01
hours:
  label: {zh: 培训学时, en: Training hours}
  clauses: [M1]
  owner: principal
  subject: staff
  among: pilot_schools
  population: full_time_teacher
  cadence:
    form: quota
    measure: hours
    total: 90
    floors:
      - {label: {zh: 县内, en: County}, where: place_level = 'county', at_least: 30}
      - {label: {zh: 镇内, en: Town}, where: place_level = 'town', at_least: 30}
  evidence: {ledger: trainings, on: finished_on, subject: staff_no}
shadow:
  label: {zh: 跟岗, en: Shadowing}
  clauses: [M1]
  owner: bureau
  among: pilot_schools
  cadence: {form: batches, batches: 3, batch: batch_no, ends: ends_on, least_months: 1}
  evidence: {ledger: trainings, on: starts_on}
""",
    "xinghe-2030/milestones/all.yaml": """\
scheme:
  label: {zh: 印发方案, en: Issue the scheme}
  clauses: [S1]
  owner: bureau
  org: xh-01
  by: 2030-06-30
  evidence: {ledger: documents, on: issued_on, where: kind = 'scheme'}
""",
    "xinghe-2030/kinds.yaml": """\
home_visit:
  ledger: activities
  label: {zh: 家访, en: Home visit}
scheme:
  ledger: documents
  label: {zh: 方案, en: Scheme}
""",
    "xinghe-2030/orgs.yaml": """\
xh-01:
  label: {zh: 星河县教育局, en: Xinghe bureau}
  kind: bureau
xh-02:
  label: {zh: 月湖小学, en: Moon Lake primary school}
  kind: school
  marks: [pilot]
xh-03:
  label: {zh: 县实验小学, en: County experimental school}
  kind: school
""",
    "xinghe-2030/sums.yaml": """\
hours_total:
  label: {zh: 学时合计, en: Hours}
  clause: M1
  unit: hour
  total: 90
  parts: [30, 30, 30]
""",
    "xinghe-2030/money.yaml": """\
kindergartens:
  label: {zh: 幼儿园经费, en: Kindergartens}
  clause: S1
  org: xh-01
  amount: 6590000
building:
  label: {zh: 改建, en: Building}
  clause: S1
  org: xh-01
  amount: 5870000
  part_of: kindergartens
equipment:
  label: {zh: 设备, en: Equipment}
  clause: S1
  org: xh-01
  amount: 720000
  part_of: kindergartens
  quantities: {books: 2960}
""",
    "xinghe-2030/bodies.yaml": """\
leading_group:
  label: {zh: 领导小组, en: Leading group}
  org: xh-01
  kind: leading_group
  head: {zh: 局长, en: Director}
  clause: S1
""",
    "xinghe-2030/pairings.yaml": """\
help:
  clause: M1
  hierarchy: pairing
  lead: xh-03
  partner: xh-02
""",
    "xinghe-2030/calendar.yaml": """\
terms:
  - school_year: 2030-2031
    second_term: 2031-02-15
    teaching: [[2030-09-02, 2031-01-18], [2031-02-17, 2031-07-05]]
holidays: [2030-10-01]
makeup_days: [2030-09-28]
source: 虚构校历
""",
    "xinghe-2030/examples/books.yaml": """\
两校图书:
  of: books.primary
  on: 2030-12-31
  rows:
    book_counts:
      - {org: xh-02, stage: primary, books: "3000"}
  expect: {xh-02: "30"}
""",
    "standards/rules-2029/plan.yaml": """\
id: rules-2029
version: "1"
title: {zh: 办学规则, en: Rules}
issuer: {zh: 虚构省教育厅, en: Invented province}
issued_on: 2029-01-01
starts: 2029-01-01
ends: 2039-01-01
takes_effect: 2029-01-01
standard: true
""",
    "standards/rules-2029/roles.yaml": """\
head_teacher:
  label: {zh: 班主任, en: Head teacher}
""",
    "standards/rules-2029/groups.yaml": """\
all_schools:
  label: {zh: 全部学校, en: All schools}
  where: kind = 'school'
pilot_schools:
  label: {zh: 试点, en: Pilots}
  where: pilot AND kind = 'school'
""",
    "standards/rules-2029/indicators/all.yaml": """\
class_size:
  label: {zh: 班额, en: Class size}
  clauses: [第三条]
  unit: person
  source: class_rolls
  value: MAX(pupils)
  among: all_schools
""",
}
LEDGERS = frozenset(
    {
        "activities",
        "answers",
        "book_counts",
        "class_rolls",
        "devices",
        "documents",
        "teachers_at",
        "trainings",
    }
)


@dataclass(frozen=True)
class County:
    """A folder of plans that a test may change before it reads them."""

    plans: Path
    name: str = "xinghe-2030"

    @property
    def standards(self) -> Path:
        return self.plans / "standards"

    def write(self, file: str, content: str | bytes) -> None:
        path = self.plans / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.plans / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def load(self) -> Loaded:
        return load(self.plans / self.name, self.standards)

    def issues(self) -> tuple[Issue, ...]:
        return check(self.load(), LEDGERS)

    def refusal(self) -> tuple[Issue, ...]:
        """What keeps the package from being read."""
        try:
            self.load()
        except BadInput as refusal:
            return refusal.issues
        raise AssertionError("it was read")


def settle(plans: Path) -> County:
    county = County(plans)
    for file, text in FILES.items():
        county.write(file, text)
    return county
