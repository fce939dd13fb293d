"""What the checks of a box that is being connected have shown so far: kept in the administrator's session."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from django.http import HttpRequest

from otklik.channels import support
from otklik.channels.email import checking, troubles
from otklik.channels.email.checking import Result
from otklik.channels.email.troubles import Trouble
from otklik.channels.models import Box

KEY = "box-checks"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list. state: ok, bad, now (it runs, or waits for its letter) or later."""

    name: str
    state: str
    title: str
    words: str
    took: str = ""
    trouble: Trouble | None = None
    asks_secret: bool = False
    support: str = ""  # for the one who helps


def lines(request: HttpRequest, box: Box) -> list[Line]:
    """The list as it stands; the first check that has not run is «now» unless one before it failed."""
    known, raw = _kept(request, box), _raw(request, box)
    shown: list[Line] = []
    stopped = False
    for check in checking.checks():
        result = known.get(check.name)
        if result is not None:
            shown.append(_line(result, box, datetime.fromtimestamp(float(str(raw[check.name]["at"])), UTC)))
            stopped = stopped or not result.ok or result.waits
        else:
            shown.append(Line(check.name, "later" if stopped else "now", check.title, check.words))
            stopped = True
    return shown


def are_done(known: Sequence[Line]) -> bool:
    """Whether letters can be read: the way out was checked too, but its failure doesn't hold anybody."""
    by_name = {line.name: line.state for line in known}
    return by_name.get("reading") == "ok" and by_name.get("sending") in {"ok", "bad"}


def run(request: HttpRequest, box: Box, name: str, *, at: datetime) -> Result:
    """Run one check, or ask again whether its letter has come; remember what it showed."""
    waiting = _kept(request, box).get(name)
    if waiting is not None and waiting.waits:
        sent_at = datetime.fromtimestamp(float(str(_raw(request, box)[name]["at"])), UTC)
        result = checking.returned(box, waiting.token, sent_at=sent_at, at=at)
        began = sent_at
    else:
        result, began = checking.run(name, box), at
    checks = request.session.setdefault(KEY, {})
    checks.setdefault(str(box.pk), {})[name] = {**asdict(result), "at": began.timestamp()}
    request.session.modified = True
    return result


def forget(request: HttpRequest, box: Box) -> None:
    """Begin anew: the password or the servers are others now."""
    request.session.setdefault(KEY, {}).pop(str(box.pk), None)
    request.session.modified = True


def _line(result: Result, box: Box, at: datetime) -> Line:
    state = "bad" if not result.ok else "now" if result.waits else "ok"
    trouble = result.trouble
    asks = bool(trouble and trouble.is_sign_in and box.auth == Box.Auth.PASSWORD)
    told = (
        "" if result.ok
        else support.words(box, what=result.title, why=result.words, said=trouble.said if trouble else "", at=at)
    )  # fmt: skip
    took = checking.spoken(result.took_s)
    return Line(result.name, state, result.title, result.words, took, trouble, asks, told)


def _raw(request: HttpRequest, box: Box) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = request.session.get(KEY, {}).get(str(box.pk), {})
    return found


def _kept(request: HttpRequest, box: Box) -> dict[str, Result]:
    return {name: _result(stored) for name, stored in _raw(request, box).items()}


def _result(stored: dict[str, object]) -> Result:
    told = stored.get("trouble")
    trouble = None
    if isinstance(told, dict):
        trouble = Trouble(**{**told, "steps": tuple(told["steps"])})
    return Result(
        str(stored["name"]), bool(stored["ok"]), str(stored["title"]), str(stored["words"]),
        float(str(stored["took_s"])), trouble, str(stored["token"]), bool(stored["waits"]),
    )  # fmt: skip


def secret_hint(box: Box, secret: str) -> str:
    """What is odd about the password that was not taken; '' when nothing is."""
    return troubles.password_hint(box, secret)
