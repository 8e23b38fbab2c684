"""Deeds: activities, evidence, visits, inspections and what they found."""

from zhuji.ledgers.declare import (
    Event,
    Label,
    Ledger,
    Valid,
    choice,
    day,
    decimal,
    flag,
    integer,
    org,
    required,
    staff,
    text,
)
from zhuji.ledgers.declared.words import STAGES, SUBJECTS

ACTIVITIES = Ledger(
    key="activities",
    label=Label("活动台账", "Activities"),
    about=Label(
        "办过的事，一次一行；类别由方案包规定",
        "What was done, one row each; the plan package names the kinds",
    ),
    natural_key=("activity_no",),
    dated=Event("held_on"),
    row_unit="activity",
    clauses=("M11", "M15", "M16", "M23", "M27", "M28", "M29", "M31", "M33", "M34", "M36"),
    columns=(
        org(zh="主办机构代码", en="host"),
        required(text("activity_no", "活动编号", "activity number", example="HD2021001")),
        required(
            text(
                "kind",
                "活动类别",
                "kind",
                example="open_day",
                help=(
                    "填方案包列出的类别代码或名称",
                    "a kind that the plan package lists, by code or name",
                ),
            )
        ),
        required(text("title", "活动名称", "title", example="秋季家长开放日")),
        required(day("held_on", "开始日期", "held on")),
        day("ended_on", "结束日期", "ended on"),
        org("partner", "协作机构代码", "partner", required=False),
        choice("stage", "学段", "stage", *STAGES),
        integer("participants", "参加人数", "participants", "person", example="120"),
        text("summary", "摘要", "summary", example=""),
        text("evidence", "佐证编号", "evidence reference", example="E2021010"),
    ),
)

ACTIVITY_STAFF = Ledger(
    key="activity_staff",
    label=Label("活动参加人员台账", "Staff at activities"),
    about=Label(
        "需要按人计数的活动，登记参加的教职工",
        "For activities counted by person: which staff took part",
    ),
    natural_key=("activity_no", "staff_no"),
    dated=Event("held_on"),
    row_unit="record",
    columns=(
        org(),
        staff(),
        required(
            text(
                "activity_no",
                "活动编号",
                "activity number",
                example="HD2021001",
                refers="activities",
            )
        ),
        required(text("kind", "活动类别", "kind", example="joint_research")),
        required(day("held_on", "日期", "held on")),
        text("role", "角色", "role", example="主讲"),
    ),
)

EVIDENCE = Ledger(
    key="evidence",
    label=Label("佐证台账", "Evidence"),
    about=Label(
        "佐证材料目录；文件按摘要值存放", "Catalogue of evidence; files are kept by digest"
    ),
    natural_key=("evidence_no",),
    dated=Event("filed_on"),
    row_unit="item",
    columns=(
        org(zh="提供机构代码", en="provider"),
        required(text("evidence_no", "佐证编号", "evidence number", example="E2021010")),
        required(text("title", "名称", "title", example="开放日签到与照片说明")),
        required(
            choice(
                "kind",
                "形式",
                "kind",
                "document 文件 Document",
                "photo 照片 Photo",
                "minutes 记录 Minutes",
                "table 表格 Table",
                "link 链接 Link",
            )
        ),
        required(day("filed_on", "归档日期", "filed on")),
        text("digest", "文件摘要值", "digest", example=""),
    ),
)

VISITS = Ledger(
    key="visits",
    label=Label("教研到校台账", "Researchers' visits"),
    about=Label(
        "教研员、责任督学到校，一次一行",
        "Visits of researchers and inspectors to schools, one row each",
    ),
    natural_key=("org", "staff_no", "visited_on"),
    dated=Event("visited_on"),
    row_unit="visit",
    owner="county",
    clauses=("M35",),
    columns=(
        org(zh="到访学校标识码", en="school visited"),
        required(text("staff_no", "到访人工号", "visitor's number", example="S000900")),
        required(
            choice(
                "visitor",
                "到访人身份",
                "visitor",
                "county_researcher 县教研员 County researcher",
                "city_researcher 市教研员 City researcher",
                "key_teacher 骨干教师 Key teacher",
                "inspector 责任督学 Inspector",
                "bureau 机关干部 Bureau officer",
            )
        ),
        required(day("visited_on", "到校日期", "visited on")),
        choice("subject", "学科", "subject", *SUBJECTS),
        integer("lessons", "听课节数", "lessons observed", "lesson", example="2"),
        integer("findings", "反馈问题数", "findings", "finding", example="3"),
        integer("followed_up", "其中已跟进", "of it followed up", "finding", example="3"),
        text("evidence", "报告编号", "report reference", example="E2021020"),
    ),
)

ASSIGNMENTS = Ledger(
    key="assignments",
    label=Label("教研包靠台账", "Researchers' schools"),
    about=Label("教研员包靠哪所学校，各有起止日期", "Which school a researcher looks after, dated"),
    natural_key=("staff_no", "org", "valid_from"),
    dated=Valid(),
    row_unit="assignment",
    owner="county",
    clauses=("M35",),
    columns=(
        org(zh="包靠学校标识码", en="school looked after"),
        staff(zh="教研员工号", en="researcher's number"),
        required(
            choice(
                "visitor",
                "身份",
                "standing",
                "county_researcher 县教研员 County researcher",
                "city_researcher 市教研员 City researcher",
                "key_teacher 骨干教师 Key teacher",
            )
        ),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

INSPECTIONS = Ledger(
    key="inspections",
    label=Label("督导评估台账", "Inspections"),
    about=Label(
        "督导、质量评价、保教质量评估，一校一次一行",
        "Inspections, quality evaluations and kindergarten reviews, one row each",
    ),
    natural_key=("inspection_no",),
    dated=Event("held_on"),
    row_unit="inspection",
    owner="county",
    clauses=("T2", "M12", "M19", "M37", "S4"),
    columns=(
        org(),
        required(text("inspection_no", "编号", "inspection number", example="DD2021001")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "regular 经常性督导 Regular",
                "quality 学校质量评价 School quality",
                "kindergarten 保教质量评估 Kindergarten quality",
                "curriculum 课程实施检查 Curriculum",
                "safety 安全检查 Safety",
                "diagnosis 教学诊断 Diagnosis",
                "violation 违规办学核查 Rule-breaking",
            )
        ),
        choice("stage", "学段", "stage", *STAGES),
        required(day("held_on", "日期", "held on")),
        decimal("score", "得分", "score", "mark", example="88"),
        decimal("value_added", "增值得分", "value-added score", "mark", example="2.5"),
        text("used_for", "结果用途", "used for", example="校长职级"),
        text("evidence", "报告编号", "report reference", example="E2021030"),
    ),
)

FINDINGS = Ledger(
    key="findings",
    label=Label("问题整改台账", "Findings"),
    about=Label("督导评估发现的问题和整改", "What inspections found and how it was put right"),
    natural_key=("finding_no",),
    dated=Event("found_on"),
    row_unit="finding",
    owner="county",
    clauses=("T2", "M12"),
    columns=(
        org(),
        required(text("finding_no", "问题编号", "finding number", example="WT2021001")),
        text(
            "inspection_no",
            "督导编号",
            "inspection number",
            example="DD2021001",
            refers="inspections",
        ),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "hours 增减课时 Hours altered",
                "difficulty 超标超前 Beyond the standard",
                "enrolment 违规招生 Enrolment",
                "fees 违规收费 Fees",
                "burden 课业负担 Burden",
                "tutoring 有偿补课 Paid tutoring",
                "primary_like 小学化 School-like kindergarten",
                "safety 安全隐患 Safety",
                "accident 安全责任事故 Accident",
                "management 管理 Management",
                "teaching 教学 Teaching",
            )
        ),
        required(flag("violation", "违规办学行为", "rule-breaking", example="否")),
        required(day("found_on", "发现日期", "found on")),
        day("due_on", "整改期限", "due on"),
        day("mended_on", "整改完成日期", "put right on"),
    ),
)

LEDGERS = (
    ACTIVITIES,
    ACTIVITY_STAFF,
    EVIDENCE,
    VISITS,
    ASSIGNMENTS,
    INSPECTIONS,
    FINDINGS,
)
