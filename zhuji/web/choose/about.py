"""One sentence on each role, for who has to choose one."""

from zhuji.kernel.messages import Label

ABOUT = {
    "director": Label(
        "看全县哪一条落后、是谁的事，作出批示。", "Sees what is late, whose it is, and instructs."
    ),
    "officer": Label(
        "发起填报、汇总、编简报，催办没有交的单位。",
        "Starts returns, compiles them, writes bulletins, reminds who is late.",
    ),
    "town_officer": Label(
        "审核本镇街各校报来的数，退回有问题的，上报其余的。",
        "Reviews what the schools of a town report, returns some, sends the rest up.",
    ),
    "principal": Label(
        "管一所学校：看本校的承诺，审核填报员录入的台账。",
        "Runs one school: its promises, and the ledgers its clerk fills in.",
    ),
    "clerk": Label(
        "替学校录入台账、导入表格、填报报表。", "Fills in ledgers, imports sheets, files returns."
    ),
    "teacher": Label(
        "只看得到自己班上的学生，记家访和培训。",
        "Sees the pupils of one class only; notes home visits and training.",
    ),
    "researcher": Label(
        "按季度到包靠的学校听课调研。", "Visits the schools in their care every quarter."
    ),
    "care_officer": Label(
        "跟进缺勤预警和困难学生，每次查看都留痕。",
        "Follows warnings and pupils in hardship; every view is recorded.",
    ),
    "auditor": Label(
        "核对数字的来历，只看不改。", "Checks where numbers come from; reads and never changes."
    ),
    "system_administrator": Label(
        "管备份和维护时段，平时看不到任何人的记录。",
        "Looks after backups; sees nobody's record except in a maintenance session.",
    ),
    "security_administrator": Label(
        "任命、停用、解锁账号，看异常揭示的提醒。",
        "Appoints, suspends and unlocks; is told of unusual reveals.",
    ),
    "audit_administrator": Label(
        "核验留痕没有被改动。", "Verifies that the audit trail was not altered."
    ),
}
