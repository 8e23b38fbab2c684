"""A person at a browser without script: sees a page, follows its links, fills in its forms."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.test import Client

from tests.orgs import cast
from zhuji.orgs import sessions
from zhuji.orgs.clock import database_now
from zhuji.orgs.models import Person
from zhuji.web import gate

VOID = {"input", "meta", "link", "br", "img", "hr", "use", "path"}


@dataclass
class Field:
    name: str
    value: str
    kind: str
    on: bool
    label: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Form:
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # words, name, value


class Reading(HTMLParser):
    """The links and forms of a page, by the words that a person reads on them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._stack: list[tuple[str, dict[str, str], list[str], int]] = []
        self.feed(html)

    @property
    def _form(self) -> Form | None:
        inside = any(tag == "form" for tag, *_ in self._stack)
        return self.forms[-1] if inside else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        form = self._form
        if tag == "input" and form is not None:
            kind = given.get("type", "text")
            on = kind not in ("checkbox", "radio") or "checked" in given
            form.fields.append(
                Field(
                    given.get("name", ""),
                    given.get("value", ""),
                    kind,
                    on,
                    given.get("aria-label", ""),
                )
            )
        if tag in ("select", "textarea") and form is not None:
            form.fields.append(
                Field(given.get("name", ""), "", tag, True, given.get("aria-label", ""))
            )
        if tag == "option" and form is not None:
            value = given.get("value", "")
            form.fields[-1].options.append((value, ""))
            if "selected" in given:
                form.fields[-1].value = value
        if tag not in VOID:
            before = len(form.fields) if form else 0
            self._stack.append((tag, given, [], before))

    def handle_data(self, data: str) -> None:
        for _tag, _given, words, _before in self._stack:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or tag not in [one for one, *_ in self._stack]:
            return
        found = ""
        while found != tag:
            found, given, words, before = self._stack.pop()
            if found == "a" and "href" in given:
                self.links.append((_line(words), given["href"]))
            elif self._form is not None:
                _close(self._form, found, given, words, before)


def _close(form: Form, tag: str, given: dict[str, str], words: list[str], before: int) -> None:
    """What was inside an element names its button, its field or its option."""
    match tag:
        case "button":
            form.buttons.append((_line(words), given.get("name", ""), given.get("value", "")))
        case "label" if len(form.fields) > before:
            form.fields[-1].label = form.fields[-1].label or _line(words)
        case "option":
            form.fields[-1].options[-1] = (form.fields[-1].options[-1][0], _line(words))
        case "textarea":
            form.fields[-1].value = "".join(words)


def _line(words: list[str]) -> str:
    return " ".join("".join(words).split())


class Browser:
    """Counts what B5 counts: links, buttons, ticks and choices; typing is free."""

    def __init__(self, username: str) -> None:
        person = Person.objects.get(username=username)
        self.client = Client()
        self.client.force_login(person)
        session = self.client.session
        session[gate.KEY] = sessions.begin(person, sessions.How.CHOSEN, now=database_now())
        session.save()
        self.clicks = 0
        self.at = "/"
        self.text = ""
        self.status = 0
        self.reading = Reading("")

    def go(self, address: str) -> "Browser":
        self._arrive(self.client.get(urljoin(self.at, address), follow=True))
        return self

    def click(self, words: str) -> "Browser":
        found = [href for text, href in self.reading.links if words in text]
        assert found, f"no link “{words}” on {self.at}: {[t for t, _ in self.reading.links]}"
        self.clicks += 1
        return self.go(found[0])

    def tick(self, words: str) -> "Browser":
        found = self._field(words, {"checkbox", "radio"})
        found.on = not found.on
        self.clicks += 1
        return self

    def choose(self, label: str, words: str) -> "Browser":
        found = self._field(label, {"select"})
        found.value = next(value for value, text in found.options if text == words)
        self.clicks += 1
        return self

    def type(self, name: str, text: str) -> "Browser":
        every = [one for form in self.reading.forms for one in form.fields if one.name == name]
        every[0].value = text
        return self

    def press(self, words: str) -> "Browser":
        for form in self.reading.forms:
            for text, name, value in form.buttons:
                if words in text:
                    self.clicks += 1
                    return self._send(form, name, value)
        raise AssertionError(f"no button “{words}” on {self.at}")

    def _send(self, form: Form, name: str, value: str) -> "Browser":
        data: dict[str, list[str]] = {}
        for one in form.fields:
            if one.on and one.name:
                data.setdefault(one.name, []).append(one.value)
        if name:
            data.setdefault(name, []).append(value)
        send = self.client.post if form.method == "post" else self.client.get
        self._arrive(send(urljoin(self.at, form.action or self.at), data, follow=True))
        return self

    def _field(self, words: str, kinds: set[str]) -> Field:
        every = [one for form in self.reading.forms for one in form.fields if one.kind in kinds]
        found = [one for one in every if words in one.label]
        assert found, f"no field “{words}” on {self.at}: {[one.label for one in every]}"
        return found[0]

    def _arrive(self, answer: object) -> None:
        request = answer.request  # type: ignore[attr-defined]
        self.at = request["PATH_INFO"] + (
            f"?{request['QUERY_STRING']}" if request.get("QUERY_STRING") else ""
        )
        self.status = answer.status_code  # type: ignore[attr-defined]
        self.content = answer.content  # type: ignore[attr-defined]
        kind = answer.headers.get("Content-Type", "")  # type: ignore[attr-defined]
        self.text = self.content.decode() if kind.startswith("text") else ""
        self.reading = Reading(self.text)


def stop_time() -> None:
    """In the invented county it is the cast's day, whatever the clock says."""
    marker = {"county": "测试县", "plan": "anqiu-2021", "until": cast.TODAY.isoformat()}
    path = Path(settings.ZHUJI_HOME) / "invented.json"
    path.write_text(json.dumps(marker), encoding="utf-8")
