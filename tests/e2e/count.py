"""`python -m tests.e2e.count`: how many statements each page asks, as JSON on the last line."""

import json
import os
import sys
from pathlib import Path

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuji.project.settings")
    django.setup()
    from django.conf import settings  # these need Django set up

    from tests.e2e import county, statements

    samples = json.loads((Path(settings.ZHUJI_HOME) / county.SAMPLES).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(statements.counted(samples)) + "\n")
