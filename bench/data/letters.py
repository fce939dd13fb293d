"""The lines of messages for COPY: words by the vocabulary, planted words where the plan says."""

from collections.abc import Iterator

import numpy as np

from bench.data.plan import SEED, Plan
from bench.data.vocabulary import Vocabulary, person

COLUMNS = (
    "id, ticket_id, direction, circle, kind, channel, box_id, user_id, identity_id, author_name, confirmed, at, "
    'said_at, subject, text, html, reply_text, quoted_text, message_id, in_reply_to, "references", odd, send_after'
)
CHUNK = 50_000
NULL = "\\N"


def subjects(words: Vocabulary) -> list[str]:
    """The pool that requests take their subjects from."""
    rng = np.random.default_rng(SEED)
    return [" ".join(words.draw(rng, int(rng.integers(3, 7)))).capitalize() for _ in range(20_000)]


def lines(plan: Plan, begin: int, end: int, words: Vocabulary, pool: list[str]) -> Iterator[str]:
    """One line of COPY for each of these messages; the same whenever it is asked."""
    rng = np.random.default_rng((SEED, begin))
    lengths = np.clip(rng.lognormal(3.1, 0.6, end - begin), 5, 250).astype(np.int64)
    stream = words.draw(rng, int(lengths.sum()))
    stop = 0
    for index, length in zip(range(begin, end), lengths.tolist(), strict=True):
        start, stop = stop, stop + length
        yield _line(plan, index, _text(stream[start:stop], plan.planted.get(index)), pool)


def is_out(plan: Plan, index: int) -> bool:
    """Every second message is ours."""
    return bool(plan.place[index] % 2)


def _text(drawn: list[str], planted: list[str] | None) -> str:
    for number, form in enumerate(planted or ()):
        drawn.insert((7 * number + 3) % len(drawn), form)
    half = len(drawn) // 2
    return f"{' '.join(drawn[:half]).capitalize()}. {' '.join(drawn[half:]).capitalize()}."


def _line(plan: Plan, index: int, text: str, pool: list[str]) -> str:
    ticket = int(plan.ticket_of[index])
    client, owner = int(plan.client[ticket]), int(plan.owner[ticket]) or 1
    at = _stamp(int(plan.at[index]))
    first = plan.place[index] == 0
    subject = pool[plan.subject[ticket]]
    name = person(client)
    if is_out(plan, index):
        said = f"{name.split(' ')[0]}, добрый день!\\n{text}\\nС уважением, {person(9 * owner)}"
        who, letter = (f"{owner}\t{NULL}", f"t.{1000 + ticket}.m.{index}@primer.example")
        direction, after = "out", at
    else:
        said = f"Здравствуйте!\\n{text}\\n{name}"
        who, letter = (f"{NULL}\t{client}", f"letter{index}@firm{client}.example")
        direction, after = "in", NULL
    return (
        f"{index + 1}\t{ticket + 1}\t{direction}\tclient\twords\temail\t1\t{who}\t{name}\tt\t{at}\t{NULL}\t"
        f"{'' if first else 'Re: '}{subject}\t{said}\t\t{said}\t\t{letter}\t\t\t[]\t{after}\n"
    )


def _stamp(seconds: int) -> str:
    return str(np.datetime64(seconds, "s")) + "Z"
