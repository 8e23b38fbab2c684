"""What one person keeps on their desk: filters under a name, forms and tables not handed in yet.

Neither is a fact: nothing here enters the trace, and nobody else sees it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction

from zhuji.kernel.codes import names_person
from zhuji.kernel.errors import BadInput, NotFound, Refused
from zhuji.kernel.messages import say
from zhuji.ledgers import registry, vault
from zhuji.orgs.ciphers import Place

DRAFT_DAYS = 30
MOST_VIEWS = 50
LONGEST_DRAFT = 200_000
_NAME, _FORM, _PERSON = 60, 200, 150
TABLE = "ledgers_draft"
Pairs = Sequence[tuple[str, str]]


class SavedView(models.Model):
    """Filters, order and columns of a list, as the address of the list says them."""

    username = models.CharField("用户名", max_length=_PERSON)
    ledger = models.CharField("台账", max_length=_FORM)
    name = models.CharField("名称", max_length=_NAME)
    query = models.JSONField("查询")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "常用查询"
        constraints = [
            models.UniqueConstraint(
                fields=["username", "ledger", "name"], name="one_saved_view_per_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.ledger} {self.name}"


class Draft(models.Model):
    """A form as it was left, encrypted: it may hold anything a form may hold."""

    username = models.CharField("用户名", max_length=_PERSON)
    form = models.CharField("表单", max_length=_FORM)
    content = models.TextField("内容")
    saved_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = "草稿"
        constraints = [
            models.UniqueConstraint(fields=["username", "form"], name="one_draft_per_form")
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.form}"


class Upload(models.Model):
    """What was handed in and what was mended in it since; `receipt`: what became of it."""

    username = models.CharField("用户名", max_length=_PERSON)
    ledger = models.CharField("台账", max_length=_NAME, default="")
    file_name = models.CharField("文件名", max_length=255, default="")
    content = models.TextField("内容")
    mended = models.TextField("改正", default="")
    saved_at = models.DateTimeField("时间", db_index=True)
    committed = models.BooleanField("已提交", default=False)
    receipt = models.BigIntegerField("回执编号", null=True)

    class Meta:
        verbose_name = "待导入"

    def __str__(self) -> str:
        return f"{self.pk} {self.ledger} {self.file_name}"


@dataclass(frozen=True)
class View:
    id: int
    name: str
    query: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Left:
    """A draft, opened."""

    content: Mapping[str, str]
    saved_at: datetime


@transaction.atomic
def save_view(username: str, ledger: str, name: str, query: Pairs, *, now: datetime) -> View:
    """Keep a list's filters under a name; the same name again replaces them."""
    key, named = registry.ledger(ledger).key, " ".join(name.split())
    if not named or len(named) > _NAME:
        raise BadInput(say("请给查询起一个 {most} 个字以内的名称。", most=_NAME))
    if any(names_person(value) for _, value in query) or names_person(named):
        raise BadInput(say("筛选条件会留存，里面不能有身份证号、学籍号或手机号；请用搜索框查找。"))
    mine = SavedView.objects.filter(username=username, ledger=key)
    if mine.exclude(name=named).count() >= MOST_VIEWS:
        raise Refused(say("一本台账最多存 {most} 个查询，请先删去一些。", most=MOST_VIEWS))
    kept, _ = SavedView.objects.update_or_create(
        username=username,
        ledger=key,
        name=named,
        defaults={"query": [list(pair) for pair in query], "saved_at": now},
    )
    return _view(kept)


def views(username: str, ledger: str) -> tuple[View, ...]:
    mine = SavedView.objects.filter(username=username, ledger=registry.ledger(ledger).key)
    return tuple(_view(one) for one in mine.order_by("name"))


def drop_view(username: str, view_id: int) -> None:
    if not SavedView.objects.filter(username=username, pk=view_id).delete()[0]:
        raise NotFound(say("没有这个查询。"))


def save_draft(username: str, form: str, content: Mapping[str, str], *, now: datetime) -> Left:
    """Keep a form as it stands; it is nobody else's and is gone after a month."""
    if not form or len(form) > _FORM:
        raise BadInput(say("草稿没有写明是哪张表单。"))
    text = json.dumps(dict(content), ensure_ascii=False)
    if len(text) > LONGEST_DRAFT:
        raise BadInput(say("草稿太大，超过 {most} 个字。", most=LONGEST_DRAFT))
    stored = vault.ring().encrypt(text, _place(username, form))
    Draft.objects.update_or_create(
        username=username, form=form, defaults={"content": stored, "saved_at": now}
    )
    return Left(dict(content), now)


def draft(username: str, form: str, *, now: datetime) -> Left | None:
    since = now - timedelta(days=DRAFT_DAYS)
    kept = Draft.objects.filter(username=username, form=form, saved_at__gt=since).first()
    if kept is None:
        return None
    content = json.loads(vault.ring().decrypt(kept.content, _place(username, form)))
    return Left(content, kept.saved_at)


def drop_draft(username: str, form: str) -> None:
    """After handing in, or on request; that there was none is no fault."""
    Draft.objects.filter(username=username, form=form).delete()


def forget(*, now: datetime) -> int:
    """Take away drafts past their month; how many."""
    return Draft.objects.filter(saved_at__lte=now - timedelta(days=DRAFT_DAYS)).delete()[0]


def _view(kept: SavedView) -> View:
    return View(kept.pk, kept.name, tuple((str(name), str(value)) for name, value in kept.query))


def _place(username: str, form: str) -> Place:
    return Place(TABLE, "content", bound_to(username, form))


def bound_to(username: str, form: str) -> str:
    """Whose and of which form a draft is, as it is bound into its encryption."""
    return json.dumps([username, form])
