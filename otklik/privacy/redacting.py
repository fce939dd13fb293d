"""What goes out of one request: all its talk, or the person's part of somebody else's.

Other people's own words stay, without the name and address of the person, without quotes of their words. Ids of letters
go too: an answer to an old letter must not tie the person to what is left of their past.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import connection
from django.db.models import Q

from otklik.accounts.models import User
from otklik.clients.models import Identity
from otklik.desk import files
from otklik.desk.models import Attachment, Draft, Message, Note, StoredFile, Ticket
from otklik.desk.models.drafts import DraftFile
from otklik.desk.search import vocabulary
from otklik.journeys.models import NowLine
from otklik.privacy import verifying
from otklik.privacy.gathering import NAME, SUBJECT, TEXT
from otklik.privacy.needles import Needles, words

LONG_LINE = 40  # of one that is known by itself in words that are not quoted
RUN = 4  # words in a row by which a quote is known, however it was wrapped
REPORTS = ("message/delivery-status", "text/rfc822-headers", "message/disposition-notification")
LEAST_LINE = 16  # letters of a line that is known again
_QUOTED = re.compile(r"^\s*>")
_MARKS = re.compile(r"[\s>|]+")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Person:
    """identities: ids of their rows."""

    client_id: int
    identities: frozenset[int]
    needles: Needles


@dataclass(frozen=True, slots=True)
class Here:
    """A person in one request. others: words of names of who else is there, which stay theirs."""

    needles: Needles
    others: frozenset[str]

    def cleaned(self, text: str) -> str:
        return self.needles.cleaned(text, self.others)

    def names(self, text: str) -> bool:
        return self.cleaned(text) != text


@dataclass(frozen=True, slots=True)
class Said:
    """The person's words, by which they are known again in what others quote. lines: bare; runs: words in a row."""

    lines: frozenset[str]
    runs: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, messages: Iterable[Message]) -> "Said":
        texts = [
            text
            for one in messages
            if one.direction == "in"
            for text in (one.text, one.reply_text)
            if text != TEXT
        ]
        lines = {_bare(line) for text in texts for line in text.splitlines()}
        return cls(
            frozenset(one for one in lines if len(one) >= LEAST_LINE),
            frozenset(run for text in texts for run in _runs(text)),
        )

    def holds(self, text: str) -> bool:
        return any(run in self.runs for run in _runs(text)) or any(
            _bare(one) in self.lines for one in text.splitlines()
        )

    def unsaid(self, lines: Sequence[str]) -> list[str]:
        """Without lines of theirs that stand two in a row, or are long: «Добрый день, коллеги!» alone is anybody's."""
        known = [_bare(line) in self.lines for line in lines]
        beside = [
            any(known[max(0, place - 1) : place]) or any(known[place + 1 : place + 2])
            for place in range(len(known))
        ]
        return [
            line
            for line, mine, near in zip(lines, known, beside, strict=True)
            if not mine or not (near or len(_bare(line)) >= LONG_LINE)
        ]


@dataclass(slots=True)
class Gone:
    """What one step took: ids of messages whose letters as they came go too, files by SHA-256, counts."""

    messages: list[int] = field(default_factory=list)
    notes: int = 0
    files: set[str] = field(default_factory=set)


def redact(ticket: Ticket, person: Person, *, whole: bool) -> Gone:
    """One request, in the caller's transaction after sql.allow(). Safe to repeat."""
    messages = list(ticket.messages.defer("search").order_by("pk").select_for_update(of=("self",)))
    theirs = [one for one in messages if _goes(one, person, whole=whole)]
    others = [one for one in messages if one not in theirs]
    words = _lexemes([one.pk for one in messages], ticket)
    said, here = Said.of(theirs), Here(person.needles, frozenset(_called(ticket, person)))
    gone = Gone(messages=[one.pk for one in theirs])
    Message.objects.bulk_update(map(_empty, theirs), _TEXTS, batch_size=200)
    cleaned = [one for one in others if _clean(one, here, said)]
    Message.objects.bulk_update(cleaned, _TEXTS, batch_size=200)
    gone.messages += [one.pk for one in cleaned]
    gone.files = _files(theirs, ticket, whole=whole)
    gone.notes = _notes(ticket, here, said, whole=whole)
    _drafts(ticket, here, gone, whole=whole)
    _card(ticket, here, whole=whole)
    vocabulary.forget(words)
    return gone


_TEXTS = [
    "subject", "text", "html", "reply_text", "quoted_text", "author_name", "message_id", "in_reply_to", "references",
    "odd",
]  # fmt: skip


def _called(ticket: Ticket, person: Person) -> list[str]:
    """Words of the names of other clients and of our people in this request."""
    others = Identity.objects.exclude(pk__in=person.identities).filter(participations__ticket=ticket)
    rows = (
        others.values_list("name", flat=True),
        others.values_list("client__name", flat=True),
        User.objects.filter(Q(pk=ticket.owner_id) | Q(pk__in=ticket.messages.values("user"))).values_list(
            "name", flat=True
        ),
    )
    return words(name for some in rows for name in some)


def _goes(message: Message, person: Person, *, whole: bool) -> bool:
    """The person's own, and ours in their request."""
    if message.identity_id is not None:
        return message.identity_id in person.identities
    return whole


def _empty(message: Message) -> Message:
    message.subject = message.html = message.quoted_text = ""
    message.author_name = NAME if message.direction == "in" else ""
    message.text = message.reply_text = TEXT
    message.message_id = f"erased.{message.pk}@erased.invalid" if message.direction == "out" else ""
    message.in_reply_to = message.references = ""
    message.odd = []
    return message


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _WORDS.findall(text.lower())
    return zip(*(words[place:] for place in range(RUN)), strict=False)


def _bare(line: str) -> str:
    return _MARKS.sub(" ", line).strip().lower()


def _clean(message: Message, here: Here, said: Said) -> bool:
    """Somebody else's message without the person; whether anything of it changed."""
    before = [getattr(message, name) for name in _TEXTS]
    text, quoted = _without(message.reply_text, here, said), message.quoted_text
    quotes = said.holds(quoted) or here.names(quoted)
    if quotes or text != message.reply_text or here.names(message.html):
        message.html, message.quoted_text = "", "" if quotes else quoted
        message.reply_text = text or TEXT
        message.text = "\n\n".join(one for one in (message.reply_text, message.quoted_text) if one)
    for name in ("subject", "text", "reply_text", "in_reply_to", "references"):  # author_name is another's
        setattr(message, name, here.cleaned(getattr(message, name)))
    return before != [getattr(message, name) for name in _TEXTS]


def _without(text: str, here: Here, said: Said) -> str:
    """Without what quotes the person: blocks of «>» with their words, their lines two in a row or a long one."""
    kept: list[str] = []
    for quoted, block in groupby(text.splitlines(), key=lambda line: bool(_QUOTED.match(line))):
        lines = list(block)
        if not quoted:
            kept += said.unsaid(lines)
        elif not said.holds("\n".join(lines)) and not here.names("\n".join(lines)):
            kept += lines
    return "\n".join(kept).strip() if len(kept) != len(text.splitlines()) else text


def _files(messages: Sequence[Message], ticket: Ticket, *, whole: bool) -> set[str]:
    rows = Attachment.objects.filter(message__in=[one.pk for one in messages])
    if whole:
        rows |= Attachment.objects.filter(note__ticket=ticket)
    found = set(rows.values_list("file_id", flat=True))
    Attachment.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()
    return found


def _notes(ticket: Ticket, here: Here, said: Said, *, whole: bool) -> int:
    notes = list(ticket.notes.defer("search").exclude(text=TEXT))
    changed = []
    for note in notes:
        text = TEXT if whole else here.cleaned(_without(note.text, here, said)) or TEXT
        if text != note.text:
            note.text = text
            changed.append(note)
    Note.objects.bulk_update(changed, ["text"], batch_size=200)
    return len(changed)


def _drafts(ticket: Ticket, here: Here, gone: Gone, *, whole: bool) -> None:
    drafts = Draft.objects.filter(ticket=ticket)
    if not whole:
        named = [
            one
            for one in drafts
            if here.cleaned(one.text) != one.text or set(one.to) & set(here.needles.addresses)
        ]
        drafts = Draft.objects.filter(pk__in=[one.pk for one in named])
    drop_drafts(list(drafts.values_list("pk", flat=True)), gone)


def drop_drafts(pks: Sequence[int], gone: Gone) -> None:
    rows = DraftFile.objects.filter(draft__in=pks)
    gone.files |= set(rows.values_list("file_id", flat=True))
    rows.delete()
    Draft.objects.filter(pk__in=pks).delete()


_STRIP = """
    UPDATE journal_entry SET facts = facts - 'words' WHERE ticket_id = %s AND facts ? 'words';
    UPDATE channels_staffletter SET words = '', by_name = %s, fault = '', done_at = coalesce(done_at, now())
     WHERE ticket_id = %s;
    UPDATE desk_delivery SET reason = '' WHERE message_id IN (SELECT id FROM desk_message WHERE ticket_id = %s);
    UPDATE promises_promise SET action = %s, who = '', reason = '' WHERE ticket_id = %s;
    UPDATE promises_nextnews SET reason = '' WHERE ticket_id = %s;
    DELETE FROM journeys_gift WHERE ticket_id = %s
"""


def _card(ticket: Ticket, here: Here, *, whole: bool) -> None:
    """What stands on the request itself, and in rows beside it."""
    if whole:
        ticket.subject, ticket.last_words, ticket.purpose, ticket.result = SUBJECT, "", "", ""
        ticket.organisation = None
        NowLine.objects.filter(ticket=ticket).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                _STRIP, [ticket.pk, SUBJECT, ticket.pk, ticket.pk, TEXT, ticket.pk, ticket.pk, ticket.pk]
            )
    else:
        for name in ("subject", "purpose", "result"):
            setattr(ticket, name, here.cleaned(getattr(ticket, name)))
        last = ticket.messages.order_by("-at", "-pk").values_list("reply_text", flat=True).first()
        ticket.last_words = " ".join((last or "").split())[:160]
    ticket.save(update_fields=["subject", "last_words", "purpose", "result", "organisation"])


_SAID = """
    SELECT array_agg(DISTINCT lexeme) FROM (
      SELECT (unnest(search)).lexeme FROM desk_message WHERE id = ANY(%s)
      UNION ALL SELECT (unnest(otklik_vector(author_name))).lexeme FROM desk_message WHERE id = ANY(%s)
      UNION ALL SELECT (unnest(search)).lexeme FROM desk_note WHERE ticket_id = %s) said
"""


def _lexemes(pks: list[int], ticket: Ticket) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [pks, pks, ticket.pk])
        return list(cursor.fetchone()[0] or [])


# two spellings of one address in one message get two pseudonyms: each stands there once
_ADDRESSES = """
    UPDATE {table} SET address = replace(named.new, '@', CASE n WHEN 1 THEN '@' ELSE '.' || n || '@' END){more}
      FROM (SELECT {table}.id, known.new,
                   row_number() OVER (PARTITION BY message_id, known.new ORDER BY {table}.id) AS n
              FROM {table} JOIN unnest(%s::text[], %s::text[]) AS known (old, new) ON lower({table}.address) = known.old
             WHERE {table}.id <= %s) AS named
     WHERE {table}.id = named.id
"""


def replace_addresses(known: dict[str, str], bounds: dict[str, int]) -> None:
    """Rows that name the person by address say a pseudonym: letters stay counted by recipient. known: old to new."""
    columns = [list(known), list(known.values())]
    with connection.cursor() as cursor:
        for table, more in (("desk_recipient", ", name = ''"), ("desk_delivery", ", reason = ''"),
                            ("channels_automaticletter", "")):  # fmt: skip
            cursor.execute(_ADDRESSES.format(table=table, more=more), [*columns, bounds[table]])
        cursor.execute(
            "DELETE FROM accounts_accountletter WHERE user_id IS NULL AND address = ANY(%s)", [list(known)]
        )


def named_files(messages: Collection[int], needles: Needles) -> tuple[set[str], set[int]]:
    """Of files of these messages that hold an address of the person: reports of mail servers, detached.

    And requests where somebody sent such a file: it is theirs, so a person must look.
    """
    found, theirs = set(), set()
    attached = Attachment.objects.filter(message__in=messages).select_related("message")
    reports = {one.message_id for one in attached if one.type in REPORTS}
    for one in attached:
        if any(next(verifying.in_files(files.path(one.file_id), [word]), None) for word in needles.addresses):
            if one.message_id in reports:
                found.add(one.file_id)
                one.delete()
            elif one.message:
                theirs.add(one.message.ticket_id)
    return found, theirs


def unused(hashes: Collection[str]) -> list[str]:
    """Of these files, those that nothing names any more; their rows are gone when it returns."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    named = set(Attachment.objects.filter(file__in=hashes).values_list("file_id", flat=True))
    named |= set(DraftFile.objects.filter(file__in=hashes).values_list("file_id", flat=True))
    free = sorted(set(hashes) - named)
    StoredFile.objects.filter(pk__in=free).delete()
    return free
