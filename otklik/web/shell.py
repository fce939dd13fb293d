"""What every page of the desk has: who is here, the address of the live stream."""

from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else "system"
    return {"theme": theme}
