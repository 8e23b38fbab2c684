"""Rounds of returns, what each org owes in one, and every time it was handed in.

No value is kept here: the answers are ledger rows, and a digest says which of them were signed.
"""

from django.db import models
from django.db.models import Q

from zhuji.orgs.models import CODE_LENGTH, DIGEST_LENGTH, NAME_LENGTH


class Round(models.Model):
    """One request. `columns`, `where` and `since` say which cells of which rows of the ledger."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        OPEN = "open", "填报中"
        CLOSED = "closed", "已结束"

    title = models.CharField("标题", max_length=100)
    item = models.CharField("条款", max_length=CODE_LENGTH, default="")
    ledger = models.CharField("台账", max_length=CODE_LENGTH)
    columns = models.JSONField("列", default=list)
    where = models.JSONField("筛选", default=dict)
    since = models.DateField("自何日起", null=True)
    on = models.DateField("以何日为准")
    scope = models.JSONField("范围", default=list)
    due = models.DateField("期限", null=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    owner = models.CharField("发起人", max_length=NAME_LENGTH)
    from_org = models.CharField("发起机构", max_length=CODE_LENGTH)
    once = models.CharField("批次", max_length=CODE_LENGTH)
    changed_at = models.DateTimeField("更新时间")
    opened_at = models.DateTimeField("发起时间", null=True)
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "填报任务"
        constraints = [
            models.UniqueConstraint(fields=["owner", "once"], name="one_round_for_a_form"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(due__isnull=False), name="an_open_round_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"


class Return(models.Model):
    """What one org owes in a round. `excused` names cells that do not apply; `nil`: no rows."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="returns", verbose_name="填报任务"
    )
    org = models.CharField("填报单位", max_length=CODE_LENGTH, db_index=True)
    asked = models.BooleanField("需要填报")
    begun_at = models.DateTimeField("开始时间", null=True)
    changed_at = models.DateTimeField("更新时间", null=True)
    excused = models.JSONField("不适用的格", default=list)
    nil = models.BooleanField("确无此项", default=False)
    prepared_by = models.CharField("填报人", max_length=NAME_LENGTH, default="")
    prepared_at = models.DateTimeField("送审时间", null=True)
    prepared_digest = models.CharField("送审摘要", max_length=DIGEST_LENGTH, default="")

    class Meta:
        verbose_name = "填报"
        constraints = [
            models.UniqueConstraint(fields=["round", "org"], name="one_return_of_each_org")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.org}"


class Submission(models.Model):
    """One handing in; its number is that of the receipt. Nothing here is ever changed."""

    made = models.ForeignKey(
        Return, models.PROTECT, related_name="submissions", verbose_name="填报"
    )
    prepared_by = models.CharField("填报人", max_length=NAME_LENGTH)
    submitted_by = models.CharField("上报人", max_length=NAME_LENGTH)
    at = models.DateTimeField("上报时间")
    digest = models.CharField("内容摘要", max_length=DIGEST_LENGTH)
    rows = models.IntegerField("行数")

    class Meta:
        verbose_name = "上报"
        constraints = [
            models.CheckConstraint(
                condition=~Q(prepared_by=models.F("submitted_by")), name="preparer_is_not_approver"
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_id} {self.at:%Y-%m-%d %H:%M}"
