"""A short human note instead of silence: what is being done, who does it, when the next news comes (R-D4).

Every sentence is read from what people have written down; nothing is said that we do not know. Pure but for the
language.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from otklik.web import dates
from otklik.web.language import in_company_language


@dataclass(frozen=True, slots=True)
class Known:
    """doing: an agent's own words for the client; asked_at: others were asked for help and haven't answered.

    pledge: an open promise with its time, which lies ahead; owner: '' while nobody has the request.
    heard: the client has written since our last letter; missed: by then we promised to write, and did not.
    """

    number: int
    subject: str
    owner: str
    team: str
    first: bool  # no person of ours has written yet
    doing: str = ""
    asked_at: datetime | None = None
    pledge: tuple[str, datetime] | None = None
    heard: bool = False
    missed: datetime | None = None


@in_company_language()
def notes(known: Known, due_at: datetime, *, now: datetime, tz: tzinfo) -> list[str]:
    """The note in several wordings, the one that tells most first, for the owner to choose from (the coach looks)."""
    after = _("Следующую новость напишем %s.") % dates.by(due_at, now, tz)
    late = ""
    if known.missed:
        late = _("Обещали написать %s и не успели, простите.") % dates.by(known.missed, now, tz)
    return [
        f"{_opening(known)}\n\n{' '.join(filter(None, (late, matter, after)))}"
        for matter in _matters(known, now, tz)
    ]


@in_company_language()
def by_itself(known: Known, due_at: datetime, *, now: datetime, tz: tzinfo, link: str, company: str) -> str:
    """The letter that nobody writes: it says so, and that nothing new is known."""
    facts = {"number": known.number, "subject": known.subject}
    nothing = (
        _("Это автоматическое письмо: нового по вашему запросу № %(number)s «%(subject)s» пока нет.") % facts
    )
    after = _("Следующую новость напишем %s.") % dates.by(due_at, now, tz)
    place = _("Что происходит с запросом, видно на его странице:\n%s") % link
    more = _("Хотите что-то добавить? Ответьте на это письмо.")
    parts = [_("Здравствуйте!"), f"{nothing} {_who(known)} {after}", place, more, company]
    return "\n\n".join(filter(None, parts))


def _opening(known: Known) -> str:
    if known.first:
        return _("Здравствуйте! Спасибо, что написали.")
    return _("Здравствуйте! Мы получили ваше сообщение.") if known.heard else _("Здравствуйте!")


def _matters(known: Known, now: datetime, tz: tzinfo) -> Iterator[str]:
    if known.doing:
        yield f"{_('Решение пока не готово.')} {_sentence(known.doing)}"
    if known.asked_at:
        told = _("Решение пока не готово: ждём ответа тех, от кого оно зависит. Спросили их %s.")
        yield told % dates.when(known.asked_at, now, tz)
    if known.pledge:
        action, due_at = known.pledge
        said = action.strip().rstrip(".!…").replace("«", "„").replace("»", "“")
        told = _("Решение пока не готово. Обещание «%(action)s» помним, его срок — %(by)s.")
        yield told % {"action": said, "by": dates.by(due_at, now, tz)}
    yield f"{_('Решение пока не готово.')} {_who(known)}"


def _who(known: Known) -> str:
    if known.owner:
        return _("Запрос ведёт %s.") % known.owner
    return _("Запрос у команды «%s».") % known.team


def _sentence(words: str) -> str:
    said = " ".join(words.split())
    said = said[0].upper() + said[1:]
    return said if said[-1] in ".!?…" else f"{said}."
