"""Text from a package turned into days, numbers and flags: one spelling each, nothing guessed."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from zhuji.kernel.messages import Label

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,10})?")
_YEARS = range(1900, 2101)
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_FLAGS = {"true": True, "false": False}


def _spelt(pattern: re.Pattern[str], code: str) -> Callable[[object], object]:
    """Pydantic alone reads 86400 as a day, 1_000 as a number and `on` as true."""

    def check(given: object) -> object:
        if isinstance(given, str) and not pattern.fullmatch(given):
            raise PydanticCustomError(code, "not spelt as expected")
        return given

    return check


def _day(given: object) -> object:
    if isinstance(given, str):
        try:
            day = date.fromisoformat(given)
        except ValueError as error:
            raise PydanticCustomError("plan_day", "no such day") from error
        if day.year not in _YEARS:
            raise PydanticCustomError("plan_day", "no year of a plan")
        return day
    return given


def _flag(given: object) -> object:
    if isinstance(given, str):
        if given not in _FLAGS:
            raise PydanticCustomError("plan_flag", "neither true nor false")
        return _FLAGS[given]
    return given


def _both_languages(label: Label) -> Label:
    if not label.zh.strip() or not label.en.strip():
        raise PydanticCustomError("plan_label", "a label has both languages")
    return label


Day = Annotated[date, BeforeValidator(_day), BeforeValidator(_spelt(_DAY, "plan_day"))]
Number = Annotated[Decimal, BeforeValidator(_spelt(_NUMBER, "plan_number"))]
Positive = Annotated[Number, Field(gt=0)]
Whole = Annotated[int, BeforeValidator(_spelt(_WHOLE, "plan_whole"))]
Count = Annotated[Whole, Field(ge=0)]
Times = Annotated[Whole, Field(ge=1)]
Share = Annotated[Number, Field(gt=0, le=1)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Name = Annotated[Label, AfterValidator(_both_languages)]
