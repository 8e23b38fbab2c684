"""Staff: who they are, their posts, titles, qualifications and honours."""

from zhuji.ledgers.declare import (
    Counted,
    Event,
    Label,
    Ledger,
    Level,
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
from zhuji.ledgers.declared.words import DEGREES, HONOUR_LEVELS, STAGES, SUBJECTS

STAFF = Ledger(
    key="staff",
    label=Label("教职工台账", "Staff"),
    about=Label(
        "一人一行；任职、职称、学历另有台账",
        "One row per person; posts, titles and qualifications have ledgers of their own",
    ),
    natural_key=("staff_no",),
    row_unit="person",
    clauses=("T4",),
    columns=(
        org(zh="人事关系所在单位代码", en="employer code"),
        staff(refers=""),
        required(text("name", "姓名", "name", example="张三", level=Level.PERSONAL, standard="XM")),
        choice("sex", "性别", "sex", "male 男 Male", "female 女 Female", standard="XB"),
        day("born_on", "出生日期", "born on", example="1985-03-12", level=Level.PERSONAL),
        text(
            "id_number",
            "身份证件号",
            "identity number",
            example="",
            level=Level.SENSITIVE,
            check="id_number",
        ),
        text("phone", "手机号", "mobile phone", example="", level=Level.SENSITIVE, check="phone"),
        required(
            choice(
                "employment",
                "用人方式",
                "employment",
                "established 在编 Established",
                "filed 人员控制总量备案 Headcount by filing",
                "contract 合同 Contract",
            )
        ),
        choice(
            "politics",
            "政治面貌",
            "political status",
            "party_member 中共党员 Party member",
            "probationary 预备党员 Probationary member",
            "league 共青团员 League member",
            "other 其他 Other",
        ),
        required(day("hired_on", "入职日期", "hired on")),
        choice("hired_degree", "入职学历", "degree when hired", *DEGREES),
        flag("hired_qualified", "入职时持教师资格证", "qualified when hired"),
        day("left_on", "离职日期", "left on", example=""),
        flag("single_or_away", "单身或异地任教", "single or teaching away from home", example="否"),
    ),
)

POSTS = Ledger(
    key="posts",
    label=Label("任职台账", "Posts"),
    about=Label(
        "谁在哪所学校哪个学段任什么岗、教什么学科，各有起止日期",
        "Who holds which post at which school, stage and subject, dated",
    ),
    natural_key=("staff_no", "org", "stage", "role", "valid_from"),
    dated=Valid(),
    row_unit="person",
    clauses=("T4", "M4", "M6"),
    columns=(
        org(),
        staff(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(
            choice(
                "role",
                "岗位",
                "role",
                "head 校（园）长 Head",
                "deputy 副校（园）长 Deputy head",
                "secretary 党组织书记 Party secretary",
                "middle 中层干部 Middle leader",
                "teacher 专任教师 Full-time teacher",
                "nurse 保育员 Nurse",
                "resource_teacher 资源教师 Resource teacher",
                "counsellor 心理教师 Counsellor",
                "researcher 教研员 Researcher",
                "cio 首席信息官 CIO",
                "worker 教辅工勤 Support staff",
            )
        ),
        required(flag("full_time_teacher", "专任教师", "full-time teacher")),
        choice("subject", "任教学科", "subject", *SUBJECTS),
        flag("open_hiring", "公开招聘或竞聘上岗", "by open hiring", example="否"),
        text("filing_no", "备案文号", "filing number", example=""),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

TITLES = Ledger(
    key="titles",
    label=Label("职称台账", "Titles"),
    about=Label(
        "职称及其取得日期，基层职称另标",
        "Professional titles and since when; grass-roots titles are marked",
    ),
    natural_key=("staff_no", "track", "valid_from"),
    dated=Valid(),
    row_unit="person",
    clauses=("M9",),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "grade",
                "职称等级",
                "grade",
                "junior 初级 Junior",
                "middle 中级 Middle",
                "vice_senior 副高级 Associate senior",
                "senior 正高级 Senior",
            )
        ),
        required(
            choice(
                "track",
                "评审通道",
                "track",
                "province 全省统一 Province",
                "grassroots 基层 Grass-roots",
            )
        ),
        required(day("valid_from", "取得日期", "granted on")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

QUALIFICATIONS = Ledger(
    key="qualifications",
    label=Label("学历与资格台账", "Qualifications"),
    about=Label(
        "学历和教师资格，取得一次一行",
        "Degrees and teaching certificates, one row each time one is gained",
    ),
    natural_key=("staff_no", "kind", "level", "gained_on"),
    dated=Event("gained_on"),
    row_unit="qualification",
    clauses=("T4", "M7"),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "degree 学历 Degree",
                "certificate 教师资格 Teaching certificate",
            )
        ),
        required(
            choice(
                "level",
                "等次",
                "level",
                *DEGREES,
                "certificate_kindergarten 幼儿园教师资格 Kindergarten certificate",
                "certificate_primary 小学教师资格 Primary certificate",
                "certificate_junior 初级中学教师资格 Lower secondary certificate",
                "certificate_senior 高级中学教师资格 Upper secondary certificate",
            )
        ),
        choice("subject", "学科", "subject", *SUBJECTS),
        required(day("gained_on", "取得日期", "gained on")),
    ),
)

HONOURS = Ledger(
    key="honours",
    label=Label("骨干与荣誉台账", "Honours"),
    about=Label(
        "骨干教师、特级教师、名校长等，一项一行",
        "Key teachers, special-grade teachers, ranked heads, one row per honour",
    ),
    natural_key=("staff_no", "title", "level", "valid_from"),
    dated=Valid(),
    row_unit="honour",
    clauses=("T4", "M4", "M9"),
    columns=(
        org(),
        staff(),
        required(
            choice(
                "title",
                "称号",
                "title",
                "key_teacher 骨干教师 Key teacher",
                "subject_leader 学科带头人 Subject leader",
                "teaching_expert 教学能手 Teaching expert",
                "special_grade 特级教师 Special-grade teacher",
                "ranked_head 名校长 Ranked head",
                "rural_special 乡村特级教师 Rural special-grade teacher",
                "party_model 党员名师 Party-member master teacher",
                "reserve_head 后备校长 Reserve head",
            )
        ),
        required(choice("level", "级别", "level", *HONOUR_LEVELS)),
        text("document_no", "文号", "document number", example="安教人〔2021〕5号"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

POST_QUOTAS = Ledger(
    key="post_quotas",
    label=Label("学科岗位核定台账", "Subject post quotas"),
    about=Label("每校每学段每学科应配教师数", "Teachers required per school, stage and subject"),
    natural_key=("org", "stage", "subject", "valid_from"),
    dated=Valid(),
    row_unit="quota",
    owner="county",
    clauses=("T4", "M6"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(choice("subject", "学科", "subject", *SUBJECTS)),
        required(integer("needed", "应配人数", "required", "person", example="3")),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

POST_STRUCTURES = Ledger(
    key="post_structures",
    label=Label("岗位设置台账", "Post structures"),
    about=Label(
        "编制数、中高级岗位数与规定比例", "Establishment, middle and senior posts and the set ratio"
    ),
    natural_key=("org", "counted_on"),
    dated=Counted(),
    row_unit="count",
    owner="county",
    clauses=("M8", "M9"),
    columns=(
        org(),
        required(day("counted_on", "核定日期", "counted on")),
        required(integer("establishment", "编制数", "establishment", "person", example="60")),
        required(integer("posts", "专业技术岗位总数", "professional posts", "post", example="56")),
        required(
            integer(
                "middle_senior_posts",
                "其中中高级岗位数",
                "of it middle and senior",
                "post",
                example="32",
            )
        ),
        required(
            decimal(
                "set_ratio",
                "规定中高级比例",
                "set ratio of middle and senior",
                "percent",
                example="55",
            )
        ),
        integer("filed_headcount", "控制总量备案数", "headcount by filing", "person", example="0"),
    ),
)

LEDGERS = (
    STAFF,
    POSTS,
    TITLES,
    QUALIFICATIONS,
    HONOURS,
    POST_QUOTAS,
    POST_STRUCTURES,
)
