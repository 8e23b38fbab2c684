"""Bodies and papers: meetings, documents, survey results, votes, pay pools, waivers."""

from zhuji.ledgers.declare import (
    Event,
    Label,
    Ledger,
    Valid,
    choice,
    day,
    flag,
    integer,
    money,
    org,
    required,
    staff,
    text,
)
from zhuji.ledgers.declared.words import PLACE_LEVELS

BODIES = Ledger(
    key="bodies",
    label=Label("组织台账", "Bodies"),
    about=Label(
        "领导小组、工作专班、党支部、家委会等，一个一行",
        "Leading groups, work teams, Party branches, parents' committees, one row each",
    ),
    natural_key=("body_no",),
    dated=Valid(),
    row_unit="body",
    owner="town",
    clauses=("S1", "M1", "M18", "M28", "M32"),
    columns=(
        org(zh="所在机构代码", en="organisation"),
        required(text("body_no", "组织编号", "body number", example="ZZ2021001")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "leading_group 领导小组 Leading group",
                "group_office 领导小组办公室 Office of the leading group",
                "work_team 工作专班 Work team",
                "party_branch 党支部 Party branch",
                "staff_congress 教代会 Staff congress",
                "union 工会 Union",
                "parents_school 学校家委会 School parents' committee",
                "parents_grade 级部家委会 Grade parents' committee",
                "parents_class 班级家委会 Class parents' committee",
                "alliance 党建联盟 Party alliance",
                "volunteers 志愿者团体 Volunteers",
                "centre 数据与资源中心 Data and resource centre",
            )
        ),
        required(text("name", "名称", "name", example="大盛小学强镇筑基工作领导小组")),
        text("head_post", "负责人职务", "head's post", example="校长"),
        staff("head", required=False, zh="负责人工号", en="head's staff number"),
        integer("members", "成员数", "members", "person", example="9"),
        flag("standard", "标准化建设达标", "up to standard"),
        required(day("valid_from", "成立日期", "set up on")),
        day("valid_to", "撤销日期", "ended on", example=""),
    ),
)

MEETINGS = Ledger(
    key="meetings",
    label=Label("会议台账", "Meetings"),
    about=Label(
        "教职工大会、家委会、专班调度等，一次一行",
        "Staff congress, parents' committees, work teams, one row per meeting",
    ),
    natural_key=("meeting_no",),
    dated=Event("held_on"),
    row_unit="meeting",
    clauses=("M18", "M28", "S1"),
    columns=(
        org(zh="召开机构代码", en="organisation"),
        required(text("meeting_no", "会议编号", "meeting number", example="HY2021001")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "staff_congress 教职工（代表）大会 Staff congress",
                "parents_committee 家委会会议 Parents' committee",
                "leading_group 领导小组会议 Leading group",
                "work_team 专班调度 Work team",
                "party 党组织会议 Party",
                "alliance 联盟会议 Alliance",
            )
        ),
        text("body_no", "组织编号", "body number", example="ZZ2021001", refers="bodies"),
        required(day("held_on", "日期", "held on")),
        integer("expected", "应到人数", "expected", "person", example="60"),
        integer("present", "实到人数", "present", "person", example="58"),
        integer("opinions", "意见建议数", "opinions", "opinion", example="6"),
        integer("answered", "其中已答复", "of it answered", "opinion", example="6"),
        text("evidence", "记录编号", "minutes reference", example="E2021040"),
    ),
)

DOCUMENTS = Ledger(
    key="documents",
    label=Label("方案制度台账", "Documents"),
    about=Label(
        "章程、方案、办法等，一件一版一行", "Charters, plans and methods, one row per version"
    ),
    natural_key=("org", "kind", "valid_from"),
    dated=Valid(),
    row_unit="document",
    clauses=("S2", "M11", "M18", "M19", "M22", "M23", "M37"),
    columns=(
        org(zh="机构代码", en="organisation"),
        required(
            text(
                "kind",
                "类别",
                "kind",
                example="charter",
                help=(
                    "填方案包列出的类别代码或名称",
                    "a kind that the plan package lists, by code or name",
                ),
            )
        ),
        required(text("title", "名称", "title", example="大盛小学章程")),
        text("document_no", "文号", "document number", example=""),
        required(day("valid_from", "备案日期", "filed on")),
        day("valid_to", "失效日期", "ends on", example=""),
        flag("approved", "已核准", "approved"),
        text("evidence", "佐证编号", "evidence reference", example="E2021050"),
    ),
)

SURVEY_RESULTS = Ledger(
    key="survey_results",
    label=Label("调查结果台账", "Survey results"),
    about=Label(
        "一次调查一校一类人一题一行，只登记人数",
        "One row per survey, school, group and question: numbers only",
    ),
    natural_key=("survey_no", "org", "respondents", "question"),
    dated=Event("held_on"),
    row_unit="result",
    owner="county",
    clauses=("T3", "T7"),
    columns=(
        org(),
        required(text("survey_no", "调查编号", "survey number", example="DC2022001")),
        required(day("held_on", "调查日期", "held on")),
        required(
            choice(
                "respondents",
                "对象",
                "respondents",
                "parents 家长 Parents",
                "pupils 学生 Pupils",
                "staff 教职工 Staff",
                "public 社会人士 Public",
            )
        ),
        required(
            choice(
                "question",
                "题目",
                "question",
                "satisfaction 满意度 Satisfaction",
                "identity 认同感 Identity",
                "belonging 归属感 Belonging",
                "honour 荣誉感 Honour",
                "health 心理健康 Mental health",
            )
        ),
        required(integer("invited", "应答人数", "invited", "person", example="400")),
        required(integer("answered", "有效答卷数", "answered", "person", example="380")),
        required(
            integer("positive", "其中满意（认同）人数", "of it positive", "person", example="368")
        ),
    ),
)

VOTES = Ledger(
    key="votes",
    label=Label("教职工表决台账", "Staff votes"),
    about=Label("一次表决一行，只登记票数", "One row per vote: numbers only"),
    natural_key=("vote_no",),
    dated=Event("held_on"),
    row_unit="vote",
    clauses=("M22",),
    columns=(
        org(),
        required(text("vote_no", "表决编号", "vote number", example="BJ2022001")),
        required(
            choice(
                "subject",
                "事项",
                "subject",
                "pay_scheme 绩效工资分配方案 Performance-pay scheme",
                "charter 章程 Charter",
                "other 其他 Other",
            )
        ),
        required(day("held_on", "表决日期", "held on")),
        required(integer("eligible", "应到人数", "eligible", "person", example="40")),
        required(integer("yes", "同意票数", "yes", "vote", example="36")),
        required(integer("no", "不同意票数", "no", "vote", example="2")),
        integer("abstain", "弃权票数", "abstain", "vote", example="2"),
        day("in_force_on", "实施日期", "in force on"),
    ),
)

PAY_POOLS = Ledger(
    key="pay_pools",
    label=Label("绩效工资总量台账", "Performance-pay pools"),
    about=Label(
        "奖励性绩效总量的四项构成，每校每年一行",
        "The four parts of the incentive pool, one row per school and year",
    ),
    natural_key=("org", "valid_from"),
    dated=Valid(),
    row_unit="pool",
    clauses=("M22",),
    columns=(
        org(),
        required(day("valid_from", "起始日期", "from", example="2022-01-01")),
        day("valid_to", "终止日期", "to", example="2023-01-01"),
        required(
            money(
                "december", "上年十二月工资额度", "last December's salary amount", example="320000"
            )
        ),
        required(
            money(
                "class_management", "班级管理激励", "class-management incentives", example="60000"
            )
        ),
        required(money("after_school", "课后服务费", "after-school service fees", example="45000")),
        required(money("increment", "绩效增量", "increment", example="80000")),
        required(money("total", "奖励性绩效总量", "incentive pool", example="505000")),
        flag("split_by_school", "比例由学校自定", "split decided by the school"),
    ),
)

GOOD_PRACTICE = Ledger(
    key="good_practice",
    label=Label("典型案例台账", "Good practice"),
    about=Label("征集、展示和推广的经验案例", "Cases collected, shown and published"),
    natural_key=("case_no",),
    dated=Event("collected_on"),
    row_unit="case",
    clauses=("M30", "S5"),
    columns=(
        org(),
        required(text("case_no", "案例编号", "case number", example="AL2022001")),
        required(text("title", "名称", "title", example="分层作业设计")),
        required(
            choice(
                "theme",
                "主题",
                "theme",
                "five_managements 五项管理 Five managements",
                "teaching 教学 Teaching",
                "party 党建 Party",
                "governance 管理 Management",
                "care 关爱 Care",
                "culture 文化 Culture",
            )
        ),
        required(day("collected_on", "征集日期", "collected on")),
        day("shown_on", "展示推广日期", "shown on"),
        choice("reach", "推广层级", "reach", *PLACE_LEVELS),
    ),
)

WAIVERS = Ledger(
    key="waivers",
    label=Label("任务豁免台账", "Waivers"),
    about=Label(
        "暂缓或免除某单位、某人的某项任务，有理由、有期限",
        "Suspends or waives one duty of one subject, with reason and term",
    ),
    natural_key=("org", "duty", "subject", "valid_from"),
    dated=Valid(),
    row_unit="waiver",
    owner="county",
    columns=(
        org(zh="机构代码", en="organisation"),
        required(text("duty", "任务编号", "duty", example="m10_health_check")),
        required(text("subject", "对象（机构代码、工号或学籍号）", "subject", example="S000001")),
        required(
            choice("kind", "种类", "kind", "waiver 免除 Waiver", "suspension 暂缓 Suspension")
        ),
        required(text("reason", "理由", "reason", example="产假")),
        required(text("approver", "批准人", "approved by", example="基教科")),
        required(day("valid_from", "起始日期", "from")),
        required(day("valid_to", "终止日期", "to", example="2022-09-01")),
    ),
)

LEDGERS = (
    BODIES,
    MEETINGS,
    DOCUMENTS,
    SURVEY_RESULTS,
    VOTES,
    PAY_POOLS,
    GOOD_PRACTICE,
    WAIVERS,
)
