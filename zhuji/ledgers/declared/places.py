"""What organisations are built and fitted with."""

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
    text,
)
from zhuji.ledgers.declared.words import STAGES, STAGES_AND_SHARED

PREMISES = Ledger(
    key="premises",
    label=Label("办学条件台账", "Premises and assets"),
    about=Label(
        "校舍、场地、图书和仪器，每校每学段每次统计一行；共用的填“各学段共用”，按折算学生数拆分",
        "Buildings, grounds, books and instruments, one row per school, stage and count; "
        "shared property is split by equivalent pupils",
    ),
    natural_key=("org", "stage", "counted_on"),
    dated=Counted(),
    row_unit="count",
    clauses=("T1", "M1"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES_AND_SHARED)),
        required(day("counted_on", "统计日期", "counted on")),
        required(
            decimal(
                "teaching_area",
                "教学及辅助用房面积",
                "teaching and auxiliary area",
                "m2",
                example="3200",
            )
        ),
        required(
            decimal(
                "indoor_sport_area",
                "其中室内体育用房面积",
                "of it indoor sports area",
                "m2",
                example="300",
            )
        ),
        required(
            decimal(
                "outdoor_sport_area", "运动场地面积", "outdoor sports area", "m2", example="6400"
            )
        ),
        decimal("surfaced_area", "其中塑胶场地面积", "of it surfaced area", "m2", example="6400"),
        decimal("dormitory_area", "学生宿舍面积", "dormitory area", "m2", example="0"),
        decimal("dining_area", "食堂面积", "dining area", "m2", example="400"),
        decimal("play_area", "户外游戏场地面积", "outdoor play area", "m2", example="0"),
        decimal(
            "activity_area", "幼儿活动用房面积", "kindergarten activity area", "m2", example="0"
        ),
        decimal("building_area", "校园建筑面积", "building area", "m2", example="5200"),
        required(
            money(
                "instrument_value",
                "教学仪器设备资产值",
                "value of teaching instruments",
                example="1200000",
            )
        ),
        required(integer("books", "图书册数", "books", "book", example="15000")),
        integer("new_books", "其中当年新增册数", "of it added this year", "book", example="600"),
        required(
            integer(
                "computers", "教学用计算机台数", "computers for teaching", "computer", example="80"
            )
        ),
        required(
            integer(
                "multimedia_rooms",
                "网络多媒体教室间数",
                "networked multimedia rooms",
                "room",
                example="20",
            )
        ),
        flag("dangerous", "有无危房", "has unsafe buildings", example="否"),
    ),
)

ROOMS = Ledger(
    key="rooms",
    label=Label("专用教室台账", "Special rooms"),
    about=Label(
        "音乐、美术、实验、资源、关爱、创客等专用教室，一间一行",
        "Music, art, laboratory, resource, care, maker and other rooms, one row each",
    ),
    natural_key=("org", "kind", "room_no"),
    dated=Valid(),
    row_unit="room",
    clauses=("T1", "M15", "M25"),
    columns=(
        org(),
        required(
            choice(
                "kind",
                "教室类别",
                "kind",
                "music 音乐教室 Music",
                "art 美术教室 Fine art",
                "science_lab 科学实验室 Science laboratory",
                "physics_lab 物理实验室 Physics laboratory",
                "chemistry_lab 化学实验室 Chemistry laboratory",
                "biology_lab 生物实验室 Biology laboratory",
                "computer 计算机教室 Computer room",
                "library 图书室 Library",
                "gym 体育馆 Gymnasium",
                "resource 随班就读资源教室 Resource room",
                "care 留守儿童关爱室 Care room",
                "counselling 心理辅导室 Counselling room",
                "maker 创客空间 Maker space",
                "party 党员活动室 Party room",
            )
        ),
        required(text("room_no", "教室编号", "room number", example="音乐1")),
        required(decimal("area", "使用面积", "area", "m2", example="96")),
        choice("stage", "学段", "stage", *STAGES_AND_SHARED),
        flag("equipped", "设备达标", "equipped to standard"),
        text("keeper", "负责人工号", "keeper's staff number", example="S000001"),
        required(day("valid_from", "启用日期", "in use from")),
        day("valid_to", "停用日期", "in use to", example=""),
    ),
)

IT_CONDITIONS = Ledger(
    key="it_conditions",
    label=Label("信息化条件台账", "IT conditions"),
    about=Label(
        "带宽、无线、设备与安全，每校每次统计一行",
        "Bandwidth, wireless, devices and security, one row per school and count",
    ),
    natural_key=("org", "counted_on"),
    dated=Counted(),
    row_unit="count",
    clauses=("T1", "M13"),
    columns=(
        org(),
        required(day("counted_on", "统计日期", "counted on")),
        required(decimal("bandwidth", "出口带宽", "bandwidth", "mbps", example="500")),
        required(integer("places", "应覆盖场所数", "places to cover", "place", example="40")),
        required(
            integer(
                "wireless_places", "已覆盖无线场所数", "places with wireless", "place", example="40"
            )
        ),
        integer(
            "online_minutes",
            "应在线分钟数",
            "minutes that should be online",
            "minute",
            example="43200",
        ),
        integer("down_minutes", "中断分钟数", "minutes down", "minute", example="30"),
        integer(
            "security_incidents", "网络安全事件数", "security incidents", "incident", example="0"
        ),
        flag("inner_network", "校园内网达标", "inner network to standard"),
        flag("security_filed", "已完成等级保护备案", "security filing done"),
        flag("digital_management", "教学与管理信息化", "teaching and management by IT"),
        integer("devices", "交互式教学设备台数", "interactive devices", "device", example="20"),
        integer("devices_used", "其中常态使用台数", "of it in routine use", "device", example="19"),
    ),
)

EQUIPMENT = Ledger(
    key="equipment",
    label=Label("设备器材台账", "Equipment"),
    about=Label("按类别登记应配数和实有数", "Required and actual numbers by kind"),
    natural_key=("org", "kind", "counted_on"),
    dated=Counted(),
    row_unit="count",
    clauses=("T1", "M1"),
    columns=(
        org(),
        required(
            choice(
                "kind",
                "设备类别",
                "kind",
                "music 音乐器材 Music",
                "pe 体育器材 PE",
                "art 美术器材 Fine art",
                "laboratory 实验器材 Laboratory",
                "computer 计算机 Computers",
                "security 安防设施 Security fittings",
                "living 生活服务设施 Living services",
                "indoor_set 室内设施设备 Indoor sets",
                "outdoor_set 户外设施设备 Outdoor sets",
                "toy_set 玩教具 Toys and teaching aids",
                "other 其他 Other",
            )
        ),
        required(day("counted_on", "统计日期", "counted on")),
        required(integer("needed", "应配数", "required", "item", example="100")),
        required(integer("present", "实有数", "present", "item", example="96")),
        money("value", "资产值", "value", example="50000"),
    ),
)

CLASSES = Ledger(
    key="classes",
    label=Label("班级台账", "Classes"),
    about=Label("一个班一个学年一行", "One row per class and school year"),
    natural_key=("org", "stage", "grade", "class_no", "valid_from"),
    dated=Valid(),
    row_unit="class",
    clauses=("T1", "M13"),
    columns=(
        org(),
        required(choice("stage", "学段", "stage", *STAGES)),
        required(
            integer(
                "grade",
                "年级",
                "grade",
                example="3",
                help=(
                    "小学 1—6，初中 7—9，学前小班 1、中班 2、大班 3",
                    "Primary 1-6, lower secondary 7-9, kindergarten 1-3",
                ),
            )
        ),
        required(integer("class_no", "班号", "class number", example="1")),
        text("head_teacher", "班主任工号", "class teacher's staff number", example="S000001"),
        required(flag("interactive", "已配交互式多媒体", "interactive device")),
        flag("mixed_age", "混龄班", "mixed-age class", example="否"),
        required(day("valid_from", "起始日期", "from")),
        day("valid_to", "终止日期", "to", example="2022-09-01"),
    ),
)

ASSURANCES = Ledger(
    key="assurances",
    label=Label("保障与质量事项台账", "Assurance items"),
    about=Label(
        "只能用佐证认定的事项，一项一次认定一行",
        "Items known by evidence only, one row per finding",
    ),
    natural_key=("org", "item", "found_on"),
    dated=Event("found_on"),
    row_unit="finding",
    owner="county",
    columns=(
        org(zh="机构代码", en="organisation code"),
        required(text("item", "事项编号", "item", example="G1")),
        required(day("found_on", "认定日期", "found on")),
        required(flag("met", "是否达到", "met")),
        decimal("amount", "数值（分子）", "amount (numerator)", example=""),
        decimal("base", "基数（分母）", "base (denominator)", example=""),
        text("evidence", "佐证编号", "evidence reference", example="E2021001"),
        text("approver", "认定人", "approved by", example="督导室"),
    ),
)

# The special cases that supervision allowed in 2024, and whatever else a document allows.
_RELIEFS = (
    "dense_city_sports 老城区学校计入改建或租用的体育场地 Rebuilt or leased sports space",
    "small_rural_teachers 乡村小规模学校加计交流和兼职教师 Shared teachers of a small rural school",
    "small_rural_room 乡村小规模学校专用教室面积放宽 Smaller rooms of a small rural school",
    "older_room 较早建成学校专用教室面积放宽 Smaller rooms of an older building",
    "larger_school 较早建成或随迁子女过半学校规模放宽 More pupils in one school",
    "other 其他有文件依据的 Other, by a document",
)
EXEMPTIONS = Ledger(
    key="exemptions",
    label=Label("豁免台账", "Exemptions"),
    about=Label(
        "有依据、有期限的标准豁免", "Reliefs from a standard, each with its basis and term"
    ),
    natural_key=("org", "item", "valid_from"),
    dated=Valid(),
    row_unit="exemption",
    owner="county",
    columns=(
        org(),
        required(text("item", "指标编号", "indicator", example="l5.primary")),
        required(choice("kind", "豁免种类", "kind of relief", *_RELIEFS)),
        required(text("basis", "依据文件", "basis", example="教督〔2021〕1号")),
        text("evidence", "佐证编号", "evidence reference", example="E2021002"),
        required(text("approver", "批准人", "approved by", example="督导室")),
        required(day("valid_from", "起始日期", "from")),
        required(day("valid_to", "终止日期", "to", example="2024-09-01")),
    ),
)

LEDGERS = (
    PREMISES,
    ROOMS,
    IT_CONDITIONS,
    EQUIPMENT,
    CLASSES,
    ASSURANCES,
    EXEMPTIONS,
)
