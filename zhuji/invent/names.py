"""Names of nobody: family and given names put together by chance, and places that are not there."""

from random import Random

from zhuji.invent.chance import one_of, yes

_FAMILY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_MALE = "伟强磊军洋勇涛明超斌浩宇轩博文昊然子睿泽晨铭辰逸航俊杰皓宸嘉瑞峰鹏凯鑫志远建国东海一诺"
_FEMALE = "芳娜敏静丽艳娟霞玲梅雪琳晶妍欣怡雨涵梓萱诗语思彤佳颖晓梦瑶可馨若曦语桐婷倩月清悦宁安然"
_RARE_FAMILY = ("欧阳", "司马", "上官", "诸葛")

STREETS = ("清河", "东苑", "北湖")
TOWNS = (
    *("凤山", "柳泉", "石桥", "双岭", "河湾", "桃林", "云溪", "南屏"),
    *("白沙", "青石", "万家", "大槐"),
)
VILLAGES = (
    *(
        "前进",
        "东风",
        "李家",
        "王家",
        "马庄",
        "柳沟",
        "泉头",
        "下坡",
        "西岭",
        "南关",
        "杏山",
        "沙河",
    ),
    *(
        "店子",
        "新村",
        "杨庄",
        "赵家",
        "北河",
        "石门",
        "红旗",
        "黄埠",
        "龙泉",
        "榆林",
        "山前",
        "孟家",
    ),
)
URBAN = (
    *("育才", "文华", "向阳", "明德", "实验第二", "新城", "东城", "西苑", "翰林", "朝阳", "滨河"),
    *("锦湖", "崇文", "学府", "青年", "和平", "启明", "兴华", "人民", "永安"),
)


def person(rng: Random, sex: str) -> str:
    family = one_of(rng, _RARE_FAMILY) if yes(rng, 0.003) else one_of(rng, _FAMILY)
    given = _MALE if sex == "male" else _FEMALE
    name = family + one_of(rng, given)
    return name + one_of(rng, given) if yes(rng, 0.82) else name


def turned(number: int, sex: str) -> str:
    """A name straight from a number, for the many whose own stream would cost too much."""
    given = _MALE if sex == "male" else _FEMALE
    family = _FAMILY[number % len(_FAMILY)]
    number //= len(_FAMILY)
    first = given[number % len(given)]
    number //= len(given)
    return family + first + (given[number % len(given)] if number % 6 else "")


def guardian(number: int, pupil: str) -> str:
    """Most guardians share the family name of the child."""
    sex = "male" if number % 5 < 3 else "female"
    name = turned(number // 5, sex)
    return pupil[0] + name[1:] if sex == "male" else name
