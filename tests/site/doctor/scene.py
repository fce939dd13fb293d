"""How the findings of a check are asked for."""

from otklik.env import Env
from otklik.site.doctor.finding import Check


def bad(check: Check, installation: Env) -> list[str]:
    """What is wrong, each with its advice."""
    found = [one for one in check(installation) if not one.good]
    assert all(one.advice.strip() for one in found), "each fault says what to do"
    return [one.text for one in found]
