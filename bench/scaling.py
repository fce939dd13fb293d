"""One size measured from outside, by HTTP; a line of JSON a figure. Run by bench.scale, which sets the variables."""

import json
import os
import re
import secrets
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any  # of what Django's wrappers pass on
from urllib.parse import quote, urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402 - after django.setup()
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from bench import quiet, sweeping  # noqa: E402
from bench.data.vocabulary import PLANTED  # noqa: E402
from otklik import rows  # noqa: E402
from otklik.accounts.models import User  # noqa: E402
from otklik.desk import searching  # noqa: E402
from otklik.desk.search import vocabulary  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
PORT = int(os.environ["OTKLIK_PORT"])
CLIENTS, CLIENT_PAGES = 8, 60
WARM = 12
TRIES = 6
HOST = {"Host": "localhost"}
# in more places than are read one by one, at 1,000,000 requests
MANY = {
    "a surname": ["Соколова", "Воробьёва", "Медведев"], "a name of every third file": ["накладная", "выписка"],
    "a word begun": ["рабо", "прогр"],
}  # fmt: skip
SWAP = {"HX_Request": "true", "HX_Target": "work"}  # as htmx asks for a part of a page
WEB_PID = int(os.environ["BENCH_WEB_PID"])


def main(wanted: Sequence[str]) -> None:
    agent, admin = User.objects.get(pk=1), User.objects.get(role="admin")
    learn()
    wait_for_pages()
    settings.ALLOWED_HOSTS = ["*"]
    parts: dict[str, Callable[[User, User], None]] = {
        "queue": queue, "open": opening, "search": search, "reply": reply, "sweep": sweep
    }  # fmt: skip
    for name, part in parts.items():
        if not wanted or name in wanted:
            part(agent, admin)
    plans(agent, admin)


def learn() -> None:
    """The words of the made messages, as the product's loop would have learnt them; once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM desk_word), (SELECT max(id) FROM desk_message)")
        done, last = cursor.fetchone()
        if done:
            return
        started = time.monotonic()
        for begin in range(1, last + 1, 50_000):
            with transaction.atomic():
                vocabulary.learn(range(begin, min(begin + 50_000, last + 1)))
        cursor.execute(
            "INSERT INTO journal_follower (name, tx, entry_id) SELECT 'words', tx, id FROM journal_entry"
            " ORDER BY tx DESC, id DESC LIMIT 1 ON CONFLICT DO NOTHING"
        )
        cursor.execute("VACUUM ANALYZE desk_word")
        cursor.execute("ANALYZE")
    print(f"words learnt in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def wait_for_pages(limit_s: float = 60) -> None:
    """Until the web process takes connections."""
    until = time.monotonic() + limit_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
        except OSError:
            assert time.monotonic() < until, "the pages did not start"
            time.sleep(0.1)
        else:
            return


class Browser:
    """One signed-in person on one open connection."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        self._cookies = {name: one.value for name, one in client.cookies.items()}
        self._last_at = 0.0
        self._line = HTTPConnection("127.0.0.1", PORT, timeout=60)
        self.get("/desk/")

    def get(self, address: str, **headers: str) -> float:
        """Milliseconds until the whole answer is here."""
        return self._ask("GET", address, None, headers)

    def post(self, address: str, fields: dict[str, object], **headers: str) -> float:
        body = urlencode({**fields, "csrfmiddlewaretoken": self._token()})
        return self._ask("POST", address, body, headers)

    def _token(self) -> str:
        return self._cookies.setdefault("csrftoken", "c" * 32)

    def _ask(self, method: str, address: str, body: str | None, more: dict[str, str]) -> float:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {**HOST, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        if time.monotonic() - self._last_at > 1:
            self._line.close()  # the server leaves an idle line; the next request opens one
        began = time.perf_counter()
        self._line.request(method, address, body, headers)
        answer = self._line.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        self._last_at = time.monotonic()
        assert answer.status in {200, 302}, (address, answer.status)
        return took


def queue(agent: User, admin: User) -> None:
    mine, all_of_it = Browser(agent), Browser(admin)
    rounds("queue, mine", [lambda: mine.get("/desk/")] * ROUNDS)
    rounds("queue, all of my team", [lambda: mine.get("/desk/?view=all")] * ROUNDS)
    rounds("queue, all, administrator", [lambda: all_of_it.get("/desk/?view=all")] * ROUNDS)
    for view in ("solved", "waiting", "spam"):
        times = [all_of_it.get(f"/desk/?view={view}") for _ in range(ROUNDS)]
        told(f"queue, {view}, administrator, p50", statistics.median(times))
    quiet.wait()
    told("queue pages a second, 8 clients", pages_a_second(agent))


def pages_a_second(agent: User) -> float:
    browsers = [Browser(agent) for _ in range(CLIENTS)]
    threads = [
        threading.Thread(target=lambda one=one: [one.get("/desk/") for _ in range(CLIENT_PAGES)])
        for one in browsers
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return CLIENTS * CLIENT_PAGES / (time.perf_counter() - began)


def opening(_agent: User, admin: User) -> None:
    browser = Browser(admin)
    for messages in (2, 20):
        numbers = numbers_with(messages, ROUNDS)
        asks = [partial(browser.get, f"/desk/{number}/") for number in numbers]
        first_time(f"a request with {messages} messages", asks)
        rounds(f"a request with {messages} messages", asks)
    swaps = [partial(browser.get, f"/desk/{number}/", **SWAP) for number in numbers_with(20, ROUNDS)]
    rounds("a request with 20 messages, chosen in the list", swaps)


def first_time(name: str, asks: Sequence[Callable[[], float]]) -> None:
    """What lies on the disk comes into memory: at a large size each of these reads some sixty pages that nobody has
    read for long, at a small one there are fewer requests than rounds. The rounds after it compare like with like.
    """
    for _ in range(WARM):  # connections and plans
        asks[-1]()
    told(f"{name}, opened for the first time, p50", statistics.median(ask() for ask in asks))


def numbers_with(messages: int, count: int) -> list[int]:
    """Requests with so many messages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.number FROM desk_ticket t WHERE t.id > 500 AND"
            " (SELECT count(*) FROM desk_message WHERE ticket_id = t.id) = %s LIMIT %s",
            [messages, count],
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return (numbers * count)[:count]


def search(agent: User, admin: User) -> None:
    browser = Browser(admin)
    for hits, words in PLANTED.items():
        for forms in words.values():
            for form in forms:
                found = searching.search(admin, form)
                assert found.total == min(hits, 1000), (form, found.total)
        asked = [form for forms in words.values() for form in forms] * ROUNDS
        rounds(f"search, {hits:,} hits", [partial(searched, browser, one) for one in asked[:ROUNDS]])
    theirs = Browser(agent)
    told(
        "search, 5,000 hits, agent of one team, p50",
        median(theirs, [form for f in PLANTED[5000].values() for form in f]),
    )
    told(
        "search, a word of every second letter, p50", median(browser, ["здравствуйте", "уважением", "добрый"])
    )
    told(
        "search, a word of one letter in fifty, p50",
        median(browser, ["ошибка", "бухгалтеру", "телефон", "ссылка"]),
    )
    for name, many in MANY.items():
        told(f"search, {name}, p50", median(browser, many))
        told(f"search, {name}, agent of one team, p50", median(theirs, many))
    told("search, two words, p50", median(browser, ["договор сервер", "касса ошибка", "отчёт пароль"]))
    told("search, part of an address, p50", median(browser, ["client4242", "firm77", "nt512@firm"]))
    told("search, a slip with offers, p50", median(browser, ["маршрутизатар", "дамофон", "терминла"]))
    told("search, the other keyboard, p50", median(browser, ["ljujdjh", "nthvbyfk"]))


def searched(browser: Browser, text: str) -> float:
    return browser.get(f"/desk/search/?q={quote(text)}")


def median(browser: Browser, texts: Sequence[str]) -> float:
    for text in texts:
        searched(browser, text)
    return statistics.median(searched(browser, text) for text in (list(texts) * 7)[:21])


def reply(agent: User, _admin: User) -> None:
    """Answers to requests of one's own, as a plain form posts them, and as the page of somebody with JavaScript."""
    browser = Browser(agent)
    plain: list[Callable[[], float]] = []
    swaps: list[Callable[[], float]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.number, max(m.id), (SELECT value FROM clients_identity WHERE id = t.client_id) FROM desk_ticket"
            " t JOIN desk_message m ON m.ticket_id = t.id WHERE t.owner_id = %s"
            " AND t.state IN ('new', 'open', 'waiting_client', 'waiting_other') GROUP BY t.id"
            " LIMIT %s",
            [agent.pk, ROUNDS],
        )
        rows = cursor.fetchall()
    for number, seen, address in rows:
        browser.get(f"/desk/{number}/")  # who answers a request has it before them
        fields = {
            "text": "Добрый день! Проверили, всё работает.",
            "to": address,
            "box": 1,
            "seen": seen,
            "force": "1",
        }
        plain.append(partial(answered, browser, number, fields))
        swaps.append(partial(answered, browser, number, fields, **SWAP))
    rounds("reply accepted", plain)
    rounds("reply accepted, with a clean composer", swaps)


def answered(browser: Browser, number: int, fields: dict[str, object], **headers: str) -> float:
    """Each time an answer of its own: a sheet that was used before would give the first one."""
    return browser.post(f"/desk/{number}/reply/", {**fields, "sheet": secrets.token_hex(16)}, **headers)


def sweep(_agent: User, _admin: User) -> None:
    for name, value in sweeping.figures():
        told(name, value)


def processor_ms() -> float:
    """What the pages' processes and PostgreSQL's have used up so far: tells more than the clock on a busy machine."""
    return sum(_used_ns(Path("/proc", str(pid))) for pid in _serving()) / 1e6


def _used_ns(process: Path) -> int:
    try:
        return sum(int((one / "schedstat").read_text().split()[0]) for one in (process / "task").iterdir())
    except OSError:
        return 0


def _serving() -> list[int]:
    """The web process with its workers, and every session of this server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        sessions = [pid for (pid,) in cursor.fetchall()]
    children = Path("/proc", str(WEB_PID), "task", str(WEB_PID), "children").read_text().split()
    return [WEB_PID, *map(int, children), *sessions]


def rounds(name: str, asks: Sequence[Callable[[], float]]) -> None:
    """p50 and p95 of these, and the processor's time of one. Each thread of the pages gets its connection before.

    A machine that is shared with others slows down for seconds: what was measured meanwhile is measured again, TRIES
    times at most, and said when none was quiet.
    """
    for ask in asks[:WARM]:
        ask()
    tried: list[tuple[float, float, list[float]]] = []  # the slower loop beside it, processor, times
    while not tried or (tried[-1][0] > quiet.USUAL_MS and len(tried) < TRIES):
        quiet.wait()
        loop, before = quiet.loop_ms(), processor_ms()
        times = [ask() for ask in asks]
        used = (processor_ms() - before) / len(asks)
        tried.append((max(loop, quiet.loop_ms()), used, times))
    loop, used, times = min(tried, key=lambda one: one[0])
    if loop > quiet.USUAL_MS:
        told(f"{name}: the machine was slow, its loop took", loop)
    told(f"{name}, processor", used)
    percentiles(name, times)


def percentiles(name: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    told(f"{name}, p50", statistics.median(ordered))
    told(f"{name}, p95", ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])


def told(name: str, value: float) -> None:
    print(json.dumps([name, round(value, 3)]), flush=True)


def plans(agent: User, admin: User) -> None:
    """EXPLAIN of every query of the pages that were measured; of prepared ones the plan for any values."""
    pages = [(agent, "/desk/"), (admin, "/desk/?view=all"), (admin, f"/desk/{numbers_with(20, 1)[0]}/")]
    asked = [*(next(iter(words)) for words in PLANTED.values()), *(words[0] for words in MANY.values())]
    pages += [(user, f"/desk/search/?q={quote(text)}") for text in asked for user in (admin, agent)]
    lines: list[str] = []
    for user, address in pages:
        client = Client()
        client.force_login(user)
        seen: list[tuple[str, Any, bool]] = []
        with connection.execute_wrapper(partial(_keep, seen)):
            client.get(address)
        lines.append(f"=== {address} {user.role}")
        for sql, values, is_prepared in seen:
            if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
                lines += ["--- " + " ".join(sql.split()), *_plan(sql, values, is_prepared), ""]
    Path(settings.ENV.home, "plans.txt").write_text("\n".join(lines), encoding="utf-8")


def _keep(seen: list[tuple[str, Any, bool]], execute: Any, sql: str, values: Any, *more: Any) -> Any:
    cursor = more[-1]["cursor"].cursor
    seen.append((sql, values, type(cursor).__module__ == rows.__name__))
    return execute(sql, values, *more)


def _plan(sql: str, values: Any, is_prepared: bool) -> list[str]:
    with connection.cursor() as cursor:
        if not is_prepared:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql, values)
            return [row[0] for row in cursor.fetchall()]
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
        numbered = re.sub(r"%\((\w+)\)s", lambda one: f"${names.index(one[1]) + 1}", sql)
        given = f"({', '.join(['%s'] * len(names))})" if names else ""
        cursor.execute("PREPARE asked AS " + numbered.replace("%%", "%"))
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) EXECUTE asked{given}", [values[name] for name in names])
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("DEALLOCATE asked")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
