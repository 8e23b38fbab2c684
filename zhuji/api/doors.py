"""Who may call: whoever is signed in, with the second factor where their posts require it."""

from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Header
from ninja.security import SessionAuth

from zhuji.cockpit.moment import Moment
from zhuji.kernel.errors import NotAllowed, NotFound
from zhuji.kernel.messages import say
from zhuji.orgs import second_factor, sign_in
from zhuji.orgs.roles import Verb

# Every write bears one: the same again is answered, not applied twice.
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=64, min_length=8)]


class Asked(HttpRequest):
    """Only a type: the door sets the moment."""

    moment: Moment


class Door(SessionAuth):
    """The session of the pages; a write must carry their token against forged requests."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Moment | None:
        if not request.user.is_authenticated:
            return None
        moment = Moment(cast(Any, request.user), now=cast(Any, request).now)
        signed = cast(Any, request).signed_in
        asks = moment.reader.needs_second_factor or second_factor.enrolled(moment.person)
        if asks and signed.second_at is None:
            raise NotAllowed(say("请先在网页上完成二次验证。"))
        if sign_in.has_given_password(moment.person, signed.how):
            raise NotAllowed(say("请先在网页上换掉首次口令。"))
        if not moment.holds(Verb.READ):
            raise NotFound(say("没有这个地址，或者它不在您的可见范围内。"))
        cast(Any, request).moment = moment
        return moment
