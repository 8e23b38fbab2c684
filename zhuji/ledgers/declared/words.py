"""Choices that more than one ledger offers."""

STAGES = ("kindergarten 学前 Kindergarten", "primary 小学 Primary", "junior 初中 Lower secondary")
STAGES_AND_SHARED = (*STAGES, "shared 各学段共用 Shared by stages")
PLACE_LEVELS = (
    "school 本校 School",
    "town 镇域 Town",
    "county 县域 County",
    "city 市域 City",
    "province 省域 Province",
    "nation 全国 Nation",
)
HONOUR_LEVELS = (
    "county 县级 County",
    "city 市级 City",
    "province 省级 Province",
    "nation 国家级 Nation",
)
SUBJECTS = (
    "chinese 语文 Chinese",
    "maths 数学 Mathematics",
    "english 英语 English",
    "morality 道德与法治 Morality and law",
    "science 科学 Science",
    "physics 物理 Physics",
    "chemistry 化学 Chemistry",
    "biology 生物 Biology",
    "history 历史 History",
    "geography 地理 Geography",
    "pe 体育与健康 PE",
    "music 音乐 Music",
    "art 美术 Fine art",
    "it 信息技术 IT",
    "labour 劳动 Labour",
    "practice 综合实践 Practice",
    "psychology 心理健康 Mental health",
    "local 地方与校本 Local courses",
    "preschool 学前教育 Preschool",
    "special 特殊教育 Special education",
)
DEGREES = (
    "doctor 博士研究生 Doctor",
    "master 硕士研究生 Master",
    "bachelor 本科 Bachelor",
    "college 专科 Junior college",
    "secondary 高中阶段 Upper secondary",
    "below 高中阶段以下 Below upper secondary",
)
FUND_SOURCES = (
    "central 中央 Central",
    "province 省级 Province",
    "city 市级 City",
    "county 县级 County",
    "town 镇级 Town",
    "school 学校自筹 School",
    "social 社会捐助 Donation",
)
SPECIAL_CATEGORIES = (
    "disabled 残疾 Disabled",
    "poor 特困 In great hardship",
    "orphan 孤儿 Orphan",
    "unsupported 事实无人抚养 Without actual support",
    "single_parent 单亲 Single-parent",
    "left_behind 留守 Left-behind",
    "migrant 随迁 Migrant",
    "learning_difficulty 学习困难 Learning difficulty",
    "low_income 低保 Minimum living allowance",
    "monitored 防返贫监测 Poverty monitoring",
)
