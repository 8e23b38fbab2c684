"""Works, money and deliveries."""

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
    text,
)
from zhuji.ledgers.declared.words import FUND_SOURCES

WORKS = Ledger(
    key="works",
    label=Label("工程项目台账", "Works"),
    about=Label(
        "一个项目一行；节点另有台账", "One row per project; milestones have a ledger of their own"
    ),
    natural_key=("work_no",),
    dated=Valid("started_on", "closed_on"),
    row_unit="work",
    owner="town",
    clauses=("M1", "M2"),
    columns=(
        org(),
        required(text("work_no", "项目编号", "work number", example="GC-DSZX-01")),
        required(text("name", "项目名称", "name", example="大盛中学运动场塑胶化")),
        required(
            choice(
                "category",
                "类别",
                "category",
                "ground 运动场地 Sports ground",
                "road 道路 Road",
                "dormitory 宿舍公寓 Dormitory",
                "housing 周转宿舍 Transit housing",
                "library 图书 Library",
                "equipment 仪器设备 Equipment",
                "wiring 用电线路 Wiring",
                "security 安防 Security",
                "gym 体育馆 Gymnasium",
                "kindergarten 幼儿园改建 Kindergarten rebuilding",
                "other 其他 Other",
            )
        ),
        text(
            "plan_item",
            "方案条目编号",
            "plan item",
            example="m1_dszx_ground",
            help=("方案包中对应的节点编号", "the milestone of the plan package that it serves"),
        ),
        money("planned_cost", "概算", "planned cost", example="1800000"),
        money("contract_sum", "合同金额", "contract sum", example="1750000"),
        text("contractor", "施工单位", "contractor", example="安丘某建筑公司"),
        required(day("started_on", "立项日期", "approved on")),
        day("planned_end", "计划完工日期", "planned end", example="2023-08-31"),
        day("finished_on", "实际完工日期", "finished on", example=""),
        day("accepted_on", "验收日期", "accepted on", example=""),
        day("closed_on", "归档日期", "closed on", example=""),
        text("evidence", "佐证编号", "evidence reference", example="E2021060"),
    ),
)

WORK_STEPS = Ledger(
    key="work_steps",
    label=Label("工程节点台账", "Milestones of works"),
    about=Label("招标、开工、完工、验收等节点", "Tender, start, finish, acceptance"),
    natural_key=("work_no", "step"),
    dated=Event("planned_on"),
    row_unit="step",
    owner="town",
    clauses=("M1",),
    columns=(
        org(),
        required(text("work_no", "项目编号", "work number", example="GC-DSZX-01", refers="works")),
        required(
            choice(
                "step",
                "节点",
                "step",
                "approval 立项 Approval",
                "tender 招标 Tender",
                "contract 签约 Contract",
                "start 开工 Start",
                "half 过半 Half-way",
                "finish 完工 Finish",
                "acceptance 验收 Acceptance",
                "audit 决算 Final account",
            )
        ),
        required(day("planned_on", "计划日期", "planned on")),
        day("done_on", "完成日期", "done on", example=""),
        text("evidence", "照片编号", "photo reference", example="E2021061"),
    ),
)

FUNDS = Ledger(
    key="funds",
    label=Label("资金安排台账", "Money lines"),
    about=Label(
        "一笔预算一行，注明来源和专项用途", "One row per budget line with its source and earmark"
    ),
    natural_key=("line_no",),
    dated=Event("budgeted_on"),
    row_unit="line",
    owner="county",
    clauses=("M2", "M3", "M21"),
    columns=(
        org(zh="用款单位代码", en="spender"),
        required(text("line_no", "资金编号", "line number", example="ZJ2021001")),
        required(
            text(
                "plan_line",
                "方案资金条目",
                "plan line",
                example="m2_dasheng_rebuild",
                help=(
                    "方案包中对应的资金条目；公用经费填 operating",
                    "the money line of the plan package; operating for running costs",
                ),
            )
        ),
        required(choice("source", "来源", "source", *FUND_SOURCES)),
        required(
            choice(
                "earmark",
                "专项用途",
                "earmark",
                "building 校舍建设 Building",
                "equipment 设备购置 Equipment",
                "training 教师培训 Training",
                "operating 公用经费 Running costs",
                "reward 以奖代补 Award",
                "aid 学生资助 Pupil aid",
                "pay 绩效工资 Performance pay",
                "other 其他 Other",
            )
        ),
        required(day("budgeted_on", "预算日期", "budgeted on")),
        required(money("budget", "预算金额", "budget", example="5870000")),
        flag("pilot", "试点镇倾斜", "leaning to the pilots"),
    ),
)

FUND_MOVES = Ledger(
    key="fund_moves",
    label=Label("资金拨付支出台账", "Allotments and payments"),
    about=Label("下达、拨付、支出，一笔一行", "Allotted, paid over, spent: one row each"),
    natural_key=("move_no",),
    dated=Event("moved_on"),
    row_unit="move",
    owner="county",
    clauses=("M3", "M21"),
    columns=(
        org(zh="用款单位代码", en="spender"),
        required(text("move_no", "流水号", "move number", example="BF2021001")),
        required(text("line_no", "资金编号", "line number", example="ZJ2021001", refers="funds")),
        required(
            choice(
                "kind",
                "类别",
                "kind",
                "allotted 下达 Allotted",
                "paid 拨付到位 Paid over",
                "spent 支出 Spent",
            )
        ),
        required(day("moved_on", "日期", "on")),
        required(money("amount", "金额", "amount", example="2000000")),
        required(
            choice(
                "purpose",
                "实际用途",
                "purpose",
                "building 校舍建设 Building",
                "equipment 设备购置 Equipment",
                "training 教师培训 Training",
                "operating 公用经费 Running costs",
                "reward 以奖代补 Award",
                "aid 学生资助 Pupil aid",
                "pay 绩效工资 Performance pay",
                "other 其他 Other",
            )
        ),
        integer(
            "days_taken", "自下达至到位天数", "days from allotment to payment", "day", example="12"
        ),
        text("voucher", "凭证号", "voucher", example="记-0312"),
    ),
)

DELIVERIES = Ledger(
    key="deliveries",
    label=Label("设备到货台账", "Deliveries"),
    about=Label("按方案条目登记到货数量", "Delivered quantities by plan item"),
    natural_key=("delivery_no",),
    dated=Event("delivered_on"),
    row_unit="delivery",
    owner="town",
    clauses=("M1", "M2"),
    columns=(
        org(),
        required(text("delivery_no", "到货编号", "delivery number", example="DH2022001")),
        required(text("plan_line", "方案资金条目", "plan line", example="m2_dasheng_equipment")),
        required(
            choice(
                "kind",
                "品类",
                "kind",
                "indoor_set 室内设施设备 Indoor sets",
                "outdoor_set 户外设施设备 Outdoor sets",
                "toy_set 玩教具 Toy sets",
                "book 图书 Books",
                "instrument 教学仪器 Instruments",
                "computer 计算机 Computers",
                "other 其他 Other",
            )
        ),
        required(integer("quantity", "数量", "quantity", "item", example="30")),
        money("cost", "金额", "cost", example="240000"),
        required(day("delivered_on", "到货日期", "delivered on")),
        day("accepted_on", "验收日期", "accepted on", example=""),
    ),
)

LEDGERS = (WORKS, WORK_STEPS, FUNDS, FUND_MOVES, DELIVERIES)
