"""Who is on it, what happens now, what comes next: the answer at the top of the client's page (R-D1, invariant 3).

Every sentence is read from rows; nothing is said that we do not know. Verbs stand in the present tense, so that no
sentence guesses whether Саша is he or she; the past tense is used only where the profile says so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from otklik.desk.models import Ticket
from otklik.journeys.models import NowLine
from otklik.promises.models import NextNews
from otklik.russian import names
from otklik.staff.models import Profile
from otklik.web import dates
from otklik.web.language import is_english


@dataclass(frozen=True, slots=True)
class Facts:
    """What the answer is made of. by: when the answer is due for the list, if nothing else was promised."""

    ticket: Ticket  # with owner and team
    speech: str  # of the owner: Profile.Speech
    line: NowLine | None
    news: NextNews | None
    ended_at: datetime | None
    asked_at: datetime | None  # our last words to the reader
    now: datetime

    @property
    def name(self) -> str:
        owner = self.ticket.owner
        return owner.first_name if owner else _("Команда «%s»") % self.ticket.team.name


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences for the page. said_at: when an agent wrote `now`; needed: what we need from the client."""

    who: str
    role: str
    write_to: str
    has_owner: bool
    now: str
    said_at: datetime | None
    news: str
    news_more: str
    is_late: bool
    needed: str


def answer(facts: Facts) -> Answer:
    ticket = facts.ticket
    line = facts.line if ticket.is_open and ticket.state != Ticket.State.WAITING_CLIENT else None
    late = bool(ticket.is_open and facts.news and facts.news.due_at <= facts.now)
    news, more = _news(facts)
    return Answer(
        who=ticket.owner.name if ticket.owner else facts.name,
        role=_role(facts),
        write_to=_write_to(facts),
        has_owner=ticket.owner is not None,
        now=_capital(line.words) if line else _now(facts),
        said_at=line.at if line else None,
        news=news,
        news_more=more,
        is_late=late,
        needed=_needed(facts),
    )


def taken(ticket: Ticket, speech: str) -> str:
    """The stage of somebody taking it, spoken of as they wish."""
    if ticket.owner is None:
        return _("Взяли в работу")
    forms = {Profile.Speech.SHE: _("%s взяла запрос"), Profile.Speech.HE: _("%s взял запрос")}
    return forms.get(Profile.Speech(speech), _("Запрос ведёт %s")) % ticket.owner.first_name


def _write_to(facts: Facts) -> str:
    """The label of the field: «Написать Анне», without a guess how a name bends; names don't in English."""
    owner = facts.ticket.owner
    first = owner.first_name if owner else ""
    name = first if is_english() else names.dative(first, gender_of(facts.speech))
    return _("Написать %s") % name if name else _("Ваше сообщение")


def gender_of(speech: str) -> names.Gender:
    return "f" if speech == Profile.Speech.SHE else "m" if speech == Profile.Speech.HE else ""


def _role(facts: Facts) -> str:
    if not facts.ticket.is_open:
        return _("на связи по этому запросу")
    if facts.ticket.owner:
        return _("ведёт ваш запрос до конца")
    due = facts.news.due_at if facts.news else facts.ticket.next_due_at
    if due and due > facts.now:
        return _("Один из нас возьмёт запрос %s") % _by(due, facts.now)
    return _("Запрос видят все в команде, кто сейчас работает")


def _now(facts: Facts) -> str:
    """Words of the state, when no agent said better ones."""
    state, name = facts.ticket.state, facts.name
    if not facts.ticket.is_open:
        return _ended(facts)
    if state == Ticket.State.WAITING_CLIENT:
        return _("Ждём вашего ответа")
    if state == Ticket.State.WAITING_OTHER:
        return _("%s ждёт ответа тех, от кого зависит решение") % name
    if facts.ticket.owner is None:
        return _("Ваш запрос у нас, выбираем, кто им займётся")
    if facts.ticket.last_by == Ticket.Last.CLIENT:
        unread = facts.ticket.unread
        words = (
            _("Ваше сообщение у нас, его прочтёт %s")
            if unread
            else _("%s читает ваше сообщение и готовит ответ")
        )
        return words % name
    return _("%s занимается вашим запросом") % name


def _ended(facts: Facts) -> str:
    if facts.ended_at is None:
        return _("Запрос закрыт")
    zone = timezone.get_current_timezone()
    day = dates.day(facts.ended_at.astimezone(zone).date(), facts.now.astimezone(zone).date())
    words = _("Запрос решён %s") if facts.ticket.state == Ticket.State.SOLVED else _("Запрос закрыт %s")
    return words % day


def _news(facts: Facts) -> tuple[str, str]:
    """The main words (they stand out) and the rest of the sentence."""
    if not facts.ticket.is_open:
        return "", ""
    if facts.ticket.state == Ticket.State.WAITING_CLIENT and not facts.news:
        return _("как только вы ответите"), ""
    due = facts.news.due_at if facts.news else facts.ticket.next_due_at
    if due is None:
        return _("время назовём в первом ответе"), ""
    if due <= facts.now:
        return _late(facts, due)
    return _by(due, facts.now), _how(facts)


def _late(facts: Facts, due: datetime) -> tuple[str, str]:
    """The time has passed and nothing came: said as it is (ux.md §8)."""
    words = _("Обещали написать %s и не успели, простите.") % _by(due, facts.now)
    return words, _("%s видит, что срок прошёл. Новое время появится здесь.") % facts.name


def _how(facts: Facts) -> str:
    former = facts.news.replaces if facts.news else None
    if former and former.due_at < facts.news.due_at:  # type: ignore[union-attr]  # former comes from news
        return _(", письмом. Раньше обещали: %s") % _by(former.due_at, facts.now)
    return _(", письмом")


def _needed(facts: Facts) -> str:
    if facts.ticket.state != Ticket.State.WAITING_CLIENT or facts.asked_at is None:
        return ""
    return _("Ответьте на наше сообщение: %s.") % dates.when(
        facts.asked_at, facts.now, timezone.get_current_timezone()
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _by(moment: datetime, now: datetime) -> str:
    return dates.by(moment, now, timezone.get_current_timezone())
