"""Is this word of a name anybody else's? And where do others write a name: both by the index of the search, bounded.

A name is certainly a person's where each of its words stands in no other name here and in nobody's texts but within the
name itself. Whatever else is called so, or is an ordinary word («Отдел кадров», «Белый»), is left for people to judge:
words of others that were taken wrongly nobody can bring back, a name that was left stands in the list for them.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from otklik.privacy import needles
from otklik.privacy.needles import Needles
from otklik.russian import spelling

MOST = 50  # texts in which a word is looked for
PLACES = 200  # texts that are told of

_NAMES = """
    SELECT name FROM clients_client
     WHERE otklik_parts(name) @> otklik_parts(%(stem)s) AND name ~ %(word)s AND id <> %(client)s
    UNION ALL
    SELECT name FROM clients_identity
     WHERE position(%(stem)s IN translate(lower(name), 'ё', 'е')) > 0 AND name ~ %(word)s AND client_id <> %(client)s
    UNION ALL SELECT name FROM accounts_user WHERE name ~ %(word)s
    UNION ALL SELECT name FROM channels_box WHERE name ~ %(word)s
    UNION ALL SELECT name FROM clients_organisation WHERE name ~ %(word)s
    LIMIT 1
"""
_TEXTS = """
    (SELECT ticket_id, subject || E'\\n' || text FROM desk_message
      WHERE search @@ %(asked)s::tsquery AND NOT ticket_id = ANY(%(own)s) LIMIT %(most)s)
    UNION ALL
    (SELECT ticket_id, text FROM desk_note
      WHERE search @@ %(asked)s::tsquery AND NOT ticket_id = ANY(%(own)s) LIMIT %(most)s)
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Letters and notes of others that name somebody: how many (PLACES and more are not counted), their requests."""

    count: int
    tickets: list[int]

    @property
    def is_more(self) -> bool:
        return self.count >= PLACES


def rare(names: Collection[str], *, client_id: int, own: Sequence[int]) -> list[str]:
    """Words of these names that are nobody else's. own: requests that the person took part in."""
    within = re.compile(Needles((), tuple(names)).perhaps or "(?!)")
    asked = dict.fromkeys(word for name in names for word in needles.core(name) if len(word) > 2)
    return [one for one in asked if not _is_a_name(one, client_id) and not _is_said(one, within, own)]


def _is_a_name(word: str, client_id: int) -> bool:
    values: dict[str, str | int] = {
        "stem": word[: max(3, len(word) - 2)],
        "word": needles.alone(word),
        "client": client_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, values)
        return cursor.fetchone() is not None


def _is_said(word: str, within: re.Pattern[str], own: Sequence[int]) -> bool:
    """By others, apart from the name."""
    by_itself = re.compile(needles.alone(word))
    return any(by_itself.search(within.sub(" ", text)) for _ticket, text in _texts([word], own, MOST))


def where(known: Needles, *, own: Sequence[int]) -> tuple[Places, Places]:
    """Texts of others that would lose an address or a name, and those that may name the person and would not."""
    certain, perhaps = re.compile(known.everywhere or "(?!)"), re.compile(known.perhaps or "(?!)")
    asked = [[one] for one in known.addresses] + [needles.core(one) for one in (*known.names, *known.shared)]
    found = {(ticket, text) for words in asked if words for ticket, text in _texts(words, own, PLACES)}
    lost = [ticket for ticket, text in found if certain.search(text)]
    left = [ticket for ticket, text in found if perhaps.search(certain.sub(" ", text))]
    return _places(lost), _places(left)


def _places(tickets: Iterable[int]) -> Places:
    known = list(tickets)
    return Places(len(known), sorted(set(known)))


def _texts(words: Iterable[str], own: Sequence[int], most: int) -> list[tuple[int, str]]:
    """Texts of others with all of these words, each in any of its forms."""
    with connection.cursor() as cursor:
        asked = " & ".join(f"({one})" for word in words if (one := _forms(word)))
        if not asked:
            return []
        cursor.execute(_TEXTS, {"asked": asked, "own": list(own), "most": most})
        return [(int(ticket), str(text)) for ticket, text in cursor.fetchall()]


def _forms(word: str) -> str:
    """A tsquery: any stem of any form of the word, or all parts of an address."""
    forms = spelling.cases(word)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_literal(lexeme), %s) FROM unnest(otklik_vector(%s))",
            [" | " if forms else " & ", " ".join(forms) or word],
        )
        return str(cursor.fetchone()[0] or "")
