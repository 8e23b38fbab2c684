"""What docs/security/rules.md promises in numbers is what the program does."""

from pathlib import Path
from typing import cast

import pytest
from django.conf import settings

from zhuji.ledgers.safety import LIMITS
from zhuji.orgs import sessions, sign_in, throttle
from zhuji.orgs.hashers import Argon2

RULES = (Path(__file__).resolve().parents[2] / "docs" / "security" / "rules.md").read_text("utf-8")
MIB = 2**20


@pytest.mark.parametrize(
    "said",
    [
        f"闲置 {sessions.IDLE.seconds // 60} 分钟结束",
        f"最长 {sessions.LONGEST.seconds // 3600} 小时",
        f"首次口令 {sign_in.GIVEN_LASTS.days} 天内有效",
        f"每个最多 {LIMITS.file_bytes // MIB} MiB",
        f"展开后最多 {LIMITS.inflated_bytes // MIB} MiB、{LIMITS.entries} 个条目",
        f"放大 {LIMITS.ratio} 倍；最多 {LIMITS.rows} 行",
        f"{LIMITS.seconds} 秒和 {LIMITS.memory_bytes // MIB} MiB",
        f"连错 {throttle.DELAY_FROM} 次起要等，{throttle.LOCK_FROM} 次锁"
        f" {throttle.LOCK.seconds // 60} 分钟",
        f"{Argon2.memory_cost // 1024} MiB、{Argon2.time_cost} 遍、{Argon2.parallelism} 路",
    ],
)
def test_a_number_in_the_rules_is_the_programs_own(said: str) -> None:
    assert said in RULES


def test_the_log_goes_where_the_rules_say_and_nowhere_else() -> None:
    handlers = cast(dict[str, dict[str, str]], settings.LOGGING["handlers"])
    assert [Path(one["filename"]).name for one in handlers.values()] == ["zhuji.log"]
    assert "`zhuji.log`，在数据目录" in RULES
