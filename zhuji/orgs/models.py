"""People, the posts they hold, and the audit trail. Nobody has power beyond a post in force."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from zhuji.orgs.roles import ROLES

NAME_LENGTH = 150
CODE_LENGTH = 60
DIGEST_LENGTH = 64
LONGEST_MAINTENANCE = 30


class Person(AbstractBaseUser):
    """Someone who can sign in. There is no superuser: what a person may do, posts say."""

    username = models.CharField("用户名", max_length=NAME_LENGTH, unique=True)
    name = models.CharField("姓名", max_length=NAME_LENGTH)
    staff_no = models.CharField("教职工号", max_length=CODE_LENGTH, default="", blank=True)
    is_active = models.BooleanField("在用", default=True)
    # By somebody else: it must be changed before anything is done with it. None: it is one's own.
    password_given_at = models.DateTimeField("口令由别人设于", null=True, blank=True)
    # Made up with an invented county: has no password and comes in by choosing, nowhere else.
    invented = models.BooleanField("虚构", default=False)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_no"], condition=~Q(staff_no=""), name="one_person_per_staff_no"
            )
        ]

    def __str__(self) -> str:
        return self.username


class Appointment(models.Model):
    """A person holds a role at an org on the days valid_from <= day < valid_to."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name="人员"
    )
    role = models.CharField(
        "角色", max_length=CODE_LENGTH, choices=[(role.key, role.label.zh) for role in ROLES]
    )
    org = models.CharField("机构代码", max_length=CODE_LENGTH, db_index=True)
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("终止日期", null=True)
    deputy_for = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="deputies", verbose_name="代理"
    )
    reason = models.CharField("事由", max_length=255)

    class Meta:
        verbose_name = "任命"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="appointment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(deputy_for__isnull=True) | Q(valid_to__isnull=False),
                name="deputy_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}@{self.org}"


class Charge(models.Model):
    """A class that a teacher teaches beside those the class ledger names its head teacher for."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="charges", verbose_name="任命"
    )
    stage = models.CharField("学段", max_length=CODE_LENGTH)
    grade = models.IntegerField("年级")
    class_no = models.IntegerField("班号")
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("终止日期", null=True)

    class Meta:
        verbose_name = "任教班级"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "stage", "grade", "class_no", "valid_from"],
                name="one_charge_per_class",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="charge_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.stage} {self.grade}-{self.class_no}"


class MaintenanceSession(models.Model):
    """The only way for a system administrator to see rows: with a reason and an end."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, verbose_name="任命")
    reason = models.CharField("事由", max_length=255)
    started_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    minutes = models.PositiveSmallIntegerField("时长")

    class Meta:
        verbose_name = "维护时段"
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MAINTENANCE),
                name="maintenance_is_short",
            )
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.started_at:%Y-%m-%d %H:%M}"


class SignInRecord(models.Model):
    """Failures by the digest of a name, whether or not anybody bears it."""

    name_digest = models.CharField("用户名摘要", max_length=DIGEST_LENGTH, primary_key=True)
    failures = models.PositiveIntegerField("失败次数", default=0)
    failed_at = models.DateTimeField("最近失败时间", null=True)

    class Meta:
        verbose_name = "登录失败记录"

    def __str__(self) -> str:
        return self.name_digest[:8]


class SignedIn(models.Model):
    """One sign-in on one device. What the browser holds is kept as a digest."""

    key_digest = models.CharField("凭据摘要", max_length=DIGEST_LENGTH, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ins", verbose_name="人员")
    how = models.CharField("方式", max_length=CODE_LENGTH)
    device = models.CharField("设备", max_length=120, default="")
    address = models.CharField("地址", max_length=45, default="")
    started_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近活动时间")
    second_at = models.DateTimeField("第二因素通过时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "登录"
        indexes = [models.Index(fields=["person", "ended_at"], name="sign_ins_of_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.started_at:%Y-%m-%d %H:%M}"


class ChildLink(models.Model):
    """Lets a guardian see one child's record, once, for a while. `row`: the pupil's ledger row."""

    link_digest = models.CharField("链接摘要", max_length=DIGEST_LENGTH, unique=True)
    org = models.CharField("所属机构", max_length=CODE_LENGTH, db_index=True)
    row = models.BigIntegerField("学生台账行")
    purpose = models.CharField("用途", max_length=CODE_LENGTH)
    made_by = models.ForeignKey(Person, models.PROTECT, verbose_name="开具人")
    made_at = models.DateTimeField("开具时间")
    expires_at = models.DateTimeField("到期时间")
    used_at = models.DateTimeField("使用时间", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)
    visit_digest = models.CharField("查看凭据摘要", max_length=DIGEST_LENGTH, default="")
    visit_ends_at = models.DateTimeField("查看到期时间", null=True)

    class Meta:
        verbose_name = "家长链接"

    def __str__(self) -> str:
        return f"{self.pk} {self.org}"


class Correction(models.Model):
    """What a guardian says is wrong in the child's record; the words are encrypted."""

    link = models.ForeignKey(ChildLink, models.PROTECT, verbose_name="家长链接")
    org = models.CharField("所属机构", max_length=CODE_LENGTH, db_index=True)
    row = models.BigIntegerField("学生台账行")
    asked_at = models.DateTimeField("提出时间")
    wording = models.TextField("请求内容")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    answer = models.TextField("答复内容", default="")

    class Meta:
        verbose_name = "更正请求"

    def __str__(self) -> str:
        return f"{self.pk} {self.org}"


class Done(models.Model):
    """A write that was answered. `digest`: what was asked; `answer`: numbers and codes only."""

    actor = models.CharField("经办人", max_length=NAME_LENGTH)
    key = models.CharField("幂等键", max_length=100)
    verb = models.CharField("动作", max_length=CODE_LENGTH)
    digest = models.CharField("内容摘要", max_length=DIGEST_LENGTH)
    answer = models.JSONField("答复", null=True)
    at = models.DateTimeField("时间", db_index=True)

    class Meta:
        verbose_name = "已办写入"
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.at:%Y-%m-%d %H:%M}"


class Entry(models.Model):
    """Append-only, by triggers of the database. `old` and `new` are canonical JSON texts."""

    sequence = models.BigAutoField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    actor = models.CharField("经办人", max_length=NAME_LENGTH)
    verb = models.CharField("动作", max_length=CODE_LENGTH)
    kind = models.CharField("对象类别", max_length=CODE_LENGTH)
    key = models.CharField("对象", max_length=255)
    org = models.CharField("所属机构", max_length=CODE_LENGTH, default="")
    old = models.TextField("变动前", default="")
    new = models.TextField("变动后", default="")
    why = models.CharField("事由", max_length=255, default="")
    source = models.CharField("来源", max_length=100, default="")

    class Meta:
        db_table = "audit_entry"
        verbose_name = "留痕"
        indexes = [
            models.Index(fields=["kind", "key"], name="audit_of_subject"),
            models.Index(fields=["actor", "at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.actor} {self.verb} {self.key}"


class View(models.Model):
    """Who saw which minor, by what duty, where. Append-only as well."""

    sequence = models.BigAutoField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    viewer = models.CharField("查阅人", max_length=NAME_LENGTH)
    subject = models.CharField("对象化名", max_length=DIGEST_LENGTH)
    kind = models.CharField("台账", max_length=CODE_LENGTH)
    org = models.CharField("所属机构", max_length=CODE_LENGTH, default="")
    duty = models.CharField("职责", max_length=255)
    reason = models.CharField("事由", max_length=255, default="")
    route = models.CharField("途径", max_length=200)

    class Meta:
        db_table = "audit_view"
        verbose_name = "查阅记录"
        indexes = [
            models.Index(fields=["subject", "at"], name="views_of_subject"),
            models.Index(fields=["viewer", "at"], name="views_of_viewer"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.viewer} {self.kind}"


class Seal(models.Model):
    """A batch of records bound to the one before it. `leaves`: a line for each record."""

    number = models.BigIntegerField("编号", primary_key=True)
    at = models.DateTimeField("时间")
    previous = models.CharField("前一链头", max_length=DIGEST_LENGTH)
    head = models.CharField("链头", max_length=DIGEST_LENGTH)
    first = models.CharField("首条", max_length=CODE_LENGTH)
    last = models.CharField("末条", max_length=CODE_LENGTH)
    through = models.TextField("封到")
    leaves = models.TextField("各条摘要")

    class Meta:
        db_table = "audit_seal"
        verbose_name = "封存"

    def __str__(self) -> str:
        return f"{self.number} {self.head}"
