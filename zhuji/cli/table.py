"""The commands as a table: a word, who declares it, what it is for. A line imports nothing."""

from dataclasses import dataclass
from importlib import import_module

from zhuji.cli.parser import Parser
from zhuji.kernel.messages import Message, say


@dataclass(frozen=True)
class Command:
    """`home` names the module of this package, and the function in it that fills the parser."""

    name: str
    home: str
    about: Message

    def declare(self, parser: Parser) -> None:
        module, _, fill = self.home.partition(".")
        getattr(import_module(f"zhuji.cli.{module}"), fill)(parser)


COMMANDS = (
    Command("serve", "serving.serve", say("启动网站和它的后台进程")),
    Command("worker", "serving.work", say("只启动后台进程：导入、导出、快照、判定")),
    Command("found", "people.found", say("建立第一个人：安全管理员")),
    Command("plan", "packages.plan", say("方案包：检查")),
    Command("invent", "county.invent", say("生成一个虚构县，写成工作簿；同一种子，结果完全相同")),
    Command("demo", "county.demo", say("从头演示：虚构县、导入工作簿、建快照、判定")),
    Command("reference", "county.pages", say("由声明生成参考文档")),
    Command("template", "sheets.template", say("生成台账的空白模板")),
    Command("import", "sheets.take", say("导入工作簿或 CSV；有错误时默认一行也不写入")),
    Command("export", "sheets.give", say("导出台账，可原样再导入")),
    Command("undo", "sheets.undo", say("整批撤销一次导入")),
    Command("snapshot", "snapshots.snapshot", say("数据快照：建立、列出、核验")),
    Command("judge", "judging.judge", say("按方案判定：目标、措施、保障、指标、任务的灯")),
    Command("explain", "judging.explain_one", say("追查一个数字：公式、分子分母、来源行、条款")),
    Command(
        "backup", "keeping.backup", say("备份数据库、快照和文件：加密成一个文件，写完读回核对")
    ),
    Command(
        "restore",
        "keeping.bring_back",
        say("恢复到一个新的空数据目录；要么全部恢复，要么什么也不动"),
    ),
    Command(
        "drill", "keeping.try_out", say("演练：恢复到临时的新地方，与备份时逐项比较，记下结果")
    ),
    Command("audit", "auditing.audit", say("留痕：封存、导出、核验、公布链头、清理到期的")),
    Command("keys", "keys.declare", say("字段加密的密钥：新建、换用、删去")),
    Command(
        "upkeep", "upkeep.declare", say("夜间维护：清理到期的，封存留痕；后台进程每夜自动执行")
    ),
)
