"""Templates that a room further right adds to a template of the desk: drawn with it, so a stencil costs no more.

{% inserts "composer.under" as parts %}{% for one in parts %}{% include one %}{% endfor %}
"""

_inserts: dict[str, list[tuple[int, str]]] = {}


def add(place: str, template: str, order: int) -> None:
    """Called in the room's AppConfig.ready(). The template sees what the one around it sees, and asks no database."""
    known = _inserts.setdefault(place, [])
    if (order, template) not in known:
        known.append((order, template))
        known.sort()


def of(place: str) -> list[str]:
    """Names of templates in their order."""
    return [template for _order, template in _inserts.get(place, [])]
