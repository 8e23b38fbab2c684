"""Which kinds of long work there are, and which of it nobody need ask for: the one table that
every layer's own is put into."""

from zhuji.jobs.approvals import expire
from zhuji.jobs.auditing import REPORT, VERIFY
from zhuji.jobs.exporting import EXPORT
from zhuji.jobs.importing import IMPORT
from zhuji.jobs.upkeep import UPKEEP, ask_daily
from zhuji.programme.long_work import JUDGE, SNAPSHOT, ask_fresh

KINDS = {one.key: one for one in (EXPORT, IMPORT, VERIFY, REPORT, UPKEEP, SNAPSHOT, JUDGE)}
STANDING_ORDERS = (ask_daily, ask_fresh, expire)
