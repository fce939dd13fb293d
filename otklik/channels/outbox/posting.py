"""The letters of one box, one after another over one open line: take, compose, send, write what the server said."""

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from otklik import tracing
from otklik.channels.email import credentials
from otklik.channels.models import Box
from otklik.channels.outbox import addresses, claiming, composing, keeping, silence
from otklik.channels.outbox.claiming import Result
from otklik.channels.outbox.composing import Batch, Copy
from otklik.channels.outbox.smtp import Answer, Fenced, Line, Parcel, Patience, Unreachable, Verdict, Way
from otklik.clients.identifying import domain_of, normal
from otklik.desk.models import Delivery, Message
from otklik.errors import Refusal

log = structlog.get_logger(__name__)
BATCH = 20  # letters taken at once; all but the one under way are given back when we stop
PATIENCE = Patience()
DATABASE_PATIENCE_S = 60
TROUBLE = "Отправка: "  # begins the box's trouble that this side has found, and that it may take back
Clock = Callable[[], datetime]


class Post:
    """Sends for one box. Keeps its line open between batches; not for two threads."""

    def __init__(
        self, box_id: int, holder: int, patience: Patience = PATIENCE, clock: Clock = timezone.now
    ) -> None:
        self.box_id = box_id
        self._holder = holder
        self._patience = patience
        self._clock = clock
        self._line: Line | None = None

    def batch(self, is_stopping: Callable[[], bool] = lambda: False) -> int:
        """Send what is due, at most BATCH deliveries; returns how many were taken."""
        box = Box.objects.get(pk=self.box_id)
        if box.mode != Box.Mode.ANSWER:
            return silence.quiet(box, at=self._clock())
        taken = claiming.claim(box.pk, holder=self._holder, at=self._clock(), limit=BATCH)
        if taken:
            self._send_all(box, taken, is_stopping)
        return len(taken)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _send_all(self, box: Box, taken: Sequence[Delivery], is_stopping: Callable[[], bool]) -> None:
        left = {one.pk: one for one in taken}
        try:
            batch = composing.load(sorted({one.message_id for one in taken}), at=self._clock())
            for message, copy in _copies(batch, taken):
                if is_stopping() or not self._ready(box, left):
                    break
                with tracing.of(copy.deliveries[0].trace_id, ticket=message.ticket.number):
                    self._post(box, batch, message, copy)
                for one in copy.deliveries:
                    del left[one.pk]
        finally:
            if left:
                lasting(lambda: give_back(list(left.values()), holder=self._holder, at=self._clock()))

    def _ready(self, box: Box, left: dict[int, Delivery]) -> bool:
        """An open line; without one all that is left waits for its next try, and the box says why."""
        if self._line is not None and self._line.is_open:
            return True
        try:
            self.close()
            self._line = Line(way(box), self._patience)
        except Unreachable as fault:
            answer = Answer(Verdict.RETRY, fault.words)
            self._write([Result(one, answer) for one in left.values()])
            left.clear()
            trouble(box, fault.words, at=self._clock())
            log.warning("box does not send", box=box.pk, cause=str(fault.__cause__), remedy="check its page")
            return False
        trouble(box, "", at=self._clock())
        return True

    def wake(self) -> None:
        """Before work after a rest: a line that the server has closed is opened anew."""
        if self._line is not None and not self._line.is_alive():
            self.close()

    def _post(self, box: Box, batch: Batch, message: Message, copy: Copy) -> None:
        assert self._line is not None  # noqa: S101 - _ready() has just opened it
        began = time.perf_counter()
        try:
            parcel = _parcel(box, copy, composing.compose(batch, message, copy))
        except (ValueError, Refusal, OSError) as fault:
            words = _("Письмо не собралось: %(fault)s") % {"fault": getattr(fault, "reason", fault)}
            log.error("letter not composed", message=message.pk, cause=str(fault), remedy="see its request")
            self._write([Result(one, Answer(Verdict.FAILED, words)) for one in copy.deliveries])
            return
        try:
            answers = self._line.send(parcel, lambda: self._mark(copy))
        except Fenced:
            log.warning("letter taken over", message=message.pk)
            return
        except DatabaseError as fault:  # the mark failed, so the dot was not sent: due again at once
            connection.close()
            log.warning("letter put back", message=message.pk, cause=str(fault).split("\n", 1)[0])
            lasting(lambda: give_back(copy.deliveries, holder=self._holder, at=self._clock(), marked=True))
            return
        self._write([Result(one, answers[one.address]) for one in copy.deliveries])
        _tell(message, copy, answers, time.perf_counter() - began)
        sent = [one.pk for one in copy.deliveries if answers[one.address].verdict == Verdict.SENT]
        if sent and keeping.wants_copies(box):
            keeping.keep_in_sent.defer(delivery_ids=sent, trace_id=tracing.current())

    def _mark(self, copy: Copy) -> None:
        claiming.mark_dot(copy.deliveries, holder=self._holder, at=self._clock())

    def _write(self, results: Sequence[Result]) -> None:
        lasting(lambda: claiming.answered(results, holder=self._holder, at=self._clock()))


def way(box: Box) -> Way:
    """How this box sends. Raises Unreachable when it cannot even begin."""
    if not box.smtp_host:
        raise Unreachable(_("У ящика нет сервера отправки (SMTP). Скажите администратору."))
    try:
        password, token = credentials.password(box), credentials.access_token(box)
    except credentials.NoCredentials as fault:
        raise Unreachable(fault.words) from fault
    hello = domain_of(box.address).encode("idna").decode() or "localhost"
    name = box.username or box.address
    return Way(box.smtp_host, box.smtp_port, box.smtp_security, name, password, token, hello)


def trouble(box: Box, words: str, *, at: datetime) -> None:
    """Say on the box's page that it cannot send, or that it can again; what the reading side says there stays."""
    rows = Box.objects.filter(pk=box.pk)
    if words:
        rows.filter(Q(trouble="") | Q(trouble__startswith=TROUBLE)).update(
            trouble=f"{TROUBLE}{words}"[:1000], trouble_at=at
        )
    elif box.trouble.startswith(TROUBLE):
        rows.filter(trouble__startswith=TROUBLE).update(trouble="", trouble_at=None)


def give_back(left: Sequence[Delivery], *, holder: int, at: datetime, marked: bool = False) -> None:
    """Taken but not sent: due again at once, and the try does not count.

    marked: the commit of the mark may have succeeded unheard, yet the caller knows that no dot followed it.
    """
    for attempts, group in itertools.groupby(
        sorted(left, key=lambda one: one.attempts), lambda one: one.attempts
    ):
        mine = Delivery.objects.filter(pk__in=[one.pk for one in group], state="sending", holder=holder)
        unsent = mine if marked else mine.filter(dot_at=None)
        unsent.update(state=Delivery.State.RETRY, next_at=at, attempts=attempts - 1, dot_at=None)


def lasting(write: Callable[[], None]) -> None:
    """What the server said must be written even when the database goes away for a minute."""
    deadline = time.monotonic() + DATABASE_PATIENCE_S
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            close_old_connections()
            connection.close()
            time.sleep(0.1)


def _copies(batch: Batch, taken: Sequence[Delivery]) -> Iterator[tuple[Message, Copy]]:
    for message_id, group in itertools.groupby(taken, lambda one: one.message_id):
        message = batch.messages[message_id]
        for copy in composing.copies(batch, message, list(group)):
            yield message, copy


def _tell(message: Message, copy: Copy, answers: Mapping[str, Answer], seconds: float) -> None:
    """One line a letter that the server had a word on; neither whom it was for nor what the server said."""
    ends = {one.pk: str(answers[one.address].verdict) for one in copy.deliveries}
    told = log.info if set(ends.values()) == {str(Verdict.SENT)} else log.warning
    told(
        "letter handed over", box=message.box_id, message_row=message.pk, deliveries=ends,
        duration_ms=round(seconds * 1000, 1),
    )  # fmt: skip


def _parcel(box: Box, copy: Copy, content: bytes) -> Parcel:
    recipients = tuple(one.address for one in copy.deliveries)
    is_door = box.kind == Box.Kind.DOOR
    sender = addresses.bounce_address(box.address, copy.deliveries[0].pk) if is_door else box.address
    own = box.copy_to_self and normal(box.address) not in {normal(one) for one in recipients}
    return Parcel(sender, recipients, content, box.address if own else "")
