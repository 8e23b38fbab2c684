"""What is stored: a table for each declared ledger, every import, and every change of a row.

Nothing is written here by hand for a single ledger, and no model has a `save()` of its own:
rows are written by `actions` alone.
"""

from typing import Any, ClassVar, Self

from django.db import models

from zhuji.ledgers.declare import Column, Ledger, Type
from zhuji.ledgers.desk import Draft as Draft
from zhuji.ledgers.desk import SavedView as SavedView
from zhuji.ledgers.desk import Upload as Upload
from zhuji.ledgers.fields import NumberField
from zhuji.ledgers.registry import LEDGERS
from zhuji.ledgers.vault import index_name, is_found, number_columns, sealed_columns
from zhuji.ledgers.vault import table_name as table_name

TEXT_LENGTH = 500
CODE_LENGTH = 60
INDEX_LENGTH = 64
# A sealed number; a mixed column is as wide as any text.
NUMBER_LENGTH = 60
# Fifteen digits are what Excel and SQLite keep exactly.
DIGITS = 15
_PLAIN: dict[Type, Any] = {Type.DATE: models.DateField, Type.BOOLEAN: models.BooleanField}
INDEXED = (Type.ORG, Type.STAFF)
SYSTEM_FIELDS = ("id", "import_id", "sheet_row", "changed_at", "version")


class Row(models.Model):
    """What every ledger row has beside its declared columns."""

    id = models.BigAutoField(primary_key=True)
    import_id = models.BigIntegerField("导入编号", null=True, db_index=True)
    sheet_row = models.IntegerField("工作表行号", null=True)
    changed_at = models.DateTimeField("更新时间")
    # Counts the changes of the row: what an editor has seen is told by it.
    version = models.BigIntegerField("版本", default=1, db_default=1)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True


class Import(models.Model):
    """One sheet taken in. The sheets of a file share a receipt: the number of its first import."""

    receipt = models.BigIntegerField("回执编号", null=True, db_index=True)
    ledger = models.CharField("台账", max_length=CODE_LENGTH)
    file_name = models.CharField("文件名", max_length=255)
    sheet = models.CharField("工作表", max_length=255)
    sha256 = models.CharField("文件摘要值", max_length=64)
    created = models.IntegerField("新增行数", default=0)
    updated = models.IntegerField("更新行数", default=0)
    unchanged = models.IntegerField("无变化行数", default=0)
    refused = models.IntegerField("退回行数", default=0)
    actor = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("导入时间")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.CharField("撤销人", max_length=150, default="")

    class Meta:
        verbose_name = "导入"

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name} {self.sheet}"


class Change(models.Model):
    """Append-only, by triggers of the database. An update keeps what changed, a deletion the row.

    A created row keeps nothing here: it stands in its table until the next change says what it was.
    Sensitive values are kept as keyed digests, numbers of pupils sealed. The changes of one action
    share a batch, whose digest stands in the audit trail.
    """

    class Kind(models.TextChoices):
        CREATED = "created", "新增"
        UPDATED = "updated", "更新"
        DELETED = "deleted", "删除"

    import_id = models.BigIntegerField("导入编号", null=True, db_index=True)
    ledger = models.CharField("台账", max_length=CODE_LENGTH)
    row_key = models.TextField("行标识")
    org = models.CharField("所属机构", max_length=CODE_LENGTH)
    former_org = models.CharField("原所属机构", max_length=CODE_LENGTH, default="")
    kind = models.CharField("变动", max_length=10, choices=Kind)
    before = models.JSONField("变动前", null=True)
    after = models.JSONField("变动后", null=True)
    actor = models.CharField("经办人", max_length=150)
    cause = models.CharField("事由", max_length=255)
    at = models.DateTimeField("变动时间", db_index=True)
    version = models.BigIntegerField("版本", default=0, db_default=0)
    batch = models.BigIntegerField("批次", default=0, db_default=0, db_index=True)

    class Meta:
        verbose_name = "变动"
        indexes = [models.Index(fields=["ledger", "row_key"], name="change_of_row")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row_key} {self.kind}"


class Former(models.Model):
    """A sensitive value that a change took away, under the digest by which the change names it."""

    digest = models.CharField("摘要", max_length=CODE_LENGTH, primary_key=True)
    stored = models.TextField("密文")
    kept_at = models.DateTimeField("保存时间", db_index=True)

    class Meta:
        verbose_name = "原敏感值"

    def __str__(self) -> str:
        return self.digest


class RingMark(models.Model):
    """Which keyring this database was encrypted with; another would write what nobody can find."""

    mark = models.CharField("密钥串标记", max_length=CODE_LENGTH)

    class Meta:
        verbose_name = "密钥串标记"

    def __str__(self) -> str:
        return self.mark


def build(ledger: Ledger) -> type[Row]:
    """The Django model of a ledger, with the same field names as its columns."""
    fields = {column.key: _field(ledger, column) for column in ledger.columns}
    indexes = {
        index_name(column): models.CharField(
            f"{column.label.zh}索引", max_length=INDEX_LENGTH, null=True, db_index=True
        )
        for column in ledger.columns
        if is_found(column)
    }
    meta = type(
        "Meta",
        (),
        {
            "db_table": table_name(ledger),
            "verbose_name": ledger.label.zh,
            "constraints": [
                models.UniqueConstraint(fields=ledger.natural_key, name=f"{ledger.key}_key")
            ],
        },
    )
    name = ledger.key.title().replace("_", "")
    return type(name, (Row,), {**fields, **indexes, "Meta": meta, "__module__": __name__})


def _field(ledger: Ledger, column: Column) -> "models.Field[Any, Any]":
    common: dict[str, Any] = {"verbose_name": column.label.zh, "null": not column.required}
    if column in sealed_columns(ledger.key):
        return models.TextField(**common)
    if column.key in number_columns(ledger.key):
        return _number(column, common)
    match column.type:
        case Type.INTEGER:
            return models.BigIntegerField(**common)
        case Type.DECIMAL | Type.MONEY:
            return models.DecimalField(max_digits=18, decimal_places=column.places, **common)
        case Type.DATE | Type.BOOLEAN:
            made: models.Field[Any, Any] = _PLAIN[column.type](**common)
            return made
        case _:
            return models.CharField(
                max_length=width(column), db_index=column.type in INDEXED, **common
            )


def _number(column: Column, common: dict[str, Any]) -> NumberField:
    mixed = column.type is not Type.PUPIL
    wide = TEXT_LENGTH if mixed else NUMBER_LENGTH
    return NumberField(max_length=wide, db_index=not mixed, mixed=mixed, **common)


def width(column: Column) -> int:
    """The longest text that a column takes."""
    is_free = column.type is Type.TEXT and not column.is_code
    return TEXT_LENGTH if is_free else CODE_LENGTH


MODELS: dict[str, type[Row]] = {ledger.key: build(ledger) for ledger in LEDGERS}


def rows_of(key: str) -> "models.Manager[Any]":
    """All rows of a ledger; the type checker cannot know their fields."""
    return MODELS[key].objects
