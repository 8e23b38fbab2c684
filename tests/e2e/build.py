"""`python -m tests.e2e.build`: the county of the stories in the data directory of ZHUJI_HOME."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuji.project.settings")
    django.setup()
    from tests.e2e import county  # needs Django set up

    county.build()
