"""A small invented county that rows may refer to."""

from datetime import date

import pytest

from tests.ledgers.county import NAMES, PUPILS, SCHOOL, SINCE, STAFF, TOWN, put


@pytest.fixture
def county(db: None) -> None:
    put(
        "orgs",
        *(
            {"org": org, "name": name, "kind": "school", "valid_from": SINCE}
            for org, name in NAMES.items()
        ),
    )
    put(
        "staff",
        *(
            {
                "org": SCHOOL,
                "staff_no": no,
                "name": "张三",
                "employment": "established",
                "hired_on": SINCE,
            }
            for no in STAFF
        ),
    )
    put(
        "pupils",
        *(
            {
                "org": SCHOOL,
                "pupil_no": no,
                "name": "李小明",
                "sex": "male",
                "born_on": date(2013, 1, 1),
                "hukou_town": TOWN,
            }
            for no in PUPILS
        ),
    )
