"""The reply coach: what it finds of the labelled replies, its speed and its start.

python -m bench.coach [--only RULE …] [--data FILE]. Exits with 1 past twice a figure of the coach's contract.
"""

import argparse
import itertools
import statistics
import subprocess
import sys
import time
import traceback
from pathlib import Path

from bench import coach_score
from bench.figures import finish, line
from otklik import coach
from tests.coach import hostile as texts
from tests.coach.test_hostile import wrong_places

ROUNDS = 5


def found(path: Path, only: list[str]) -> None:
    """The table by rule; `only` narrows it."""
    scores = coach_score.score(coach_score.replies(path))
    kept = {code: one for code, one in scores.items() if not only or code in only}
    for words in coach_score.table(kept):
        print(words)


def speed(path: Path) -> None:
    """Milliseconds for 1,000 characters, warm, in processor time; replies of 1,000 characters a second."""
    replies = thousand_characters(path)
    for reply in replies:
        coach.check(reply)
    times = []
    for _ in range(ROUNDS):
        for reply in replies:
            begun = time.process_time()
            coach.check(reply)
            times.append((time.process_time() - begun) * 1000 * 1000 / len(reply.text))
    line("1,000 characters, warm, median", statistics.median(times), "ms", 15)
    line("1,000 characters, warm, p95", statistics.quantiles(times, n=20)[-1], "ms", 30)
    line(
        "replies of 1,000 characters a second",
        1000 / statistics.mean(times),
        "a second",
        100,
        lower_is_better=False,
    )


def thousand_characters(path: Path) -> list[coach.Reply]:
    """The labelled replies joined until each is about 1,000 characters long."""
    joined, text = [], ""
    for row in coach_score.replies(path):
        text = f"{text}\n{row['text']}" if text else row["text"]
        if len(text) >= 1000:
            joined.append(
                coach.Reply(text, client_text=row["client_text"], now=coach_score.as_reply(row).now)
            )
            text = ""
    return joined


def hostile(count: int) -> None:
    """Huge and random texts: how many raised or named a place outside the text, and the longest time of one."""
    broken, longest = 0, 0.0
    for text in itertools.chain(texts.huge(), texts.random_texts(count, seed=7)):
        begun = time.process_time()
        try:
            broken += bool(wrong_places(text))
        except Exception:  # noqa: BLE001 - counted: the run tells of all texts, not of the first
            traceback.print_exc()
            broken += 1
        longest = max(longest, time.process_time() - begun)
    line(f"{count:,} hostile texts: raised or wrong places", broken, "texts", 0)
    line("the slowest of them (up to 200 KB)", longest, "s", 1)


def start() -> None:
    """Seconds of the command for one short reply, from the shell's call to its end; the best of five."""
    command = [sys.executable, "-m", "otklik", "coach", "-"]
    best = min(_timed(command) for _ in range(5))
    line("start of the command", best, "s", 0.8)


def _timed(command: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run(  # noqa: S603 - our own command
        command, input="Ваша заявка принята.", text=True, capture_output=True, check=False, timeout=30
    )
    return time.monotonic() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--data", type=Path, default=coach_score.DATA / "dev.jsonl")
    parser.add_argument("--hostile", type=int, default=10_000)
    asked = parser.parse_args()
    found(asked.data, asked.only)
    if not asked.only:
        speed(asked.data)
        hostile(asked.hostile)
        start()
        finish()
