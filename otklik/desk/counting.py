"""What waits for the one who looks: the number on the rail."""

from django.http import HttpRequest

from otklik.accounts.models import User
from otklik.desk import lists


def waiting(request: HttpRequest) -> int:
    """Taken from the page where it has counted already, else one query."""
    counted = getattr(request, "waiting", None)
    if isinstance(counted, int):
        return counted
    return lists.waits(request.user) if isinstance(request.user, User) else 0
