"""An export of many children's rows as its two people see it."""

import pytest
from django.test import Client

from tests.jobs.conftest import CLERK
from tests.jobs.test_approvals import HEAD, OTHER_HEAD, WHY, colleagues, fill
from tests.web.jobs.test_pages import county, signed_in
from zhuji.jobs import worker
from zhuji.jobs.exporting import ALONE

# Committed, as the worker has it: it drops any connection that it finds in a transaction.
pytestmark = pytest.mark.django_db(transaction=True)
LIST, EXPORT = "/ledgers/pupils/", "/ledgers/pupils/export/"
__all__ = ["colleagues", "county"]


@pytest.fixture
def clerk() -> Client:
    fill(ALONE + 1)
    return signed_in(CLERK)


def page(client: Client, address: str) -> str:
    return client.get(address, follow=True).content.decode()


def ask(clerk: Client, why: str = WHY) -> str:
    answer = clerk.post(EXPORT, {"query": "", "why": why, "once": "a" * 32})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_the_list_leads_to_a_page_that_says_who_can_agree(clerk: Client) -> None:
    assert f'href="{EXPORT}?query=' in page(clerk, LIST)
    said = page(clerk, EXPORT)
    assert "51 行涉及未成年人" in said
    assert "可以批准的同事：" in said
    assert "用途" in said


def test_a_short_list_is_exported_by_one_click_as_before() -> None:
    assert f'action="{EXPORT}"' in page(signed_in(CLERK), LIST)


def test_without_a_purpose_the_page_says_what_is_missing(clerk: Client) -> None:
    answer = clerk.post(EXPORT, {"query": "", "why": " ", "once": "a" * 32})
    assert answer.status_code == 422
    assert "请写明用途" in answer.content.decode()


def test_it_waits_is_agreed_to_from_the_list_of_tasks_and_comes_with_its_password(
    clerk: Client,
) -> None:
    job = ask(clerk)
    said = page(clerk, job)
    assert "等另一位同事批准" in said
    assert "取消这件工作" in said
    assert "hx-get" not in said.partition("<main")[2].partition("</main")[0]
    head = signed_in(HEAD)
    assert "批准或退回" in page(head, "/")
    requests = page(head, "/jobs/requests/")
    assert WHY in requests
    assert head.post(f"{job}decide/", {"do": "grant"}).status_code == 302
    assert "没有等您批准的导出" in page(head, "/jobs/requests/")
    worker.serve(until_empty=True)
    said = page(clerk, job)
    assert "打开文件的密码" in said
    assert page(head, job) != said, "the password is its owner's"
    answer = clerk.get(f"{job}result/")
    assert b"".join(answer).startswith(b"\xd0\xcf\x11\xe0")  # as Office encrypts


def test_a_refusal_needs_a_reason_and_the_asker_reads_it(clerk: Client) -> None:
    job, head = ask(clerk), signed_in(HEAD)
    answer = head.post(f"{job}decide/", {"do": "refuse", "why": ""})
    assert answer.status_code == 422
    assert "请写明不同意的原因" in answer.content.decode()
    head.post(f"{job}decide/", {"do": "refuse", "why": "范围太大"})
    assert "没有同意：范围太大" in page(clerk, job)


def test_for_everybody_else_there_is_nothing_to_decide(clerk: Client) -> None:
    job = ask(clerk)
    for client in (clerk, signed_in(OTHER_HEAD)):
        assert client.post(f"{job}decide/", {"do": "grant"}).status_code == 404
        assert WHY not in page(client, "/jobs/requests/")
