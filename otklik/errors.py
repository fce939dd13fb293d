"""What a rule says when it says no.

Refusal              a rule said no: reason and next step for a person, a code for a program
├── Stale            somebody was quicker: what was seen is no longer so
└── NotAllowed       this person may not do this
"""

from http import HTTPStatus


class Refusal(Exception):
    """A rule said no. Middleware turns it into a page, a swap or API JSON (style §6).

    reason: what happened and why; next_step: what to do now. Both are Russian sentences for people.
    """

    code = "refused"
    status = HTTPStatus.CONFLICT
    retry_after_s: int | None = None  # for a program, where the same works a little later

    def __init__(self, reason: str, next_step: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.next_step = next_step


class Stale(Refusal):
    code = "stale"


class NotAllowed(Refusal):
    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
