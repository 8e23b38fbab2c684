"""Pages of help as the search box finds them: by their titles and their headings."""

from zhuji.cockpit.search import Candidate, Group
from zhuji.web.help import docs


def candidates() -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            Group.HELP, one.id, one.title, (docs.SECTIONS[one.section],), (one.title, *one.headings)
        )
        for one in docs.every().values()
    )
