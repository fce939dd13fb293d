"""Sessions of browsers: what a page wants to say next may name the person, packed so that no pattern finds it."""

import json

from otklik.accounts.models import Session
from otklik.accounts.sessions import SessionStore
from otklik.privacy.needles import Needles

_MESSAGES = "_messages"  # of django.contrib.messages


def clean(needles: Needles) -> int:
    """Take such words out; returns how many sessions had them."""
    found = 0
    for row in Session.objects.all():
        kept = row.get_decoded()
        if needles.cleaned(json.dumps(kept, ensure_ascii=False)) == json.dumps(kept, ensure_ascii=False):
            continue
        kept = {name: value for name, value in kept.items() if name != _MESSAGES}
        packed = SessionStore().encode(kept)
        found += Session.objects.filter(pk=row.pk).update(session_data=packed)
    return found
