"""Django's DATABASES out of PostgreSQL's addresses."""

from urllib.parse import parse_qsl, unquote, urlsplit

from otklik import replica
from otklik.env import Env


def databases(env: Env) -> dict[str, dict[str, object]]:
    """The primary, and the replica where there is one."""
    found = {"default": database(env.database_url)}
    if (
        env.listen_url != env.database_url
    ):  # a pooler stands before it: a cursor would outlive its server's transaction
        found["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    if env.replica_url:
        found[replica.ALIAS] = database(
            env.replica_url, application_name="otklik lagging", **replica.PATIENCE
        )
        found[replica.ALIAS]["TEST"] = {"MIRROR": "default"}
    return found


def database(url: str, **more: str | int) -> dict[str, object]:
    """more: options that the address itself may overrule.

    url: postgresql://user:password@host:port/name?option=value; a socket folder may stand in ?host=."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "otklik.site.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "otklik",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "otklik", "connect_timeout": 5, **more, **options},
    }
