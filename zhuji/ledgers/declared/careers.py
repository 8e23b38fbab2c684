"""What happens to staff: exchange, training, care, housing, assessment, pay."""

from zhuji.ledgers.declare import (
    Counted,
    Event,
    Label,
    Ledger,
    Valid,
    choice,
    day,
    decimal,
    flag,
    integer,
    money,
    org,
    required,
    staff,
    text,
)
from zhuji.ledgers.declared.words import PLACE_LEVELS

ROTATIONS = Ledger(
    key="rotations",
    label=Label("交流轮岗台账", "Rotations and secondments"),
    about=Label(
        "轮岗、支教、校长交流和挂职，一次一行",
        "Rotation, support teaching, heads' exchange and secondment, one row each",
    ),
    natural_key=("staff_no", "kind", "valid_from"),
    dated=Event("valid_from"),
    row_unit="person",
    owner="county",
    clauses=("M4", "M5", "M16"),
    columns=(
        org(zh="派出学校标识码", en="sending school"),
        staff(),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "rotation 交流轮岗 Rotation",
                "support 支教 Support teaching",
                "head_exchange 校长交流 Heads' exchange",
                "secondment 挂职锻炼 Secondment",
                "shared 走教共享 Shared teaching",
                "part_time 兼职 Part-time",
            )
        ),
        org("to_org", "接收学校标识码", "receiving school", required=False),
        text("to_place", "接收地（县外）", "place outside the county", example=""),
        choice("place_level", "地域层级", "place level", *PLACE_LEVELS),
        integer("batch_no", "批次", "batch", example="1"),
        flag("key_teacher", "骨干教师", "key teacher", example="否"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example="2022-09-01"),
        org("organiser", "组织单位代码", "organiser", required=False, example="370784000"),
    ),
)

ROTATION_POOLS = Ledger(
    key="rotation_pools",
    label=Label("交流对象核定台账", "Rotation pools"),
    about=Label(
        "每学年符合交流条件的教师数",
        "Teachers who meet the conditions for rotation, per school year",
    ),
    natural_key=("org", "counted_on"),
    dated=Counted(),
    row_unit="count",
    columns=(
        org(),
        required(day("counted_on", "核定日期", "counted on")),
        required(integer("eligible", "符合条件人数", "eligible", "person", example="20")),
    ),
)

TRAINING_SESSIONS = Ledger(
    key="training_sessions",
    label=Label("培训班次台账", "Training sessions"),
    about=Label("一期培训一行", "One row per training session"),
    natural_key=("session_no",),
    dated=Event("starts_on"),
    row_unit="session",
    owner="town",
    clauses=("M5", "M9", "M15"),
    columns=(
        org(zh="主办单位代码", en="organiser"),
        required(text("session_no", "班次编号", "session number", example="PX2021001")),
        required(text("title", "班次名称", "title", example="强镇筑基影子培训第一批")),
        required(
            choice(
                "kind",
                "培训类别",
                "kind",
                "shadow 影子培训 Shadow training",
                "advanced 高端研修 Advanced study",
                "special 专项培训 Special training",
                "it_head 校长信息化 Heads' IT",
                "it_researcher 教研骨干信息化 Researchers' IT",
                "it_all 全员信息化 IT for all",
                "party 党务培训 Party work",
                "care 关爱与心理 Care and psychology",
                "general 继续教育 Continuing education",
            )
        ),
        required(choice("place_level", "实施层级", "place level", *PLACE_LEVELS)),
        choice(
            "form",
            "形式",
            "form",
            "city_school 市直学校跟岗 In city-run schools",
            "sent_down 送教下乡 Teachers sent to the country",
            "town_session 镇域集中 Town session",
            "online 网络 Online",
            "other 其他 Other",
        ),
        integer("batch_no", "批次", "batch", example="1"),
        required(day("starts_on", "开始日期", "starts on")),
        required(
            day("ends_on", "结束日期", "ends on", help=("结束后次日", "the day after the last"))
        ),
        required(decimal("hours", "学时", "hours", "hour", example="30")),
        money("cost", "经费", "cost", example="8000"),
        text("evidence", "佐证编号", "evidence reference", example="E2021003"),
    ),
)

TRAINING_RECORDS = Ledger(
    key="training_records",
    label=Label("参训记录台账", "Training records"),
    about=Label("谁参加了哪一期、得了多少学时", "Who attended which session for how many hours"),
    natural_key=("session_no", "staff_no"),
    dated=Event("finished_on"),
    row_unit="record",
    clauses=("M5", "M9", "M15"),
    columns=(
        org(),
        staff(),
        required(
            text(
                "session_no",
                "班次编号",
                "session number",
                example="PX2021001",
                refers="training_sessions",
            )
        ),
        required(decimal("hours", "学时", "hours", "hour", example="10")),
        required(day("finished_on", "完成日期", "finished on")),
        flag("passed", "考核合格", "passed"),
    ),
)

TEACHER_CARE = Ledger(
    key="teacher_care",
    label=Label("教师关爱台账", "Teacher care"),
    about=Label(
        "“六个一”关爱，一人一项一行", "The six yearly kindnesses, one row per person and kind"
    ),
    natural_key=("staff_no", "kind", "given_on"),
    dated=Event("given_on"),
    row_unit="record",
    clauses=("M10",),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "kind",
                "关爱事项",
                "kind",
                "health_check 一次查体 Health check",
                "home_visit 一次校领导家访 Home visit by a leader",
                "birthday 一个生日祝福 Birthday wish",
                "training 一次培训机会 Training chance",
                "festival 一个节日 Festival",
                "fitness 一项健身活动 Fitness activity",
            )
        ),
        required(day("given_on", "日期", "given on")),
        text("evidence", "佐证编号", "evidence reference", example=""),
    ),
)

HOUSING = Ledger(
    key="housing",
    label=Label("教师周转房台账", "Teacher housing"),
    about=Label("一套一行；有入住者填工号", "One row per unit, with the occupant's number"),
    natural_key=("org", "unit_no", "valid_from"),
    dated=Valid(),
    row_unit="unit",
    clauses=("M1", "M10"),
    columns=(
        org(),
        required(text("unit_no", "房号", "unit number", example="1-101")),
        staff(required=False, zh="入住教职工号", en="occupant's staff number"),
        required(flag("to_standard", "达到建设标准", "to standard")),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

HOUSING_NEEDS = Ledger(
    key="housing_needs",
    label=Label("教师住房需求台账", "Housing needs"),
    about=Label(
        "乡村、轮岗、单身教师的住房需求与落实",
        "Housing asked for by rural, rotating and single teachers, and whether met",
    ),
    natural_key=("staff_no", "valid_from"),
    dated=Valid(),
    row_unit="person",
    clauses=("M10",),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "reason",
                "事由",
                "reason",
                "rural 乡村教师 Rural",
                "rotating 交流轮岗 Rotating",
                "single 单身教师 Single",
            )
        ),
        required(flag("housed", "已安排", "housed")),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

ASSESSMENTS = Ledger(
    key="assessments",
    label=Label("人员考核台账", "Assessments of persons"),
    about=Label(
        "书记述职、首席信息官履职等考核", "Secretaries' reports, CIO duty and other assessments"
    ),
    natural_key=("staff_no", "kind", "held_on"),
    dated=Event("held_on"),
    row_unit="assessment",
    owner="county",
    clauses=("M15", "M34", "S4"),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "kind",
                "考核类别",
                "kind",
                "secretary_report 书记述职评议 Secretary's report",
                "cio 首席信息官履职 CIO duty",
                "head_rank 校长职级 Head's rank",
                "ethics 师德 Ethics",
            )
        ),
        required(day("held_on", "考核日期", "held on")),
        choice(
            "result",
            "结果",
            "result",
            "excellent 优秀 Excellent",
            "good 良好 Good",
            "pass 合格 Pass",
            "fail 不合格 Fail",
        ),
        text("used_for", "结果用途", "used for", example="校长职级"),
    ),
)

ENTITLEMENTS = Ledger(
    key="entitlements",
    label=Label("教师待遇台账", "Entitlements"),
    about=Label(
        "每校每年应发与实发的补贴，平均工资",
        "Allowances due and paid, average pay, per school and year",
    ),
    natural_key=("org", "kind", "counted_on"),
    dated=Counted(),
    row_unit="count",
    owner="county",
    clauses=("M6",),
    columns=(
        org(zh="机构代码", en="organisation code"),
        required(
            choice(
                "kind",
                "待遇类别",
                "kind",
                "rural_allowance 乡村教师补助 Rural allowance",
                "class_teacher 班主任津贴 Class-teacher allowance",
                "average_pay 平均工资 Average pay",
                "civil_pay 公务员平均工资 Civil servants' average pay",
                "contract_pay 非在编平均工资 Contract staff's average pay",
            )
        ),
        required(day("counted_on", "统计日期", "counted on")),
        required(money("due", "应发", "due", example="100000")),
        required(money("paid", "实发", "paid", example="100000")),
        integer("persons", "人数", "persons", "person", example="40"),
    ),
)

LEDGERS = (
    ROTATIONS,
    ROTATION_POOLS,
    TRAINING_SESSIONS,
    TRAINING_RECORDS,
    TEACHER_CARE,
    HOUSING,
    HOUSING_NEEDS,
    ASSESSMENTS,
    ENTITLEMENTS,
)
