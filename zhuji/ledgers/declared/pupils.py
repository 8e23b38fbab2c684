"""Pupils: who they are, where they are enrolled, what care they need."""

from zhuji.ledgers.declare import (
    Counted,
    Label,
    Ledger,
    Level,
    Valid,
    choice,
    day,
    flag,
    integer,
    org,
    pupil,
    required,
    staff,
    text,
)
from zhuji.ledgers.declared.words import SPECIAL_CATEGORIES, STAGES

PUPILS = Ledger(
    key="pupils",
    label=Label("学生台账", "Pupils"),
    about=Label(
        "一人一行；在籍、特殊群体、成绩另有台账",
        "One row per pupil; enrolment, categories and marks have ledgers of their own",
    ),
    natural_key=("pupil_no",),
    row_unit="person",
    clauses=("T6", "M24"),
    columns=(
        org(zh="学籍所在学校标识码", en="school of record"),
        pupil(refers=""),
        required(
            text("name", "姓名", "name", example="李小明", level=Level.PERSONAL, standard="XM")
        ),
        required(choice("sex", "性别", "sex", "male 男 Male", "female 女 Female", standard="XB")),
        required(day("born_on", "出生日期", "born on", example="2013-01-01", level=Level.PERSONAL)),
        text(
            "id_number",
            "身份证件号",
            "identity number",
            example="",
            level=Level.SENSITIVE,
            check="id_number",
        ),
        required(
            org(
                "hukou_town",
                "户籍所在镇街代码",
                "town of household registration",
                example="370784101",
            )
        ),
        flag("hukou_rural", "农村户籍", "rural household"),
        text("guardian", "监护人姓名", "guardian", example="李四", level=Level.PERSONAL),
        text(
            "guardian_phone",
            "监护人手机号",
            "guardian's phone",
            example="",
            level=Level.SENSITIVE,
            check="phone",
        ),
        text("address", "家庭住址", "home address", example="", level=Level.SENSITIVE),
    ),
)

ENROLMENTS = Ledger(
    key="enrolments",
    label=Label("在籍台账", "Enrolments"),
    about=Label(
        "在哪所学校哪个班，各有起止日期和去向",
        "Which school and class, from when to when, and where to",
    ),
    natural_key=("pupil_no", "org", "valid_from"),
    dated=Valid(),
    row_unit="person",
    clauses=("T6", "M24"),
    columns=(
        org(),
        pupil(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(integer("grade", "年级", "grade", example="3")),
        required(integer("class_no", "班号", "class number", example="1")),
        flag("boarder", "寄宿", "boarder", example="否"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
        choice(
            "entered_by",
            "入学方式",
            "entered by",
            "admission 招生 Admission",
            "promotion 升级 Promotion",
            "transfer 转入 Transfer",
            "return 复学 Return",
        ),
        choice(
            "left_by",
            "去向",
            "left by",
            "promotion 升级 Promotion",
            "graduation 毕业 Graduation",
            "transfer 转出 Transfer",
            "dropout 辍学 Dropout",
            "suspension 休学 Suspension",
            "death 死亡 Death",
            "abroad 出国 Abroad",
        ),
    ),
)

SPECIAL_PUPILS = Ledger(
    key="special_pupils",
    label=Label("特殊群体学生台账", "Special pupils"),
    about=Label(
        "一人一类一行；帮扶教师、方式随记",
        "One row per pupil and category, with the carer and the way of help",
    ),
    natural_key=("pupil_no", "category", "valid_from"),
    dated=Valid(),
    row_unit="person",
    clauses=("M24", "M25", "M26"),
    columns=(
        org(),
        pupil(),
        required(choice("category", "类别", "category", *SPECIAL_CATEGORIES)),
        text("basis", "认定依据", "basis", example="民政认定", level=Level.SENSITIVE),
        staff("carer", required=False, zh="一对一帮扶教师工号", en="carer's staff number"),
        choice(
            "placement",
            "安置方式",
            "placement",
            "class 随班就读 Ordinary class",
            "special_school 特殊教育学校 Special school",
            "home 送教上门 Taught at home",
            "none 未安置 None",
        ),
        day("state_checked_on", "最近核实日期", "state checked on"),
        flag("helped", "已落实帮扶措施", "helped"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

CHILD_CENSUS = Ledger(
    key="child_census",
    label=Label("适龄儿童台账", "School-age children"),
    about=Label(
        "各镇各学段户籍适龄儿童数，每年统计",
        "Registered children of school age by town and stage, counted yearly",
    ),
    natural_key=("org", "stage", "counted_on"),
    dated=Counted(),
    row_unit="count",
    owner="town",
    clauses=("T6",),
    columns=(
        org(zh="镇街代码", en="town code", example="370784101"),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("counted_on", "统计日期", "counted on")),
        required(
            integer("children", "户籍适龄儿童数", "registered children", "person", example="820")
        ),
        required(
            integer(
                "local", "其中在本镇就读", "of it enrolled in the town", "person", example="640"
            )
        ),
        integer("enrolled", "其中已入学（园）", "of it enrolled anywhere", "person", example="815"),
        integer("disabled", "残疾适龄儿童数", "disabled children", "person", example="6"),
        integer("disabled_enrolled", "其中已入学", "of it enrolled", "person", example="6"),
    ),
)

LEDGERS = (
    PUPILS,
    ENROLMENTS,
    SPECIAL_PUPILS,
    CHILD_CENSUS,
)
