"""The plan as it stands: lights of an organisation on a day, one number explained."""

from datetime import date
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router

from zhuji.api.doors import Asked
from zhuji.api.problems import PROBLEMS
from zhuji.api.shapes import JudgementShape
from zhuji.cockpit import lights

router = Router(tags=["plan"])


@router.get("/judgement", response={200: JudgementShape, **PROBLEMS})
def judgement(request: HttpRequest, org: str | None = None, on: date | None = None) -> Any:
    """Every node of the plan with its light, as `zhuji judge --format json` gives it."""
    reader = cast(Asked, request).moment.reader
    return lights.judgement(reader, on=on, org=org).as_json()
