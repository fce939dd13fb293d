"""Letters as they came, of the erased: no bytes, no addresses, and a keyed fingerprint so that they don't come again.

Place and number in the box stay, so that the ledger and the cursor are right as before.
"""

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
_NAMING = """
    SELECT id FROM channels_envelope WHERE id > %s AND id <= %s AND raw IS NOT NULL AND state <> 'new'
       AND EXISTS (SELECT 1 FROM unnest(%s::bytea[]) AS known (word) WHERE position(word IN raw) > 0)
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
    known = list(
        dict.fromkeys(one.encode() for address in addresses for one in (address, address.replace("@", "=")))
    )
    with connection.cursor() as cursor:
        cursor.execute(_NAMING, [after, until, known])
        return [int(pk) for (pk,) in cursor.fetchall()]


def keep_away(known: Iterable[tuple[int, str]]) -> None:
    """After a restore from before an erasure: letters that came and went since then must not come again."""
    rows = list(known)
    with connection.cursor() as cursor:
        cursor.execute(_STUB, [WORD, REASON, [one[0] for one in rows], [one[1] for one in rows]])
