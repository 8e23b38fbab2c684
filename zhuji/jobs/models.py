"""Long work that somebody asked for, and what became of it."""

import uuid

from django.db import models

from zhuji.orgs.models import CODE_LENGTH, NAME_LENGTH

FILE_NAME_LENGTH = 255


class State(models.TextChoices):
    HELD = "held", "待批准"
    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


QUEUED = (State.WAITING, State.RUNNING)
UNFINISHED = (State.HELD, *QUEUED)


class Job(models.Model):
    """Its queue entry is made in the same transaction; how far it is stands in a file.

    `attempts` is the fence: who runs attempt n may finish it only while n is the last.
    """

    kind = models.CharField("种类", max_length=CODE_LENGTH)
    title = models.JSONField("名称")
    asked_by = models.CharField("提交人", max_length=NAME_LENGTH)
    org = models.CharField("机构代码", max_length=CODE_LENGTH, default="")
    arguments = models.JSONField("参数")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("第几次", default=0)
    queued_as = models.UUIDField("队列编号", default=uuid.uuid4)
    asked_at = models.DateTimeField("提交时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    seen_at = models.DateTimeField("看过时间", null=True)
    done = models.PositiveIntegerField("已做", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    result_file = models.CharField("结果文件", max_length=FILE_NAME_LENGTH, default="")
    result_type = models.CharField("文件类型", max_length=100, default="")
    summary = models.JSONField("结果", default=dict)
    failure = models.JSONField("失败原因", null=True)

    class Meta:
        verbose_name = "后台工作"
        indexes = [
            models.Index(fields=["asked_by", "asked_at"], name="jobs_of_person"),
            models.Index(fields=["state"], name="jobs_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"


class Approval(models.Model):
    """What a second person decides on before the work is done: how many rows, and what for."""

    job = models.OneToOneField(Job, models.CASCADE, related_name="approval", verbose_name="工作")
    asked_by = models.CharField("提交人", max_length=NAME_LENGTH)
    why = models.CharField("用途", max_length=255)
    rows = models.PositiveIntegerField("行数")
    decided_by = models.CharField("批准人", max_length=NAME_LENGTH, default="")
    decided_at = models.DateTimeField("批准时间", null=True)
    granted = models.BooleanField("同意", default=False)
    note = models.CharField("意见", max_length=255, default="")

    class Meta:
        verbose_name = "批准"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by")), name="decided_by_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.granted}"
