"""Learning: timetable, examinations and marks, fitness, skills, clubs, digital lessons."""

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
    org,
    pupil,
    required,
    text,
)
from zhuji.ledgers.declared.words import PLACE_LEVELS, STAGES, SUBJECTS

TIMETABLE = Ledger(
    key="timetable",
    label=Label("课程开设台账", "Timetable"),
    about=Label(
        "每校每年级每学科周课时：应开与实开",
        "Weekly periods by grade and subject: required and taught",
    ),
    natural_key=("org", "stage", "grade", "subject", "counted_on"),
    dated=Counted(),
    row_unit="course",
    clauses=("T2", "M11", "M12"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(integer("grade", "年级", "grade", example="3")),
        required(choice("subject", "学科", "subject", *SUBJECTS)),
        required(day("counted_on", "学期开始日期", "counted on")),
        required(
            integer(
                "required_periods", "应开周课时", "required weekly periods", "period", example="4"
            )
        ),
        required(
            integer("taught_periods", "实开周课时", "taught weekly periods", "period", example="4")
        ),
    ),
)

FIVE_CHECKS = Ledger(
    key="five_checks",
    label=Label("五项管理自查台账", "Five managements"),
    about=Label(
        "作业、睡眠、手机、读物、体质，每校每学段每次自查一行",
        "Homework, sleep, phones, reading matter and fitness, one row per self-check",
    ),
    natural_key=("org", "stage", "checked_on"),
    dated=Event("checked_on"),
    row_unit="check",
    clauses=("M11", "M30"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("checked_on", "自查日期", "checked on")),
        required(
            integer(
                "homework_minutes",
                "书面作业每日分钟数（最高年级）",
                "written homework minutes a day",
                "minute",
                example="55",
            )
        ),
        flag("low_grades_free", "小学一二年级无书面作业", "no written homework in grades 1-2"),
        required(
            decimal("sleep_hours", "平均睡眠小时数", "hours of sleep", "clock_hour", example="9.8")
        ),
        text("start_time", "上午上课时间", "morning start", example="08:20"),
        integer(
            "start_minute",
            "上午上课时间（距零点分钟数）",
            "morning start in minutes",
            "minute",
            example="500",
        ),
        required(flag("phones_ruled", "手机管理到位", "phones ruled")),
        required(flag("reading_screened", "课外读物审核到位", "reading matter screened")),
        required(
            integer(
                "exercise_minutes",
                "每日体育活动分钟数",
                "exercise minutes a day",
                "minute",
                example="75",
            )
        ),
        integer("break_minutes", "课间分钟数", "break minutes", "minute", example="10"),
        integer(
            "pe_periods", "每周体育课时（最低）", "weekly PE periods (least)", "period", example="3"
        ),
    ),
)

EXAMS = Ledger(
    key="exams",
    label=Label("考试台账", "Examinations"),
    about=Label("一场考试一个学科一行", "One row per examination and subject"),
    natural_key=("exam_no",),
    dated=Event("held_on"),
    row_unit="exam",
    owner="county",
    clauses=("T2",),
    columns=(
        org(zh="组织单位代码", en="organiser"),
        required(text("exam_no", "考试编号", "examination number", example="KS2021-ZLJC-SX4")),
        required(text("name", "考试名称", "name", example="四年级数学学业质量监测")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "county_monitor 县级监测 County monitoring",
                "national_monitor 国家监测 National monitoring",
                "term 期末 Term",
            )
        ),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(integer("grade", "年级", "grade", example="4")),
        required(choice("subject", "学科", "subject", *SUBJECTS)),
        required(day("held_on", "考试日期", "held on")),
        required(integer("full_marks", "满分", "full marks", "mark", example="100")),
    ),
)

MARKS = Ledger(
    key="marks",
    label=Label("成绩台账", "Marks"),
    about=Label(
        "一人一场一行；不排名、不公布",
        "One row per pupil and examination; never ranked, never published",
    ),
    natural_key=("exam_no", "pupil_no"),
    dated=Event("held_on"),
    row_unit="mark",
    clauses=("T2",),
    columns=(
        org(),
        pupil(),
        required(
            text(
                "exam_no",
                "考试编号",
                "examination number",
                example="KS2021-ZLJC-SX4",
                refers="exams",
            )
        ),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(choice("subject", "学科", "subject", *SUBJECTS)),
        required(day("held_on", "考试日期", "held on")),
        decimal(
            "score",
            "得分率",
            "score out of 100",
            "mark",
            scale=1,
            example="86.5",
            help=("换算成百分制；缺考留空", "as a percentage of full marks; empty if absent"),
        ),
    ),
)

FITNESS = Ledger(
    key="fitness",
    label=Label("体质健康台账", "Fitness"),
    about=Label(
        "一人一学年一行，综合得分按国家标准",
        "One row per pupil and school year, total by the national standard",
    ),
    natural_key=("pupil_no", "tested_on"),
    dated=Event("tested_on"),
    row_unit="person",
    clauses=("T2", "M11"),
    columns=(
        org(),
        pupil(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("tested_on", "测试日期", "tested on")),
        flag("exempt", "免测", "exempt", example="否"),
        decimal("total", "综合得分", "total", "mark", scale=1, example="82.5"),
        decimal("bmi", "体重指数", "BMI", "kg/m2", scale=1, example="16.8"),
    ),
)

SKILLS = Ledger(
    key="skills",
    label=Label("艺体技能台账", "Art and sport skills"),
    about=Label("一人一项一行，考核通过才登记", "One row per pupil and skill, entered once passed"),
    natural_key=("pupil_no", "kind", "skill"),
    dated=Event("mastered_on"),
    row_unit="skill",
    clauses=("T2", "M11"),
    columns=(
        org(),
        pupil(),
        required(choice("kind", "类别", "kind", "art 艺术 Art", "sport 运动 Sport")),
        required(text("skill", "技能名称", "skill", example="竖笛")),
        required(day("mastered_on", "考核通过日期", "passed on")),
    ),
)

CLUBS = Ledger(
    key="clubs",
    label=Label("社团台账", "Clubs"),
    about=Label("一个社团一行；参加人数每学期更新", "One row per club; members counted each term"),
    natural_key=("org", "name", "counted_on"),
    dated=Counted(),
    row_unit="club",
    clauses=("T2", "M23"),
    columns=(
        org(),
        required(text("name", "社团名称", "name", example="合唱团")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "art 艺术 Art",
                "sport 体育 Sport",
                "science 科技 Science",
                "labour 劳动 Labour",
                "reading 阅读 Reading",
                "other 其他 Other",
            )
        ),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(day("counted_on", "统计日期", "counted on")),
        required(integer("members", "参加人数", "members", "person", example="36")),
    ),
)

DIGITAL_LESSONS = Ledger(
    key="digital_lessons",
    label=Label("双师与精准教学台账", "Digital lessons"),
    about=Label(
        "双师课堂、精准教学和在线课程的课次",
        "Dual-teacher lessons, precise teaching and online courses",
    ),
    natural_key=("org", "kind", "taught_on", "class_ref"),
    dated=Event("taught_on"),
    row_unit="lesson",
    clauses=("M14",),
    columns=(
        org(),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "dual_teacher 双师课堂 Dual-teacher lesson",
                "precise 精准教学 Precise teaching",
                "online_course 在线课程 Online course",
                "ai_space 智能学习空间 Smart learning space",
            )
        ),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(text("class_ref", "班级", "class", example="3-1")),
        choice("subject", "学科", "subject", *SUBJECTS),
        required(day("taught_on", "日期", "taught on")),
        choice("source_level", "资源来源", "source of the resource", *PLACE_LEVELS),
        integer("learners", "参与学生数", "learners", "person", example="42"),
    ),
)

RESOURCES = Ledger(
    key="resources",
    label=Label("数字资源台账", "Digital resources"),
    about=Label(
        "资源中心与课程平台的资源，一项一行",
        "Resources of the resource and course centres, one row each",
    ),
    natural_key=("resource_no",),
    dated=Valid(),
    row_unit="resource",
    owner="county",
    clauses=("M14", "M31"),
    columns=(
        org(zh="提供单位代码", en="provider"),
        required(text("resource_no", "资源编号", "resource number", example="ZY2021001")),
        required(text("title", "名称", "title", example="防溺水专题课")),
        required(
            choice(
                "theme",
                "主题",
                "theme",
                "subject 学科 Subject",
                "safety 安全教育 Safety",
                "morality 德育 Moral education",
                "practice 实践创新 Practice and invention",
                "school_made 校本课程 School-made",
                "local 社区与地方 Community",
            )
        ),
        choice("source_level", "来源", "source", *PLACE_LEVELS),
        flag("third_party", "第三方资源", "third party", example="否"),
        integer("uses", "累计使用次数", "uses", "time", example="120"),
        required(day("valid_from", "上线日期", "online from")),
        day("valid_to", "下线日期", "online to", example=""),
    ),
)

LEDGERS = (TIMETABLE, FIVE_CHECKS, EXAMS, MARKS, FITNESS, SKILLS, CLUBS, DIGITAL_LESSONS, RESOURCES)
