"""The API as one object; its description is at /api/openapi.json."""

from ninja import NinjaAPI

import zhuji
from zhuji.api import jobs, ledgers, plan, problems
from zhuji.api.doors import Door

api = NinjaAPI(
    title="筑基 Zhuji",
    version=zhuji.__version__,
    description="Ledgers, lights and long work, within the scope of whoever is signed in.",
    docs_url=None,  # its page would fetch scripts from elsewhere
    auth=Door(),
)
problems.install(api)
api.add_router("/ledgers", ledgers.router)
api.add_router("/jobs", jobs.router)
api.add_router("/plan", plan.router)
