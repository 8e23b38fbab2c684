"""Organisations, how they relate, and the marks they bear."""

from zhuji.ledgers.declare import (
    Label,
    Ledger,
    Level,
    Valid,
    choice,
    day,
    flag,
    integer,
    org,
    required,
    text,
)

ORGS = Ledger(
    key="orgs",
    label=Label("机构台账", "Organisations"),
    about=Label(
        "县、镇、学校、幼儿园和教学点，一个机构一行",
        "One row for each county, town, school, kindergarten and teaching point",
    ),
    natural_key=("org",),
    dated=Valid("valid_from", "valid_to"),
    row_unit="org",
    owner="county",
    columns=(
        org(
            zh="机构代码",
            en="organisation code",
            refers="",
            help=(
                "学校用 10 位标识码，镇用 9 位区划代码，县用 6 位",
                "Schools: 10 digits; towns: 9; the county: 6",
            ),
        ),
        required(text("name", "名称", "name", example="大盛小学", level=Level.PUBLIC)),
        required(
            choice(
                "kind",
                "机构类别",
                "kind",
                "county 县 County",
                "town 镇街 Town",
                "school 学校 School",
                "kindergarten 幼儿园 Kindergarten",
                "teaching_point 教学点 Teaching point",
                "office 机关科室 Bureau office",
                level=Level.PUBLIC,
                example="学校",
            )
        ),
        choice(
            "school_type",
            "办学类型",
            "school type",
            "kindergarten 幼儿园 Kindergarten",
            "primary 小学 Primary school",
            "junior 初级中学 Lower secondary school",
            "nine_year 九年一贯制学校 Nine-year school",
            "complete 完全中学 Complete secondary school",
            "twelve_year 十二年一贯制学校 Twelve-year school",
            "special 特殊教育学校 Special school",
            "vocational 职业学校 Vocational school",
            level=Level.PUBLIC,
            example="小学",
        ),
        choice(
            "ownership",
            "举办者",
            "run by",
            "public 公办 Public",
            "inclusive 普惠性民办 Inclusive private",
            "private 民办 Private",
            level=Level.PUBLIC,
        ),
        choice(
            "residence",
            "城乡分类",
            "urban-rural class",
            "urban 城区 Urban",
            "town 镇区 Town",
            "village 乡村 Village",
            level=Level.PUBLIC,
            example="乡村",
        ),
        flag("boarding", "寄宿制", "boarding", level=Level.PUBLIC),
        flag("establishment", "已纳入机构编制管理", "registered as an establishment"),
        integer("built_year", "建成年份", "year built", example="1998"),
        required(
            day("valid_from", "设立日期", "set up on", example="1998-09-01", level=Level.PUBLIC)
        ),
        day("valid_to", "撤销日期", "closed on", example="", level=Level.PUBLIC),
    ),
)

ORG_EDGES = Ledger(
    key="org_edges",
    label=Label("机构关系台账", "Relations of organisations"),
    about=Label(
        "隶属、学区、托管、一校长多校区和各类结对，各有起止日期",
        "Administration, districts, trusteeship, shared heads and pairings, each dated",
    ),
    natural_key=("hierarchy", "parent", "org", "valid_from"),
    dated=Valid(),
    row_unit="relation",
    owner="county",
    clauses=("T5", "M16", "M17", "M33"),
    columns=(
        org(zh="下级或受援机构代码", en="child or partner code"),
        required(
            choice(
                "hierarchy",
                "关系类别",
                "hierarchy",
                "administration 行政隶属 Administration",
                "school_district 学区 School district",
                "trusteeship 托管 Trusteeship",
                "one_head 一校长多校区 One head, several campuses",
                "urban_rural 城乡结对 Urban-rural pairing",
                "town_help 镇内帮扶 Help within the town",
                "party 党建结对 Party pairing",
                level=Level.PUBLIC,
            )
        ),
        required(org("parent", "上级或牵头机构代码", "parent or lead code", example="2137000001")),
        text("agreement", "协议文号", "agreement number", example="安教结〔2021〕1号"),
        integer("agreed_deeds", "约定成果数", "agreed deliverables", unit="deed", example="4"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

ORG_MARKS = Ledger(
    key="org_marks",
    label=Label("机构标记台账", "Marks of organisations"),
    about=Label(
        "试点镇、镇驻地学校、优质学校等标记，各有起止日期",
        "Pilot towns, town-seat schools, good schools and other dated marks",
    ),
    natural_key=("org", "mark", "valid_from"),
    dated=Valid(),
    row_unit="mark",
    owner="county",
    clauses=("T5",),
    columns=(
        org(zh="机构代码", en="organisation code"),
        required(
            choice(
                "mark",
                "标记",
                "mark",
                "pilot_city 市级试点 City pilot",
                "pilot_county 县级试点 County pilot",
                "town_seat 镇驻地 Town seat",
                "named 方案点名 Named in the plan",
                "good_urban 城区优质 Good urban school",
                "reference 参照校 Reference school",
                "smart_model 智慧教育示范校 Smart-education model school",
                "excluded 不计入资源测算 Left out of resource measures",
                level=Level.PUBLIC,
            )
        ),
        text("basis", "依据文件", "basis", example="安教体字〔2021〕13号"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example=""),
    ),
)

LEDGERS = (
    ORGS,
    ORG_EDGES,
    ORG_MARKS,
)
