"""One knock at one door: the address and body for a relation, and what class the answer is of."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.answers import whole
from tests.programme.yunxi import JUNE
from tests.security import rows
from tests.security import world as worlds
from tests.security.routes import Route
from tests.security.world import LEDGERS, NOWHERE, PLACES, SEATS, World
from zhuji.api.app import api
from zhuji.ledgers.models import rows_of
from zhuji.orgs import sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Appointment, Person
from zhuji.web import gate

# Where a masked value can be asked for, and a column that may be changed.
MASKED = {
    "pupils": "guardian_phone",
    "staff": "phone",
    "classes": "head_teacher",
    "special_pupils": "pupil_no",
}
CHANGED = {
    "pupils": ("hukou_rural", "是"),
    "staff": ("single_or_away", "是"),
    "classes": ("mixed_age", "是"),
    "special_pupils": ("helped", "否"),
}
COLUMN_OF_RETURN = "mixed_age"
SENSITIVE = ("basis", "id_number", "guardian_phone", "phone", "address")


class Unreviewed(Exception):
    """Nobody has said what is expected here."""


@dataclass(frozen=True)
class Knock:
    """`ledger`: which one stands in the address, where one does."""

    route: Route
    method: str
    actor: str
    relation: str
    ledger: str = ""

    def __str__(self) -> str:
        parts = (self.method, self.route.name, self.ledger, self.actor, self.relation)
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Sent:
    """What goes out: the address with its query, and the body of a form or of the API."""

    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def ledgers_of(route: Route) -> tuple[str, ...]:
    """Where the address names a ledger it is tried with one of each kind."""
    named = route.name.startswith(("ledger-", "api/ledgers/")) or route.name == "ledger"
    return LEDGERS if named else ("",)


# --- addresses ----------------------------------------------------------------------------------


def sent(world: World, knock: Knock) -> Sent:
    given = _params(world, knock)
    if knock.route.is_api:
        path = "/" + knock.route.name
        for name, value in given.items():
            path = path.replace("{int:" + name + "}", str(value)).replace(
                "{" + name + "}", str(value)
            )
        path = "/api/openapi.json" if path.startswith("/api/openapi") else path
    else:
        path = reverse(knock.route.name, kwargs=given)
    query = QUERIES.get(knock.route.name, _nothing)(world, knock)
    body = BODIES.get(knock.route.name, _nothing)(world, knock)
    headers = _headers(knock) if knock.route.is_api else {}
    return Sent(path + (f"?{urlencode(query, doseq=True)}" if query else ""), body, headers)


def _headers(knock: Knock) -> dict[str, str]:
    return {"Idempotency-Key": f"key-{knock.actor}-{knock.relation}", "If-Match": '"1"'}


def _params(world: World, knock: Knock) -> dict[str, Any]:
    return {name: _param(world, knock, name) for name in knock.route.params}


def _param(world: World, knock: Knock, name: str) -> Any:
    if name not in PARAMS:
        raise Unreviewed(f"nobody has said what {name} is in the address of {knock.route.name}")
    return PARAMS[name](world, knock)


def _key(world: World, knock: Knock) -> str:
    is_plan = knock.route.name.startswith("workshop")
    return knock.ledger or ("yunxi-2025" if is_plan else "y_books.primary")


def _username(world: World, knock: Knock) -> str:
    is_own = knock.relation == "own" and knock.actor in SEATS
    return knock.actor if is_own else world.owners[knock.relation]


PARAMS: Mapping[str, Callable[[World, Knock], Any]] = {
    "key": _key,
    "row": lambda world, knock: world.rows[knock.ledger][knock.relation],
    "change": lambda world, knock: world.removed[knock.ledger][knock.relation],
    "column": lambda _world, knock: MASKED[knock.ledger],
    "view": lambda world, knock: world.number("view", knock.actor, knock.relation),
    "number": lambda world, knock: world.number(
        _numbered(knock.route.name), knock.actor, knock.relation
    ),
    "org": lambda _world, knock: PLACES[knock.relation][0],
    "code": lambda _world, knock: PLACES[knock.relation][0],
    "username": _username,
    "node": lambda _world, _knock: "M1",
    "page": lambda _world, _knock: "tutorial/clerk",
    "token": lambda world, _knock: world.token,
}


def _numbered(route: str) -> str:
    """Of what the number in an address is one."""
    first = {
        "return-draft": "draft_round", "return-drop": "draft_round",
        "return-preview": "draft_round", "api/jobs/{int:number}": "job",
        "api/jobs/{int:number}/result": "job", "workshop-confirm": "proposal",
        "workshop-withdraw": "proposal",
    }  # fmt: skip
    return first.get(route, "round" if route.startswith("return-") else route.partition("-")[0])


# --- queries and bodies -------------------------------------------------------------------------

Made = Callable[[World, Knock], Mapping[str, Any]]


def _nothing(world: World, knock: Knock) -> Mapping[str, Any]:
    return {}


def _board(world: World, knock: Knock) -> Mapping[str, Any]:
    return {"org": PLACES[knock.relation][0], "on": JUNE.isoformat()}


def _row(world: World, knock: Knock) -> dict[str, Any]:
    name, value = CHANGED[knock.ledger]
    return {name: value, "base": 1, "why": "更正", "once": f"{knock.actor}-{knock.relation}-form"}


def _new(world: World, knock: Knock) -> dict[str, str]:
    """A whole new row at this place."""
    org, class_no = PLACES[knock.relation]
    number = 600 + worlds.RELATIONS.index(knock.relation)
    of_pupil = worlds.RELATIONS.index(knock.relation) + 1
    made = {
        "pupils": rows.pupil(org, number),
        "staff": rows.staff(org, number),
        "classes": rows.a_class(org, class_no + 70, ""),
        "special_pupils": {**rows.hardship(org, of_pupil), "category": "orphan"},
    }[knock.ledger]
    words = {True: "是", False: "否"}
    return {
        name: words[value] if isinstance(value, bool) else str(value)
        for name, value in made.items()
        if value != "" and name not in SENSITIVE
    }


def _api_rows(world: World, knock: Knock) -> Mapping[str, Any]:
    return {"values": _new(world, knock), "why": "登记"}


def _api_row(world: World, knock: Knock) -> Mapping[str, Any]:
    name, value = CHANGED[knock.ledger]
    return {"values": {name: value}, "why": "更正"}


def _import(world: World, knock: Knock) -> Mapping[str, Any]:
    return {"pasted": rows.pasted(PLACES[knock.relation][0], 700)}


def _instruct(world: World, knock: Knock) -> Mapping[str, Any]:
    return {
        "item": "M1", "org": PLACES[knock.relation][0], "ready": "reminder", "text": "请抓紧",
        "once": f"{knock.actor}-{knock.relation}",
    }  # fmt: skip


def _asked(world: World, knock: Knock) -> Mapping[str, Any]:
    due = database_now().date() + timedelta(days=5)
    return {
        "title": "班级", "ledger": "classes", "column": COLUMN_OF_RETURN,
        "org": PLACES[knock.relation][0], "due": due.isoformat(), "do": "keep",
        "once": f"asked-{knock.actor}-{knock.relation}",
    }  # fmt: skip


def _filled(world: World, knock: Knock) -> Mapping[str, Any]:
    return {"nil": "no"}


def _governed(world: World, knock: Knock) -> Mapping[str, Any]:
    return {"do": "unlock", "why": "本人申请"}


def _pupil(world: World, knock: Knock) -> Mapping[str, Any]:
    number = worlds.RELATIONS.index(knock.relation) + 1
    return {"pupil_no": rows.pupil_no(number), "why": "家长申请"}


def _searched(world: World, knock: Knock) -> Mapping[str, Any]:
    number = worlds.RELATIONS.index(knock.relation) + 1
    return {"q": f"学生{number}号"}


def _deputy(world: World, knock: Knock) -> Mapping[str, Any]:
    """For one's own post, and for that of another."""
    owner = knock.actor if knock.relation == "own" else world.owners[knock.relation]
    post = Appointment.objects.filter(person__username=owner).first()
    until = database_now().date() + timedelta(days=5)
    return {
        "appointment": post.pk if post else NOWHERE, "username": world.owners["same_school"],
        "until": until.isoformat(), "why": "请假",
    }  # fmt: skip


QUERIES: Mapping[str, Made] = {
    **dict.fromkeys(
        ("plan-board", "plan-node", "indicator", "indicator-explain", "balance", "cockpit", "home",
         "orgs", "org", "api/plan/judgement", "api/plan/indicators/{key}"), _board),
    "notice-compose": lambda _w, k: {"item": "M1", "org": PLACES[k.relation][0], "kind": "remind"},
    "search": _searched,
    "return-preview": lambda _w, k: {"org": PLACES[k.relation][0]},
    "return-new": lambda _w, _k: {"ledger": "classes"},
    "workshop-source": lambda _w, _k: {"file": "plan.yaml"},
}  # fmt: skip
BODIES: Mapping[str, Made] = {
    "ledger-edit": _row,
    "ledger-remove": _row,
    "ledger-new": _new,
    "ledger-draft": lambda w, k: {"row": str(w.rows[k.ledger][k.relation]), "name": "草稿"},
    "ledger-remove-many": lambda w, k: {"rows": f"{w.rows[k.ledger][k.relation]}:1"},
    "ledger-reveal": lambda _w, _k: {"reason": "联系家长"},
    "ledger-views": lambda _w, k: {"name": "新", "query": "sex=male"},
    "ledger-export": lambda _w, _k: {"query": "", "why": "核对"},
    "ledger-import": _import,
    "upload": lambda _w, _k: {"do": "commit"},
    "plan-judge": lambda _w, _k: {"on": JUNE.isoformat()},
    "notice-instruct": _instruct,
    "notice-remind": _instruct,
    "return-new": _asked,
    "return-keep": _asked,
    "return-draft": _asked,
    "return-fill": _filled,
    "return-check": lambda _w, _k: {"do": "prepare", "seen": ""},
    "round-remind": lambda _w, k: {"once": f"{k.actor}-{k.relation}"},
    "person": _governed,
    "child-links": _pupil,
    "revoke-child-link": lambda w, k: {"number": w.numbers["link"][k.relation]},
    "deputise": _deputy,
    "children": lambda _w, k: {"number": rows.pupil_no(worlds.RELATIONS.index(k.relation) + 1)},
    "feedback": lambda _w, k: {"kind": "problem", "text": "打不开", "once": k.actor},
    "feedback-one": lambda _w, _k: {"answer": "已经修好"},
    "trust-report": lambda _w, _k: {"year": "2025"},
    "search": _searched,
    "api/ledgers/{key}/rows": _api_rows,
    "api/ledgers/{key}/rows/{int:row}": _api_row,
    "api/jobs/exports": lambda _w, _k: {"ledger": "pupils", "query": ""},
    "set-language": lambda _w, _k: {"language": "en"},
}


# --- knocking -----------------------------------------------------------------------------------


def clients(world: World) -> dict[str, Client]:
    """Everybody at a browser of their own, signed in as far as they can be."""
    made = {}
    for actor in worlds.ACTORS:
        client = Client(raise_request_exception=True)
        person = Person.objects.filter(username=actor).first()
        if actor == "guardian":
            session = client.session
            session[gate.VISIT] = world.owners["visit"]
            session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
        elif person is not None:
            client.force_login(person)
            if actor == "no_second":
                _first_factor_only(client, person)
        made[actor] = client
    Person.objects.filter(username="suspended").update(is_active=False)
    return made


def _first_factor_only(client: Client, person: Person) -> None:
    session = client.session
    key = sessions.begin(person, sessions.How.PASSWORD, now=database_now())
    session[gate.KEY] = key
    session.save()


@contextmanager
def bodiless() -> Iterator[None]:
    """Pages are not rendered: what they are made of was fetched, how they look is not asked."""

    def named(template: Any, context: Any = None, request: Any = None, using: Any = None) -> str:
        return template if isinstance(template, str) else template[0]

    with (
        patch("django.shortcuts.loader.render_to_string", named),
        patch.object(api, "get_openapi_schema", lambda **_path: {}),
    ):
        yield


def _look_away() -> None:
    pass


def answer(
    client: Client, what: Sent, method: str, before_rollback: Callable[[], None] = _look_away
) -> Any:
    """Asked in a transaction of its own, which is taken back."""
    more: dict[str, Any] = {"headers": dict(what.headers)} if what.headers else {}
    if method not in ("GET", "HEAD") and what.path.startswith("/api/"):
        more |= {"data": json.dumps(dict(what.body)), "content_type": "application/json"}
    elif method == "POST":
        more["data"] = dict(what.body)
    cookies = client.cookies.output()
    with transaction.atomic():
        found = getattr(client, method.lower())(what.path, **more)
        before_rollback()
        if found.streaming:
            whole(found)
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:  # signed out, another language, a new session
        client.cookies = SimpleCookie()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return found


def outcome(found: Any) -> str:
    """The class of an answer, as the matrix names it."""
    status = int(found.status_code)
    where = str(found.headers.get("Location", ""))
    if status in (301, 302, 303):
        return _sent_to(where)
    return "ok" if status < 300 else str(status)


def _sent_to(where: str) -> str:
    for word, start in (
        ("sign_in", "/sign-in/?next="), ("second", "/account/factors/?next="),
        ("second", "/sign-in/second/?next="), ("over", "/child/over/"),
    ):  # fmt: skip
        if where.startswith(start):
            return word
    return "moved"


def staff_of(world: World) -> str:
    return str(rows_of("staff").get(pk=world.rows["staff"]["own"]).staff_no)
