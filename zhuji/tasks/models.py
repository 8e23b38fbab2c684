"""Notices and who has read them. A notice goes to one post or one person, never to a list."""

from django.db import models
from django.db.models import Q

from zhuji.orgs.models import CODE_LENGTH, NAME_LENGTH, Person

LONGEST = 200
LONGEST_SAID = 1_000


class Notice(models.Model):
    """One sentence to whoever holds one of the roles at an org; `once` joins those sent at once.

    `ready` names a prepared sentence, `params` makes the text a template; otherwise it was typed.
    """

    class Kind(models.TextChoices):
        INSTRUCTION = "instruction", "批示"
        REMINDER = "reminder", "催办"
        TOLD = "told", "告知"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    about_kind = models.CharField("事由类别", max_length=20)
    about_key = models.CharField("事由", max_length=CODE_LENGTH)
    org = models.CharField("收件机构", max_length=CODE_LENGTH, db_index=True)
    roles = models.CharField("收件角色", max_length=255, default="")
    person = models.CharField("收件人", max_length=NAME_LENGTH, default="", db_index=True)
    text = models.CharField("内容", max_length=LONGEST)
    params = models.JSONField("参数", null=True)
    ready = models.CharField("备选句", max_length=CODE_LENGTH, default="")
    due = models.DateField("期限", null=True)
    sender = models.CharField("发件人", max_length=NAME_LENGTH, default="")
    sender_org = models.CharField("发件机构", max_length=CODE_LENGTH, default="")
    once = models.CharField("批次", max_length=CODE_LENGTH)
    sent_at = models.DateTimeField("发出时间")
    shown_from = models.DateTimeField("送达时间")
    day = models.DateField("送达日")

    class Meta:
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "once", "org", "person"], name="a_notice_is_sent_once"
            ),
            models.UniqueConstraint(
                fields=["about_kind", "about_key", "org", "day"],
                condition=Q(kind="reminder"),
                name="one_reminder_a_day",
            ),
        ]
        indexes = [models.Index(fields=["sender", "sent_at"], name="notices_of_sender")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_kind}:{self.about_key} {self.org or self.person}"


class Reading(models.Model):
    """That one person opened a notice, and when for the first time."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="readings", verbose_name="通知")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    read_at = models.DateTimeField("已读时间")

    class Meta:
        verbose_name = "已读"
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="read_once_by_each")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"


class Feedback(models.Model):
    """What somebody complains of or suggests, with the page they were on, and what was answered."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", "有问题"
        COMPLAINT = "complaint", "投诉"
        SUGGESTION = "suggestion", "建议"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    page = models.CharField("页面", max_length=200, default="")
    text = models.TextField("内容", max_length=LONGEST_SAID)
    sender = models.CharField("提出人", max_length=NAME_LENGTH, db_index=True)
    org = models.CharField("提出机构", max_length=CODE_LENGTH, default="", db_index=True)
    once = models.CharField("批次", max_length=CODE_LENGTH)
    sent_at = models.DateTimeField("提出时间")
    answer = models.TextField("答复", max_length=LONGEST_SAID, default="")
    answered_by = models.CharField("答复人", max_length=NAME_LENGTH, default="")
    answered_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        verbose_name = "投诉与建议"
        constraints = [
            models.UniqueConstraint(fields=["sender", "once"], name="feedback_is_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.sender}"
