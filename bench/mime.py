"""Reading letters: speed, memory, hostile letters and, with --mutations N, the long run over mutated base letters.

python -m bench.mime [--mutations 20000] [--seed 1]. Exits with 1 past twice a figure of contracts/mail.md.
"""

import argparse
import base64
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.figures import finish, line
from otklik.channels.email.sandbox import Sandbox
from otklik.mime import Letter, read
from tests.mime import hostile
from tests.mime.compose_letters import stored
from tests.mime.corpus import build, replies
from tests.mime.corpus.words import agent, talk
from tests.mime.mutate import mutations

LIMIT_S = 2.0


def ordinary() -> list[bytes]:
    """Letters of about 20 KB as five programs send them: plain and HTML, a reply over a long thread."""
    programs = (replies.gmail, replies.mailru, replies.outlook_2016, replies.apple_mail, replies.yandex_html)
    letters = []
    for number, program in enumerate(programs):
        one = talk(number)
        plain, html = program(one, agent(number))
        thread = "\n".join(
            f"> строка {n} прежней переписки: счёт, акт, сроки и ещё немного слов" for n in range(60)
        )
        parts = [build.text_part(plain + thread)] if plain else []
        markup = "".join(
            f"<div><span>строка {n}</span> прежней переписки: <b>счёт</b>, акт<br></div>" for n in range(90)
        )
        parts.append(build.text_part((html or "") + f'<blockquote type="cite">{markup}</blockquote>', "html"))
        letters.append(
            build.head(one.who, one.subject, number).encode() + build.multipart("alternative", "b", *parts)
        )
    return letters


def speed() -> None:
    """The median of one letter, and letters a second with and without the child process."""
    letters = ordinary()
    print(f"sizes of the ordinary letters: {[len(raw) for raw in letters]}")
    times = [_timed(partial(read, raw)) for _ in range(60) for raw in letters]
    line("median letter of about 20 KB", statistics.median(times) * 1000, "ms", 2)
    batch = letters * 200
    spent = _timed(lambda: [read(raw) for raw in batch])
    line("letters a second, one core", len(batch) / spent, "a second", 500, lower_is_better=False)
    before = _both_processors()
    with Sandbox() as sandbox:
        sandbox.read_many(batch)
    spent = _both_processors() - before  # our part and the child's, its start included: as if on one core
    line("letters a second through the sandbox", len(batch) / spent, "a second", 450, lower_is_better=False)


def _timed(deed: Callable[[], object]) -> float:
    """Seconds of processor time: neighbours on the machine must not decide about a figure."""
    start = time.process_time()
    deed()
    return time.process_time() - start


def _both_processors() -> float:
    """Processor seconds of this process and of its children that ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def big(megabytes: int) -> bytes:
    """A letter of that size with one attachment."""
    content = bytes(range(256)) * (megabytes * 1024 * 1024 * 3 // 4 // 256 - 9_000)
    part = (
        b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content)
    )
    return build.head(talk(0).who, "big", 1).encode() + build.multipart(
        "mixed", "big", build.text_part("Файл"), part
    )


def memory() -> None:
    """Peak resident memory of a fresh process that reads one big letter."""
    for megabytes, limit in ((25, 300), (50, 600)):
        command = [sys.executable, "-m", "bench.mime", "--one-big", str(megabytes)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # this very module
        peak, spent = map(float, done.stdout.split())
        line(f"peak memory, letter of {megabytes} MB", peak, "MB", limit)
        line(f"time, letter of {megabytes} MB", spent, "s", LIMIT_S)


def _one_big(megabytes: int) -> None:
    """The process of `memory`: the letter comes from a file, as bytes come from a socket."""
    maker = "import sys; from bench.mime import big; sys.stdout.buffer.write(big(int(sys.argv[1])))"
    command = [sys.executable, "-c", maker, str(megabytes)]
    raw = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603  # the maker's memory is not ours
    spent = _timed(lambda: read(raw))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(peak, spent)


def hostility() -> None:
    """The worst time over the hostile set."""
    times = {}
    for name in hostile.NAMES:
        raw = hostile.letter(name)
        times[name] = _timed(partial(read, raw))
    worst = max(times, key=lambda name: times[name])
    line(f"worst of {len(times)} hostile letters ({worst})", times[worst], "s", LIMIT_S)


def mutated(count: int, seed: int) -> None:
    """Every mutation through the sandbox with the contract's limits; a poisoned one is named and fails the run."""
    letters = [raw for _, raw in stored()]
    faults: list[str] = []
    worst = 0.0
    with Sandbox() as sandbox:
        for name, raw in mutations(letters, count, seed):
            start = time.perf_counter()
            (result,) = sandbox.read_many([raw])
            worst = max(worst, time.perf_counter() - start)
            if not isinstance(result, Letter):
                faults.append(f"{name}: {result.reason}")
        peak = _peak_mb(sandbox.pid)
    for fault in faults:
        print(f"poisoned: {fault}")
    print(f"{count} mutations of {len(letters)} letters, seed {seed}")
    line("mutations not read within the limits", len(faults), "letters", 0)
    line("worst mutation", worst, "s", LIMIT_S)
    line("peak memory of the child", peak, "MB", 300)


def _peak_mb(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Run the figures, and the mutations when asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one-big", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_big:
        _one_big(options.one_big)
        return
    speed()
    memory()
    hostility()
    if options.mutations:
        mutated(options.mutations, options.seed)
    finish()


if __name__ == "__main__":
    main()
