"""Care of pupils: absence, dropout, aid, after-school service, screenings, home visits."""

from zhuji.ledgers.declare import (
    Counted,
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
    pupil,
    required,
    staff,
    text,
)
from zhuji.ledgers.declared.words import STAGES

ABSENCES = Ledger(
    key="absences",
    label=Label("缺课台账", "Absences"),
    about=Label(
        "一次缺课一行；联系家长、劝返日期随记",
        "One row per absence, with the days of contact and of return",
    ),
    natural_key=("pupil_no", "absent_from"),
    dated=Event("absent_from"),
    row_unit="absence",
    clauses=("M24",),
    columns=(
        org(),
        pupil(),
        choice("stage", "学段", "stage", *STAGES),
        required(day("absent_from", "缺课首日", "absent from")),
        required(integer("days", "缺课天数", "days", "day", example="1")),
        required(
            choice(
                "reason",
                "原因",
                "reason",
                "ill 生病 Ill",
                "family 家庭事务 Family",
                "weary 厌学 Weary of school",
                "poverty 贫困 Poverty",
                "work 务工 Work",
                "unknown 原因不明 Unknown",
                "other 其他 Other",
            )
        ),
        day("contacted_on", "联系家长日期", "parents contacted on"),
        day("returned_on", "返校日期", "returned on"),
    ),
)

DROPOUT_CASES = Ledger(
    key="dropout_cases",
    label=Label("控辍保学台账", "Dropout prevention"),
    about=Label(
        "疑似辍学与辍学学生，一案一行，动态销号",
        "Suspected and actual dropouts, one row per case, closed when solved",
    ),
    natural_key=("case_no",),
    dated=Valid("opened_on", "closed_on"),
    row_unit="case",
    clauses=("M24",),
    columns=(
        org(),
        pupil(),
        required(text("case_no", "案号", "case number", example="KC2021001")),
        choice("stage", "学段", "stage", *STAGES),
        required(
            choice(
                "status",
                "当前阶段",
                "status",
                "absent 缺课 Absent",
                "suspected 疑似辍学 Suspected",
                "dropped 辍学 Dropped out",
                "returned 已复学 Returned",
                "closed 已销号 Closed",
            )
        ),
        required(
            choice(
                "reason",
                "原因",
                "reason",
                "weary 厌学 Weary of school",
                "poverty 贫困 Poverty",
                "health 健康 Health",
                "work 务工 Work",
                "marriage 早婚 Early marriage",
                "migrant_lost 随迁失联 Lost after moving",
                "abroad 出境 Abroad",
                "other 其他 Other",
            )
        ),
        required(day("opened_on", "立案日期", "opened on")),
        day("persuaded_on", "首次劝返日期", "first persuaded on"),
        integer("persuasions", "劝返次数", "persuasions", "time", example="2"),
        day("reported_on", "书面报告日期", "reported in writing on"),
        day("returned_on", "复学日期", "returned on"),
        day("closed_on", "销号日期", "closed on", example=""),
        staff("officer", required=False, zh="责任人工号", en="officer's staff number"),
    ),
)

DROPOUT_REPORTS = Ledger(
    key="dropout_reports",
    label=Label("控辍保学月报台账", "Dropout reports"),
    about=Label(
        "学校月报、县级季查的报送记录",
        "Monthly reports of schools and quarterly re-checks of the county",
    ),
    natural_key=("org", "kind", "reported_on"),
    dated=Event("reported_on"),
    row_unit="report",
    clauses=("M24",),
    columns=(
        org(zh="机构代码", en="organisation code"),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "school_month 学校月报 School's monthly report",
                "county_recheck 县级复核 County re-check",
                "opening_visit 开学巡查 Visit at term opening",
            )
        ),
        required(day("reported_on", "报送日期", "reported on")),
        required(integer("suspected", "疑似辍学人数", "suspected", "person", example="0")),
        required(integer("dropped", "辍学人数", "dropped out", "person", example="0")),
    ),
)

AID = Ledger(
    key="aid",
    label=Label("学生资助台账", "Pupil aid"),
    about=Label("一人一项一期一行", "One row per pupil, item and payment"),
    natural_key=("pupil_no", "item", "paid_on"),
    dated=Event("paid_on"),
    row_unit="payment",
    clauses=("M26",),
    columns=(
        org(),
        pupil(),
        required(
            choice(
                "item",
                "资助项目",
                "item",
                "boarder 寄宿生生活补助 Boarder's allowance",
                "day_pupil 非寄宿生生活补助 Day pupil's allowance",
                "preschool 学前政府助学金 Preschool grant",
                "waiver 减免 Waiver",
                "other 其他 Other",
            )
        ),
        required(day("paid_on", "发放日期", "paid on")),
        required(money("amount", "金额", "amount", example="625")),
    ),
)

AFTER_SCHOOL = Ledger(
    key="after_school",
    label=Label("课后服务台账", "After-school service"),
    about=Label(
        "每校每学段每学期有需求与已参加人数", "Pupils who want and who get after-school service"
    ),
    natural_key=("org", "stage", "counted_on"),
    dated=Counted(),
    row_unit="count",
    clauses=("M25",),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("counted_on", "统计日期", "counted on")),
        required(integer("wanting", "有需求人数", "want it", "person", example="300")),
        required(integer("served", "已参加人数", "get it", "person", example="300")),
    ),
)

SCREENINGS = Ledger(
    key="screenings",
    label=Label("心理筛查汇总台账", "Mental-health screenings"),
    about=Label("只登记人数，不登记个人", "Numbers only, never persons"),
    natural_key=("org", "stage", "screened_on"),
    dated=Event("screened_on"),
    row_unit="round",
    clauses=("T7", "M25"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("screened_on", "筛查日期", "screened on")),
        required(integer("due", "应筛人数", "due", "person", example="300")),
        required(integer("screened", "实筛人数", "screened", "person", example="298")),
        required(integer("flagged", "识别人数", "identified", "person", example="12")),
        required(integer("helped", "已干预人数", "intervened", "person", example="12")),
        integer("healthy", "状态良好人数", "in good health", "person", example="286"),
    ),
)

HOME_VISITS = Ledger(
    key="home_visits",
    label=Label("家访台账", "Home visits"),
    about=Label(
        "一次家访一行，面对面或屏对屏；不要求照片和定位",
        "One row per visit, in person or by screen; no photo, no location",
    ),
    natural_key=("pupil_no", "visited_on"),
    dated=Event("visited_on"),
    row_unit="visit",
    clauses=("M27",),
    columns=(
        org(),
        pupil(),
        staff(zh="家访教师工号", en="visitor's staff number"),
        required(day("visited_on", "家访日期", "visited on")),
        required(
            choice("way", "方式", "way", "in_person 面对面 In person", "screen 屏对屏 By screen")
        ),
        flag("whole_area", "全域家访", "whole-area round"),
        flag("needs_help", "需要帮扶", "needs help", example="否"),
    ),
)

LEDGERS = (
    ABSENCES,
    DROPOUT_CASES,
    DROPOUT_REPORTS,
    AID,
    AFTER_SCHOOL,
    SCREENINGS,
    HOME_VISITS,
)
