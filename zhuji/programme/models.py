"""What has been judged, kept to be read at once. A cache and nothing more: every row follows from
a snapshot, a package and a day, and may be deleted and made again.

And, no cache at all: which version of a plan was put in force, from which day, by whom.
"""

from django.db import models
from django.db.models import F, Q

CODE_LENGTH = 60
DIGEST_LENGTH = 64
SHAPE = 1  # of what is packed; raise it with every change that older rows cannot be read by


def current_shape() -> int:
    """As a function: a new shape changes no table."""
    return SHAPE


class Judging(models.Model):
    """One plan judged over one snapshot for one day, for every organisation at once.

    Swept, it keeps its lights only (`whole` is false): what changed since is told against them.
    `shape` is that of what is packed: a release that packs it otherwise judges anew.
    """

    plan = models.CharField("方案", max_length=CODE_LENGTH)
    version = models.CharField("版本", max_length=CODE_LENGTH)
    digest = models.CharField("方案包摘要", max_length=DIGEST_LENGTH)
    snapshot = models.CharField("快照", max_length=DIGEST_LENGTH)
    on = models.DateField("判定日期")
    made_at = models.DateTimeField("判定时间")
    invented = models.BooleanField("虚构", default=False)
    facts_until = models.DateField("事实截止")
    county = models.CharField("县级机构", max_length=CODE_LENGTH)
    frozen = models.BooleanField("已被通报引用", default=False)
    whole = models.BooleanField("完整", default=True)
    shape = models.PositiveSmallIntegerField("存法", default=current_shape)
    outline = models.BinaryField("目录")
    lights = models.BinaryField("灯")

    class Meta:
        verbose_name = "判定"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "digest", "snapshot", "on", "shape"], name="one_judging_of_a_day"
            )
        ]
        indexes = [models.Index(fields=["plan", "-on", "-made_at"], name="judging_newest_first")]

    def __str__(self) -> str:
        return f"{self.plan} {self.on} {self.snapshot}"


class JudgedOrg(models.Model):
    """Every item of one organisation; `lacks` says what is missing, and is read when asked for."""

    judging = models.ForeignKey(Judging, models.CASCADE, related_name="orgs", verbose_name="判定")
    org = models.CharField("机构代码", max_length=CODE_LENGTH)
    items = models.BinaryField("各项")
    lacks = models.BinaryField("欠缺")

    class Meta:
        verbose_name = "机构判定"
        constraints = [
            models.UniqueConstraint(fields=["judging", "org"], name="one_judgement_of_an_org")
        ]

    def __str__(self) -> str:
        return f"{self.judging} {self.org}"


class JudgedItem(models.Model):
    """One indicator, duty or milestone over all organisations: `head` what is said of it and of
    the county, `body` what is said of everybody."""

    judging = models.ForeignKey(Judging, models.CASCADE, related_name="items", verbose_name="判定")
    item = models.CharField("编号", max_length=100)
    head = models.BinaryField("概要")
    body = models.BinaryField("明细")

    class Meta:
        verbose_name = "事项判定"
        constraints = [
            models.UniqueConstraint(fields=["judging", "item"], name="one_judgement_of_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.judging} {self.item}"


class Enactment(models.Model):
    """A version of a plan put in force from a day on: proposed by one, confirmed by another.

    `digest` is of the package's files: another content was never approved.
    """

    plan = models.CharField("方案", max_length=CODE_LENGTH)
    version = models.CharField("版本", max_length=CODE_LENGTH)
    package = models.CharField("方案包", max_length=2 * CODE_LENGTH)
    digest = models.CharField("方案包摘要", max_length=DIGEST_LENGTH)
    since = models.DateField("施行日")
    why = models.CharField("理由", max_length=255)
    proposed_by = models.CharField("提出人", max_length=150)
    proposed_at = models.DateTimeField("提出时间")
    confirmed_by = models.CharField("确认人", max_length=150, blank=True, default="")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    withdrawn_by = models.CharField("撤回人", max_length=150, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    class Meta:
        verbose_name = "版本施行"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "since"],
                condition=Q(confirmed_at__isnull=False),
                name="one_version_from_a_day",
            ),
            models.UniqueConstraint(
                fields=["plan", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_version_is_put_in_force_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("proposed_by")),
                name="two_persons_put_in_force",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="confirmed_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.version} {self.since}"
