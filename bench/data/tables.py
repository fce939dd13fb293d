"""The tables beside the messages, mostly by one statement each; and what has to be said to PostgreSQL around it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import psycopg

from bench.data.letters import NULL, subjects
from bench.data.plan import STATES, Plan
from bench.data.vocabulary import Vocabulary, firm, person

TEAMS = ("Помощь", "Хостинг", "Касса", "Бухгалтерия", "Доставка", "Сайт")
TAGS = ["оплата", "доставка", "возврат", "срочно", "ошибка", "вопрос", "касса", "сайт", "почта", "1С"]
BOX = """INSERT INTO channels_box (address, name, kind, preset, mode, team_id, imap_host, imap_port, imap_security,
    smtp_host, smtp_port, smtp_security, auth, username, keeps_sent, sent_folder, copy_to_self, history_days,
    connected_at, created_at, trouble, fuse_reason, authserv_id)
  VALUES ('help@primer.example', '', 'door', '', 'answer', 1, '', 993, 'tls', '', 465, 'tls', 'none', '', false, '',
    false, 90, now(), now(), '', '', '')"""


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do once, in one transaction; its name is what is remembered."""

    name: str
    do: Callable[[psycopg.Connection], None]


def before(plan: Plan, words: Vocabulary) -> list[Step]:
    """Whatever messages point to."""
    return [
        Step("people", lambda database: people(database, plan)),
        Step("requests", lambda database: requests(database, plan, words)),
    ]


def after() -> list[Step]:
    """Set-based, from the messages and requests that are there."""
    return [Step(name, runs(sql)) for name, sql in AFTER.items()]


def runs(sql: str) -> Callable[[psycopg.Connection], None]:
    def run(database: psycopg.Connection) -> None:
        for one in sql.split(";\n"):
            database.execute(one)

    return run


def people(database: psycopg.Connection, plan: Plan) -> None:
    """Agent n is of team 1 + (n-1) mod 6; the last user is the administrator."""
    size = plan.size
    with database.cursor() as cursor:
        cursor.executemany("INSERT INTO staff_team (id, name, level) VALUES (%s, %s, 1)", enumerate(TEAMS, 1))
        agents = [
            (n, f"agent{n}@primer.example", person(9 * n), "admin" if n > size.agents else "agent")
            for n in range(1, size.agents + 2)
        ]
        cursor.executemany(
            "INSERT INTO accounts_user (id, password, email, name, role, theme, language, is_active, created_at)"
            " VALUES (%s, '!', %s, %s, %s, 'system', 'ru', true, now())",
            agents,
        )
        cursor.executemany(
            "INSERT INTO staff_membership (user_id, team_id) VALUES (%s, %s)",
            [(n, (n - 1) % size.teams + 1) for n in range(1, size.agents + 1)],
        )
        cursor.executemany("INSERT INTO desk_tag (id, name) VALUES (%s, %s)", enumerate(TAGS, 1))
    database.execute(BOX)
    _copy(database, "clients_organisation (id, name, note, created_at)",
          (f"{n}\t{firm(n)}\t\t2020-01-01\n" for n in range(1, size.firms + 1)))  # fmt: skip
    _copy(database, "clients_client (id, name, position, note, created_at, organisation_id)",
          (f"{n}\t{person(n)}\t\t\t2020-01-01\t{n % size.firms + 1}\n"
           for n in range(1, size.clients + 1)))  # fmt: skip
    _copy(database, "clients_identity (id, client_id, kind, value, shown, name, created_at, bad_reason)",
          (f"{n}\t{n}\temail\t{_address(n)}\t{_address(n)}\t{person(n)}\t2020-01-01\t\n"
           for n in range(1, size.clients + 1)))  # fmt: skip


def requests(database: psycopg.Connection, plan: Plan, words: Vocabulary) -> None:
    pool = subjects(words)
    rng = np.random.default_rng(3)
    due = plan.until + rng.integers(-5 * 86_400, 20 * 86_400, plan.size.requests)

    def line(i: int) -> str:
        state = STATES[plan.state[i]]
        waits = state in {"new", "open", "waiting_other"}
        owner, client = int(plan.owner[i]), int(plan.client[i])
        ours = plan.count[i] % 2 == 0
        return (
            f"{i + 1}\t{1001 + i}\t{pool[plan.subject[i]]}\temail\t{state}\t1\t\t\t{_stamp(plan.created[i])}\t"
            f"{' '.join(words.draw(rng, 14))[:158]}\t{_stamp(plan.last[i])}\t{'agent' if ours else 'client'}\t"
            f"{'t' if waits and not ours else 'f'}\t{_stamp(due[i]) if waits else NULL}\t{'answer' if waits else ''}\t"
            f"1\t{client}\t{client % plan.size.firms + 1}\t{owner or NULL}\t{plan.team[i]}\n"
        )

    _copy(database, "desk_ticket (id, number, subject, channel, state, priority, purpose, result, created_at,"
          " last_words, last_message_at, last_by, unread, next_due_at, next_due_kind, box_id, client_id,"
        " organisation_id, owner_id,"
          " team_id)", (line(i) for i in range(plan.size.requests)))  # fmt: skip


def _copy(database: psycopg.Connection, into: str, rows: Iterator[str]) -> None:
    with database.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write(row)


def _address(client: int) -> str:
    return f"client{client}@firm{client % 997}.example"


def _stamp(seconds: np.int64) -> str:
    return str(np.datetime64(int(seconds), "s")) + "Z"


AFTER = {
    "participants": """INSERT INTO desk_participant (ticket_id, identity_id, part, since)
        SELECT id, client_id, 'requester', created_at FROM desk_ticket""",
    "recipients": """INSERT INTO desk_recipient (message_id, line, address, name)
        SELECT m.id, 'to', CASE direction WHEN 'in' THEN 'help@primer.example' ELSE i.value END, ''
          FROM desk_message m JOIN desk_ticket t ON t.id = m.ticket_id JOIN clients_identity i ON i.id = t.client_id
         ORDER BY m.id""",
    "deliveries": """INSERT INTO desk_delivery (message_id, address, state, attempts, began_at, ended_at, dot_at,
          reason, evidence, trace_id)
        SELECT m.id, i.value, 'sent', 1, m.at, m.at, m.at, '250 ok', '', '' FROM desk_message m
          JOIN desk_ticket t ON t.id = m.ticket_id JOIN clients_identity i ON i.id = t.client_id
         WHERE m.direction = 'out' ORDER BY m.id""",
    "files": """INSERT INTO desk_storedfile (sha256, size_bytes, created_at)
        SELECT encode(sha256(n::text::bytea), 'hex'), 20000 + n, now() FROM generate_series(1, 1000) n;
      INSERT INTO desk_attachment (message_id, file_id, name, type, content_id, inline)
        SELECT id, encode(sha256((1 + mod(id, 1000))::text::bytea), 'hex'),
          (ARRAY['накладная','счёт','акт_сверки','снимок экрана','выписка','ведомость'])[1 + mod(id, 6)]
            || '_' || id || (ARRAY['.pdf','.xlsx','.png','.docx'])[1 + mod(id, 4)], 'application/pdf', '', false
          FROM desk_message WHERE mod(id, 10) = 0""",
    "notes": """INSERT INTO desk_note (ticket_id, user_id, at, text)
        SELECT id, coalesce(owner_id, 1), last_message_at, 'Клиент звонил, ждёт. ' || last_words FROM desk_ticket
         WHERE mod(id, 5) = 0""",
    "tags": """INSERT INTO desk_ticket_tags (ticket_id, tag_id)
        SELECT id, 1 + mod(id, 10) FROM desk_ticket WHERE mod(id, 3) = 0""",
    "journal": """INSERT INTO journal_entry (at, actor, user_id, ticket_id, word, facts, audience, public)
        SELECT created_at, 'client', NULL, id, 'ticket.opened', '{"kind": "words", "circle": "client"}',
          ARRAY[team_id], true FROM desk_ticket;
      INSERT INTO journal_entry (at, actor, user_id, ticket_id, word, facts, audience, public)
        SELECT m.at, CASE direction WHEN 'in' THEN 'client' ELSE 'agent' END, m.user_id, m.ticket_id,
          CASE direction WHEN 'in' THEN 'message.received' ELSE 'message.written' END,
          jsonb_build_object('message', m.id, 'kind', 'words', 'circle', 'client', 'wakes', direction = 'in'),
          ARRAY[t.team_id], true
          FROM desk_message m JOIN desk_ticket t ON t.id = m.ticket_id;
      INSERT INTO journal_entry (at, actor, user_id, ticket_id, word, facts, audience, public)
        SELECT last_message_at, 'agent', owner_id, id, 'ticket.' || state, '{}', ARRAY[team_id], true
          FROM desk_ticket WHERE state IN ('solved', 'closed')""",
    "news": """INSERT INTO promises_nextnews (ticket_id, due_at, made_at, outcome, reason, counted)
        SELECT id, greatest(next_due_at, created_at), created_at, '', '', true FROM desk_ticket
         WHERE next_due_at IS NOT NULL;
      INSERT INTO promises_nextnews (ticket_id, due_at, made_at, ended_at, outcome, reason)
        SELECT id, last_message_at, created_at, last_message_at, 'kept', '' FROM desk_ticket
         WHERE next_due_at IS NULL""",
}
