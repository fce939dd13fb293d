"""Run in the town's environment: tables, a team, agents with sessions, a box. The last line tells the play as JSON."""

import json
import sys
from datetime import timedelta


def main(smtp_port: str, copy_to_self: str) -> None:
    from otklik.site import preparing

    preparing.migrate()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from otklik.accounts.sessions import SessionStore
    from otklik.channels.models import Box
    from otklik.staff.models import Profile
    from tests import make

    team = make.team("Помощь")
    box = make.box(
        "help@primer.example", team=team, smtp_host="127.0.0.1", smtp_port=int(smtp_port),
        smtp_security=Box.Security.NONE, copy_to_self=copy_to_self == "yes",
        connected_at=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    sessions = []
    for name in ("Аня Орлова", "Олег Ли"):
        agent = make.agent(name, team=team)
        Profile.objects.filter(user=agent).update(undo_s=0)
        session = SessionStore()
        session[SESSION_KEY] = str(agent.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    sys.stdout.write(json.dumps({"box": box.pk, "sessions": sessions}))


if __name__ == "__main__":
    main(*sys.argv[1:])
