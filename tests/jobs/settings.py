"""The project's settings with kinds of work that tests can stop, break and count."""

from zhuji.project.settings import *  # noqa: F403

ZHUJI_JOB_KINDS = "tests.jobs.trials"
