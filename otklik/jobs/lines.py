"""Lines to the database whose locks say that their process lives."""

import psycopg

# A machine that loses its power closes nothing: the server asks after 15 s and lets locks go after 30, not two hours.
_KEEPALIVES = (
    "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
    "SET tcp_user_timeout = 30000"
)


def vital(url: str, application_name: str) -> psycopg.Connection[tuple[object, ...]]:
    """A line of its own, each statement for itself; it ends within half a minute of its process, however that ended."""
    line = psycopg.connect(url, autocommit=True, application_name=application_name)
    line.execute(_KEEPALIVES)
    return line
