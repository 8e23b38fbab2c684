"""How the ledgers are laid out on their first page: by what they are about."""

from zhuji.kernel.messages import Label
from zhuji.ledgers.declare import Ledger
from zhuji.ledgers.declared import (
    care,
    careers,
    deeds,
    learning,
    orgs,
    papers,
    people,
    places,
    pupils,
    works,
)

GROUPS: tuple[tuple[Label, tuple[Ledger, ...]], ...] = (
    (Label("学校与机构", "Schools and organisations"), orgs.LEDGERS),
    (Label("校舍与设备", "Premises and equipment"), places.LEDGERS),
    (Label("教职工", "Staff"), people.LEDGERS),
    (Label("教师发展", "Careers and training"), careers.LEDGERS),
    (Label("学生与班级", "Pupils and classes"), pupils.LEDGERS),
    (Label("控辍、资助与关爱", "Attendance, aid and care"), care.LEDGERS),
    (Label("学业与体艺", "Learning, sport and art"), learning.LEDGERS),
    (Label("活动与工作", "Activities"), deeds.LEDGERS),
    (Label("制度、会议与检查", "Papers, meetings and inspections"), papers.LEDGERS),
    (Label("工程与经费", "Works and money"), works.LEDGERS),
)
