"""Letters to agents: a request became theirs by somebody else's hand, or, while they were away, a client answered or an
answer of ours did not reach the client.

At most one about a request until they look: whoever has seen the desk since may get the next one.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik import mime
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, htmlpart, owed, posting
from otklik.channels.outbox.rows import StaffLetter
from otklik.channels.outbox.smtp import Answer, Line, Parcel, Patience, Unreachable, Verdict
from otklik.clients.identifying import domain_of
from otklik.desk.models import Delivery, HandedOver, Message, Ticket
from otklik.desk.receiving import words_of
from otklik.desk.replying import id_domain
from otklik.env import env
from otklik.journal import following
from otklik.journal.models import Entry
from otklik.staff import queries as staff
from otklik.staff.models import Profile

AWAY = timedelta(minutes=7)  # sessions note every five that somebody is here, an open page asks each minute
GATHERED = timedelta(minutes=1)  # by then all of a hand-over has changed hands
SHOWN = 20  # requests of a hand-over named in its letter
FOLLOWER = "letters to agents"
LATEST = timedelta(hours=12)  # older news is no news: after a long stop nobody gets a hundred letters
Kind = StaffLetter.Kind
_LOST = ("delivery.failed", "delivery.bounced")
_ID = re.compile(r"<?staff\.(\d{1,18})\.([0-9a-f]{16})@")


def follow(*, clock: Callable[[], datetime] = timezone.now) -> int:
    """One step of the loop: entries read."""
    words = {"ticket.assigned", "message.received", *_LOST}
    return following.follow(FOLLOWER, lambda entries: _take(entries, clock()), words=words)


def bounced(message_ids: Iterable[str], *, at: datetime) -> bool:
    """Whether a bounce is about a letter to one of our people; noted there, it makes no request."""
    for one in message_ids:
        found = _ID.match(one.strip())
        if found and hmac.compare_digest(found[2], _mac(int(found[1]))):
            StaffLetter.objects.filter(pk=int(found[1])).update(
                fault=_("Письмо сотруднику вернулось."), done_at=at
            )
            return True
    return False


def _take(entries: Sequence[Entry], now: datetime) -> None:
    """A letter to a request that is nobody's concerns no agent: told for all by one query."""
    owned = set(
        Ticket.objects.filter(
            pk__in={entry.ticket_id for entry in entries if entry.word == "message.received"},
            owner__isnull=False,
        ).values_list("pk", flat=True)
    )
    for entry in entries:
        if entry.at < now - LATEST or entry.ticket_id is None:
            continue
        if entry.word == "ticket.assigned":
            _assigned(entry, entry.ticket_id)
        elif entry.word in _LOST and entry.facts.get("lost"):
            _lost(entry, entry.ticket_id)
        elif entry.ticket_id in owned and entry.word == "message.received" and entry.facts.get("wakes"):
            _answered(entry, entry.ticket_id)


def _assigned(entry: Entry, ticket_id: int) -> None:
    owner_id = entry.facts.get("to")
    if not isinstance(owner_id, int) or owner_id == entry.user_id:
        return
    profile = _profile(owner_id)
    if profile is not None and profile.mail_assigned and entry.facts.get("run"):
        _owe_run(profile, ticket_id, entry)
    elif profile is not None and profile.mail_assigned:
        by = entry.user.name if entry.user else _("правило")
        _owe(profile, ticket_id, Kind.ASSIGNED, by, "", at=entry.at)


def _answered(entry: Entry, ticket_id: int) -> None:
    owner_id = Ticket.objects.filter(pk=ticket_id).values_list("owner", flat=True).first()
    profile = _profile(owner_id) if owner_id else None
    message = Message.objects.filter(pk=entry.facts.get("message")).select_related("identity__client").first()
    if profile is None or message is None or not profile.mail_answered:
        return
    if not Entry.objects.filter(ticket=ticket_id, word="ticket.assigned", pk__lt=entry.pk).exists():
        return  # it was nobody's then: whoever took it later has seen this letter
    if _is_away(profile, entry.at):
        name = message.author_name or (message.identity.client.name if message.identity else "")
        _owe(profile, ticket_id, Kind.ANSWERED, name, words_of(message.reply_text, 140), at=entry.at)


def _lost(entry: Entry, ticket_id: int) -> None:
    """To the owner, as of a client's word: the request waits for them again."""
    owner_id = Ticket.objects.filter(pk=ticket_id).values_list("owner", flat=True).first()
    profile = _profile(owner_id) if owner_id else None
    address = (
        Delivery.objects.filter(pk=entry.facts.get("delivery")).values_list("address", flat=True).first()
    )
    if profile and address and profile.mail_answered and _is_away(profile, entry.at):
        _owe(profile, ticket_id, Kind.LOST, address, "", at=entry.at)


def _is_away(profile: Profile, at: datetime) -> bool:
    return profile.seen_at is None or profile.seen_at < at - AWAY


def _profile(user_id: int) -> Profile | None:
    return Profile.objects.filter(user=user_id, user__is_active=True).select_related("user").first()


def _owe(profile: Profile, ticket_id: int, kind: str, by: str, words: str, *, at: datetime) -> None:
    told = StaffLetter.objects.filter(user=profile.user, ticket=ticket_id)
    if profile.seen_at is not None:
        told = told.filter(Q(made_at__gt=profile.seen_at) | Q(done_at=None))  # one may wait still
    if not told.exists():
        StaffLetter.objects.create(
            user=profile.user, ticket_id=ticket_id, kind=kind, by_name=by[:500], words=words[:160],
            made_at=at, next_at=at,
        )  # fmt: skip


def _owe_run(profile: Profile, ticket_id: int, entry: Entry) -> None:
    """One letter about all that this person gets by one hand-over, however many there are."""
    letter = StaffLetter(
        user=profile.user, ticket_id=ticket_id, kind=Kind.HANDED, run_id=int(str(entry.facts["run"])),
        by_name=entry.user.name if entry.user else _("правило"), made_at=entry.at, next_at=entry.at + GATHERED,
    )  # fmt: skip
    StaffLetter.objects.bulk_create([letter], ignore_conflicts=True)


def send_due(*, at: datetime, patience: Patience = posting.PATIENCE) -> int:
    """Send what is due, at most twenty (a loop); returns how many were tried."""
    due = StaffLetter.objects.filter(user__is_active=True)
    rows = owed.claim(due.select_related("user", "ticket__box", "ticket__client", "run__user"), at=at)
    by_box: dict[int, list[StaffLetter]] = {}
    boxes: dict[int, Box] = {}
    for row in rows:
        box = _box(row.ticket)
        if box is None:
            owed.put(row, Answer(Verdict.RETRY, _("Ни один ящик пока не отправляет писем.")), at=at)
            continue
        boxes[box.pk] = box
        by_box.setdefault(box.pk, []).append(row)
    for box_id, group in by_box.items():
        _send(boxes[box_id], group, patience, at)
    return len(rows)


def _box(ticket: Ticket) -> Box | None:
    """The request's own box if it sends, else any that does."""
    able = Box.objects.filter(mode=Box.Mode.ANSWER).exclude(smtp_host="")
    own = able.filter(pk=ticket.box_id).first() if ticket.box_id else None
    return own or able.order_by("pk").first()


def _send(box: Box, rows: Sequence[StaffLetter], patience: Patience, at: datetime) -> None:
    try:
        line = Line(posting.way(box), patience)
    except Unreachable as fault:
        for row in rows:
            owed.put(row, Answer(Verdict.RETRY, fault.words), at=at)
        return
    try:
        for row in rows:
            if not line.is_open:
                return  # the rest has its next time already
            parcel = Parcel(box.address, (row.user.email,), compose(row, box))
            owed.put(row, line.send(parcel, lambda row=row: owed.mark(row, at=at))[row.user.email], at=at)  # type: ignore[misc]  # the loop's row
    finally:
        line.close()


def compose(row: StaffLetter, box: Box) -> bytes:
    """Who, which request, a line of what was said, and the way there. No more of the client's words."""
    number, subject = row.ticket.number, row.ticket.subject
    facts = {"number": number, "subject": subject, "name": row.by_name, "client": row.ticket.client.name}
    title, words = _run_sentences(row) if row.kind == Kind.HANDED else _sentences(row.kind)
    place = f"{env().base_url}/desk/" if row.kind == Kind.HANDED else f"{env().base_url}/desk/{number}/"
    parts = [words % facts, *([f"«{row.words}»"] if row.words else []), _("Открыть: %s") % place]
    parts.append(_("Выключить такие письма можно в профиле: %s") % f"{env().base_url}/me/")
    text = "\n\n".join(parts)
    return mime.write(
        mime.Outgoing(
            message_id=f"<staff.{row.pk}.{_mac(row.pk)}@{id_domain(domain_of(box.address))}>",
            date=row.made_at,
            sender=mime.Mailbox(box.name or staff.company().name, box.address),
            to=(mime.Mailbox(row.user.name, row.user.email),),
            subject=" ".join((title % facts).split())[:300],
            text=text + "\n",
            html=htmlpart.page(text, "", "", mime.REPLY_LINE, ""),
            headers=(
                ("X-Otklik-Instance", addresses.instance()),
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "All"),
            ),
        )
    )


def _sentences(kind: str) -> tuple[str, str]:
    """Subject and words, with places for the facts."""
    if kind == Kind.ASSIGNED:
        return _("Запрос № %(number)s теперь у вас: %(subject)s"), _(
            "Запрос № %(number)s «%(subject)s» теперь у вас.\nКто передал: %(name)s.\nКлиент: %(client)s."
        )
    if kind == Kind.LOST:
        return _("Ответ не дошёл до клиента: № %(number)s, %(subject)s"), _(
            "Наш ответ в запросе № %(number)s «%(subject)s» не дошёл до адреса %(name)s.\n"
            "Мы снова открыли запрос: клиент ждёт вас. Почему так вышло и что делать, написано в запросе."
        )
    return _("Клиент ответил: № %(number)s, %(subject)s"), _(
        "В запросе № %(number)s «%(subject)s» новое письмо.\nКто пишет: %(name)s."
    )


def _run_sentences(row: StaffLetter) -> tuple[str, str]:
    """The same for a hand-over: to whom it gave, or to its former owner when requests came back."""
    parts = HandedOver.objects.filter(run=row.run_id).select_related("ticket").order_by("ticket__number")
    is_return = row.run is not None and row.run.user_id == row.user_id
    mine = list(parts.filter(is_back=True) if is_return else parts.filter(to=row.user))
    lines = [f"№ {one.ticket.number} «{one.ticket.subject}»" for one in mine[:SHOWN]]
    if len(mine) > SHOWN:
        lines.append(_("и ещё %s") % (len(mine) - SHOWN))
    title = _("К вам вернулись запросы: %s") if is_return else _("Теперь у вас ещё запросы: %s")
    head = _("Кто передал: %s.") % row.by_name
    if not is_return and row.run is not None:
        head += "\n" + _("Раньше вёл запросы: %s.") % row.run.user.name
    words = f"{title % len(mine)}.\n{head}\n\n" + "\n".join(lines)
    return (title % len(mine)).replace("%", "%%"), words.replace("%", "%%")


def _mac(pk: int) -> str:
    words = f"otklik.staff-letter:{pk}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).hexdigest()[:16]
