"""What a check says, and how one comes by Django."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps

from otklik.env import Env


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. advice: what to do when it isn't good, or warns: it works, but could be better."""

    good: bool
    text: str
    advice: str = ""
    warns: bool = False


Check = Callable[[Env], Iterator[Finding]]


def has_django(env: Env) -> bool:
    """Bring Django up, if it has what it needs to start."""
    if not (env.secret_key and env.database_url):
        return False
    from otklik.site import roles

    roles.django()
    return True


def with_tables(check: Check) -> Check:
    """A check that reads tables: says nothing where they can't be read, since other checks tell that."""

    @wraps(check)
    def guarded(env: Env) -> Iterator[Finding]:
        if not has_django(env):
            return
        from django.db import DatabaseError

        try:
            yield from list(check(env))
        except DatabaseError:
            return

    return guarded


def some(numbers: list[object]) -> str:
    """The first five of many, for a line of text."""
    shown = ", ".join(str(one) for one in numbers[:5])
    return f"{shown} …" if len(numbers) > 5 else shown
