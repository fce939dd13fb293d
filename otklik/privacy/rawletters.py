"""Letters as they came, of the erased: no bytes, no addresses, and a keyed fingerprint so that they don't come again.

Place and number in the box stay, so that the ledger and the cursor are right as before.
"""

import re
from collections.abc import Collection, Iterable

from django.db import connection

from otklik.accounts import prints
from otklik.channels.models import Envelope

WORD = "erased"  # Envelope.decision
REASON = "Письмо стёрто вместе с данными клиента."
STEP = 200  # letters whose bytes one statement looks through

_FORGET = """
    UPDATE channels_envelope SET raw = NULL, key = new.print, mail_from = '', rcpt_to = '{}', charset = '',
        state = 'decided', decision = CASE WHEN decision = '' THEN %s ELSE decision END, reason = %s,
        done_at = coalesce(done_at, now())
    FROM unnest(%s::bigint[], %s::text[]) AS new (id, print) WHERE channels_envelope.id = new.id
"""
# bytes in any case: what is no ASCII stands there as \\320 (escape)
_NAMING = """
    SELECT id, raw FROM (SELECT id, raw, lower(encode(raw, 'escape')) AS said FROM channels_envelope
                          WHERE id > %s AND id <= %s AND raw IS NOT NULL AND state <> 'new' OFFSET 0) AS letters
     WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) AS known (word) WHERE position(word IN said) > 0)
"""
_STUB = """
    INSERT INTO channels_envelope (box_id, key, source, raw, size_bytes, received_at, mail_from, rcpt_to, folder,
        uidvalidity, uid, history, charset, state, decision, reason, attempts, done_at)
    SELECT box.id, known.print, 'imap', NULL, 0, now(), '', '{}', '', NULL, NULL, false, '', 'decided', %s, %s, 0, now()
      FROM unnest(%s::bigint[], %s::text[]) AS known (box_id, print) JOIN channels_box box ON box.id = known.box_id
        ON CONFLICT (box_id, key) DO NOTHING
"""


def forget(pks: Collection[int]) -> list[tuple[int, str]]:
    """Returns the box and the fingerprint of each that was not forgotten yet."""
    rows = Envelope.objects.filter(pk__in=pks).exclude(reason=REASON).values_list("pk", "box_id", "key")
    known = [(pk, box, prints.of_letter(key)) for pk, box, key in rows]
    with connection.cursor() as cursor:
        # after a restore its fingerprint may stand there already (keep_away)
        Envelope.objects.filter(key__in=[one[2] for one in known], size_bytes=0).delete()
        cursor.execute(_FORGET, [WORD, REASON, [one[0] for one in known], [one[2] for one in known]])
    return [(box, print_) for _pk, box, print_ in known]


def of_messages(pks: Collection[int]) -> list[int]:
    return list(Envelope.objects.filter(message__in=pks).values_list("pk", flat=True))


def naming(addresses: Iterable[str], *, after: int, until: int) -> list[int]:
    """Settled letters among these ids whose bytes name an address: returns, copies of ours, letters of others."""
    known = [one.encode() for one in addresses]
    forms = [_escaped(one.replace(b"@", sign)) for one in known for sign in (b"@", b"=", b"%40")]
    exact = re.compile(b"|".join(map(_exactly, known)) or b"(?!)", re.IGNORECASE)
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [after, until, forms])
        return [int(pk) for pk, raw in cursor.fetchall() if exact.search(bytes(raw))]


def _escaped(word: bytes) -> str:
    return "".join(chr(one) if one < 128 else f"\\{one:03o}" for one in word.lower())


def _exactly(address: bytes) -> bytes:
    """Not within a longer address, as in needles."""
    local, _at, domain = (re.escape(part) for part in address.partition(b"@"))
    form = local + b"(?:@|%40|=)" + domain if domain else local
    return rb"(?<![0-9A-Za-z_.-])" + form + rb"(?![0-9A-Za-z_-]|\.[0-9A-Za-z])"


def keep_away(known: Iterable[tuple[int, str]]) -> None:
    """After a restore from before an erasure: letters that came and went since then must not come again."""
    rows = list(known)
    with connection.cursor() as cursor:
        cursor.execute(_STUB, [WORD, REASON, [one[0] for one in rows], [one[1] for one in rows]])
