"""The steps of an erasure: each a transaction that moves `stage` and `place` along, so any may be killed."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.db import connection, transaction
from django.utils import timezone

from otklik.accounts import vault
from otklik.channels.resealing import Secret
from otklik.clients.models import Client
from otklik.desk import files
from otklik.desk.models import Draft, Message
from otklik.desk.search import vocabulary
from otklik.privacy import gathering, marks, rawletters, redacting, sessions, sql
from otklik.privacy.models import Erasure
from otklik.privacy.needles import Needles
from otklik.privacy.redacting import Gone, Person
from otklik.privacy.sql import Table

log = structlog.get_logger(__name__)
TICKETS = 10  # a step
STEP_S = 1.0
SHOWN = 50  # requests that a person is led to
AGAIN = timedelta(minutes=5)  # an erasure that could not go on is tried again
FRESH = timedelta(minutes=10)  # a file that somebody has stored of late may be named in a moment
Stage = Erasure.Stage


def tick() -> int:
    """For the schedule: one step of the oldest erasure that has something to do; 1 when there was one."""
    return step(at=timezone.now())


def step(*, at: datetime, fresh: timedelta = FRESH) -> int:
    """fresh: how long a file that was stored just now is left for a later step. Safe in two processes at once.

    An erasure that cannot go on waits for AGAIN with its fault told; those behind it don't.
    """
    with transaction.atomic():
        rows = Erasure.objects.select_for_update(skip_locked=True).filter(done_at=None).order_by("pk")
        for erasure in rows.exclude(faulted_at__gt=at - AGAIN):
            try:
                with transaction.atomic():
                    went = _step(erasure, at, fresh)
            except Exception as fault:  # noqa: BLE001 - the edge of one erasure: told, and tried again
                _stop(erasure, fault, at)
                continue
            if went:
                return 1
    return 0


def _step(erasure: Erasure, at: datetime, fresh: timedelta) -> bool:
    """False: only fresh files are left; they wait, others don't."""
    erasure.fault, erasure.faulted_at = "", None
    if erasure.stage == Stage.FILES:
        return _files(erasure, at, fresh)
    sql.allow()
    _STEPS[erasure.stage](erasure, _person(erasure), at)
    erasure.save()
    return True


def _stop(erasure: Erasure, fault: Exception, at: datetime) -> None:
    """The kind of the fault alone: what a database says of a row holds the person's data."""
    kind = type(fault).__name__
    Erasure.objects.filter(pk=erasure.pk).update(fault=kind, faulted_at=at)
    log.error("erasure stands", erasure=erasure.pk, stage=str(erasure.stage), cause=kind, exc_info=fault)


def run(*, at: datetime, fresh: timedelta = FRESH) -> None:
    """All steps there are (a command's way; the worker takes them by tick)."""
    while step(at=at, fresh=fresh):
        pass


def _person(erasure: Erasure) -> Person:
    """Raises vault.Unreadable when the key of the environment has changed meanwhile."""
    needles = Needles.load(vault.unseal(bytes(erasure.sealed or b"")))
    return Person(erasure.client_id, frozenset(gathering.identity_ids(erasure.client_id)), needles)


def secrets() -> Iterator[Secret]:
    """What erasures that are under way look for, for a change of the key (channels.resealing)."""
    rows = Erasure.objects.filter(done_at=None).exclude(sealed=None).order_by("pk")
    for pk, sealed in rows.values_list("pk", "sealed"):
        yield Secret(Erasure, pk, f"стирание {pk}", bytes(sealed or b""), column="sealed")


def _next(erasure: Erasure, stage: str) -> None:
    erasure.stage = stage
    erasure.place = {"prints": erasure.place["prints"]} if "prints" in erasure.place else {}
    log.info("erasure goes on", erasure=erasure.pk, client=erasure.client_id, stage=str(stage))


def _mark(erasure: Erasure, person: Person, at: datetime) -> None:  # noqa: ARG001 - a step's signature
    """Outside the database, for a restore from a copy of before (marks.py)."""
    marks.write(erasure, erasure.place.pop("prints"), wide=person.needles.wide)
    _next(erasure, Stage.ADDRESSES)


def _addresses(erasure: Erasure, person: Person, at: datetime) -> None:  # noqa: ARG001 - a step's signature
    known = {
        one: gathering.pseudonym(erasure.pk, place) for place, one in enumerate(person.needles.addresses, 1)
    }
    redacting.replace_addresses(known, erasure.bounds)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_look SET words = '…' WHERE words <> '' AND words ~ %s AND id <= %s",
            [person.needles.spoken or "^$", erasure.bounds["accounts_look"]],
        )
    sessions.clean(person.needles)
    gone = Gone()
    named = Draft.objects.filter(to__overlap=list(known)) | Draft.objects.filter(cc__overlap=list(known))
    redacting.drop_drafts(list(named.values_list("pk", flat=True)), gone)
    erasure.files = sorted({*erasure.files, *gone.files})
    _next(erasure, Stage.REQUESTS)


def _requests(erasure: Erasure, person: Person, at: datetime) -> None:  # noqa: ARG001 - a step's signature
    whole = erasure.place.get("whole", True)
    rows = (gathering.whole if whole else gathering.partly)(person.client_id, person.identities)
    tickets = list(
        rows.filter(pk__gt=erasure.place.get("after", 0)).select_for_update(of=("self",))[:TICKETS]
    )
    for ticket in tickets:
        gone = redacting.redact(ticket, person, whole=whole)
        erasure.messages += len(gone.messages)
        erasure.files = sorted({*erasure.files, *gone.files})
        _forget_letters(erasure, rawletters.of_messages(gone.messages))
    erasure.requests += len(tickets)
    if tickets:
        erasure.place = {"whole": whole, "after": tickets[-1].pk}
    elif whole:
        erasure.place = {"whole": False, "after": 0}
    else:
        _next(erasure, Stage.SWEEP)


def _forget_letters(erasure: Erasure, pks: list[int]) -> None:
    known = rawletters.forget(pks)
    erasure.letters += len(known)
    if known:
        marks.add_letters(erasure.uid, known)


def _sweep(erasure: Erasure, person: Person, at: datetime) -> None:  # noqa: ARG001 - a step's signature
    needles = person.needles
    tables = sql.swept(spares_names=needles.wide) if needles.everywhere else []

    def take(table: Table, after: int, until: int) -> None:
        changed = sql.sweep(table, needles.everywhere, after=after, until=until)
        if table.name == "desk_message":
            reports, theirs = redacting.named_files(changed, needles)
            erasure.files = sorted({*erasure.files, *reports})
            erasure.perhaps = sorted({*erasure.perhaps, *theirs})
            _forget_letters(erasure, rawletters.of_messages(changed))

    if _walk(erasure, tables, take):
        _next(erasure, Stage.LETTERS)


def _walk(erasure: Erasure, tables: list[Table], take: Callable[[Table, int, int], None]) -> bool:
    """Pieces of tables (after < id ≤ until), as many as fit into a step; whether all are done."""
    end = time.monotonic() + STEP_S
    while time.monotonic() < end:
        table = next((one for one in tables if one.name >= erasure.place.get("table", "")), None)
        if table is None:
            return True
        after = erasure.place.get("after", 0) if erasure.place.get("table") == table.name else 0
        bound = erasure.bounds.get(table.name, 0)
        until = sql.piece_end(table.name, after=after, until=bound, step=sql.STEP) if table.has_id else bound
        take(table, after, until)
        done = not table.has_id or until >= bound
        erasure.place = {**erasure.place, "table": f"{table.name}~" if done else table.name, "after": until}
    return False


def _letters(erasure: Erasure, person: Person, at: datetime) -> None:  # noqa: ARG001 - a step's signature
    after, bound = erasure.place.get("after", 0), erasure.bounds["channels_envelope"]
    until = sql.piece_end("channels_envelope", after=after, until=bound, step=rawletters.STEP)
    _forget_letters(erasure, rawletters.naming(person.needles.addresses, after=after, until=until))
    erasure.place = {"after": until}
    if until >= bound:
        _next(erasure, Stage.FILES)


def _files(erasure: Erasure, at: datetime, fresh: timedelta) -> bool:
    """Files that nobody else has; one stored of late waits (files.store touches what it meets). False: all wait."""
    ready = [one for one in erasure.files if not _is_fresh(files.path(one), at, fresh)]
    if erasure.files and not ready:
        return False
    free = redacting.unused(ready)
    for one in free:
        files.path(one).unlink(missing_ok=True)
    erasure.files = [one for one in erasure.files if one not in ready]
    erasure.files_gone += len(free)
    if not erasure.files:
        _next(erasure, Stage.CHECK)
    erasure.save()
    return True


def _is_fresh(place: Path, at: datetime, fresh: timedelta) -> bool:
    try:
        return place.stat().st_mtime > (at - fresh).timestamp() if fresh else False
    except FileNotFoundError:
        return False


def _check(erasure: Erasure, person: Person, at: datetime) -> None:
    """Letters that were being taken in while it began; then what is left, table by table; then the end."""
    late = Message.objects.filter(identity__in=person.identities).exclude(text=gathering.TEXT)
    if late.exists():
        _next(erasure, Stage.REQUESTS)
        return
    if "sampled" in erasure.place:
        _sample(erasure, person.needles, at)
        return
    needles, left = person.needles, dict(erasure.place.get("left", {}))
    certain = re.compile(needles.everywhere or "(?!)")

    def look(table: Table, after: int, until: int) -> None:
        for ticket, text in sql.fitting(table, needles.any, after=after, until=until):
            if certain.search(text):
                left[table.name] = left.get(table.name, 0) + 1
                continue
            erasure.perhaps_count += 1
            if ticket and len(erasure.perhaps) < SHOWN:
                erasure.perhaps = sorted({*erasure.perhaps, ticket})

    done = _walk(erasure, sql.swept(spares_names=True) if needles.any else [], look)
    erasure.place = {**erasure.place, "left": left}
    if done:  # still there, though of before the erasure: there should be none
        erasure.left_over = [f"{table}: {count}" for table, count in left.items()]
        erasure.place = {"sampled": ""}


def _sample(erasure: Erasure, needles: Needles, at: datetime) -> None:
    """The planner's samples, as many tables as fit into a step."""
    end = time.monotonic() + STEP_S
    for table in sql.swept():
        if table.name <= erasure.place["sampled"]:
            continue
        if time.monotonic() > end:
            return
        sql.forget_samples(table)
        erasure.place = {"sampled": table.name}
    _end(erasure, needles, at)


def _end(erasure: Erasure, needles: Needles, at: datetime) -> None:
    vocabulary.forget(_learnt(needles))
    Client.objects.filter(pk=erasure.client_id).update(erased_at=erasure.asked_at)
    erasure.stage, erasure.done_at, erasure.sealed, erasure.files = Stage.DONE, at, None, []
    erasure.place = erasure.bounds = {}
    log.info("erasure done", erasure=erasure.pk, client=erasure.client_id, left=len(erasure.left_over))


def _learnt(needles: Needles) -> list[str]:
    with connection.cursor() as cursor:
        said = " ".join((*needles.addresses, *needles.names, *needles.shared))
        cursor.execute("SELECT array_agg(lexeme) FROM unnest(otklik_vector(%s))", [said])
        return list(cursor.fetchone()[0] or [])


_STEPS: dict[str, Callable[[Erasure, Person, datetime], None]] = {
    Stage.MARK: _mark,
    Stage.ADDRESSES: _addresses,
    Stage.REQUESTS: _requests,
    Stage.SWEEP: _sweep,
    Stage.LETTERS: _letters,
    Stage.CHECK: _check,
}
