"""Every address of the product: the rows of the second table of docs/rights.md."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from otklik.clients.models import Identity
from otklik.sla import calendars
from tests import make
from tests.rights.scene import Scene

# Not for this table: (beginning of a name, why and where it is tested instead).
ELSEWHERE = {
    "practice:": "только в демо: tests/site/test_practice.py",
    "admin:": "одна строка «admin:index»: tests/accounts/test_operator.py",
    "api-coach": "ключи, второе имя api:coach: tests/assist/test_api.py",
    "api:": "ключи, не сеансы: первая таблица и tests/accounts/test_keys.py",
    "first-run": "пока некому войти: tests/accounts/test_first_run.py",
    "operator-login": "ведёт ко входу: tests/accounts/test_operator.py",
    "account_login": "второе имя страницы входа",
    "sign-out": "закрывает сеанс: tests/accounts/test_sign_in.py",
    "mfa_authenticate": "после пароля: tests/accounts/test_second_factor.py",
    "passkey": "ключом: tests/accounts/test_passkeys.py",
    "service-enter": "уводит к службе: tests/accounts/test_services.py",
    "openid_connect_callback": "возврат от службы: tests/accounts/test_services.py",
    "sessions-end": "закрывает свои сеансы: tests/accounts/test_sessions.py",
    "desk:draft-picture": "только своё: tests/desk/test_pages_pictures.py",
    "desk:undo": "только своё: tests/desk/test_pages_rights.py",
    "desk:detach": "только своё: tests/desk/test_pages_rights.py",
    "desk:letter-detach": "только своё: tests/desk/test_pages_rights.py",
    "desk:blocking": "нужен адрес: tests/desk/test_pages_rights.py",
    "upkeep:retry": "нужно упавшее задание: tests/site/test_upkeep.py",
    "channels:check-one": "шаг проверки по имени: tests/channels/test_pages.py",
    "channels:outgoing": "только не подключённый ящик: tests/channels/test_outgoing.py",
    "channels:granted": "возврат от почтовой службы: tests/channels/test_connecting.py",
}


def names() -> list[str]:
    """Of all addresses, without those of Django's admin but its first page."""
    return sorted({*_walk(get_resolver(), ""), "admin:index"})


def _walk(resolver: URLResolver, space: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from _walk(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name or one.pattern}"


def for_the_table() -> list[str]:
    return [one for one in names() if one == "admin:index" or not one.startswith(tuple(ELSEWHERE))]


def address(name: str, scene: Scene) -> str:
    """With what it needs out of the scene. A new address with a new kind of part fails here: add it."""
    return reverse(name, kwargs=_parts(name, scene))


def _parts(name: str, scene: Scene) -> dict[str, object]:
    if name.startswith("journeys:") and name not in {
        "journeys:ask",
        "journeys:preview",
        "journeys:now",
        "journeys:gift",
        "journeys:offer",
        "journeys:waits",
    }:
        token = make.page(scene.ticket, Identity.objects.get()).strip("/").split("/")[1]
        return {
            "token": token,
            **({"pk": _file_of(name, scene)} if name.endswith((":file", ":picture")) else {}),
        }
    known: dict[str, object] = {
        "number": scene.ticket.number, "mode": "letter" if name.startswith("desk:letter-") else "reply",
        "content_id": "scheme", "token": scene.link, "name": "imap" if name.startswith("channels") else "x" * 20,
        "pk": _pk(name, scene), "version": 0, "rule": "shouting", "of": "organisation",
    }  # fmt: skip
    wanted = _wanted(name)
    return {part: known[part] for part in wanted}


def _wanted(name: str) -> set[str]:
    possible = get_resolver()
    space, _, last = name.rpartition(":")
    for part in filter(None, space.split(":")):
        possible = possible.namespace_dict[part][1]
    found = possible.reverse_dict.getlist(last)
    return set(found[-1][0][0][1]) if found else set()


def _pk(name: str, scene: Scene) -> int:
    for sign, row in {
        "promises:": scene.promise, "assist:": scene.ours, "desk:lead-r": scene.hand_over, "desk:lead": scene.person,
        "privacy:withdrawal": scene.consent, "privacy:download": scene.export, "privacy:": scene.ticket.client,
        "sla:calendar": calendars.default(), "sla:uncover": scene.cover,
        "sla:incident": scene.incident, "sla:account": scene.account,
        "sla:replay": scene.replay, "sla:report": scene.firm,
        "sla:print": scene.tier.versions.get(), "sla:": scene.tier,
        "person": scene.person, "role": scene.own, "team": scene.ours, "key": scene.key, "service": scene.service,
        "outbox:": scene.delivery, "channels:raw": scene.envelope, "channels:reread": scene.envelope,
        "upkeep:reread": scene.envelope, "upkeep:": scene.delivery,
        "channels:": scene.box, "desk:file": scene.file, "desk:picture": scene.picture, "desk:": scene.message,
    }.items():  # fmt: skip
        if name.startswith(sign):
            return int(row.pk)
    return 1


def _file_of(name: str, scene: Scene) -> int:
    return (scene.picture if name.endswith("picture") else scene.file).pk
