"""Memory of the whole product at rest on one machine, database included (design §8): PSS, as the demo starts it."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench import figures
from bench.desk import answers, desk, pss_mb

REST_S = 45  # idle threads of the page server and idle connections are given back by then
PAGES = ["/", "/sign-in/", "/healthz"]


def main() -> None:
    with desk() as running:
        with ThreadPoolExecutor(8) as crowd:
            list(crowd.map(lambda path: answers(running.address, path), PAGES * 50))
        time.sleep(REST_S)
        parts = {pid: (words, pss_mb(pid)) for pid, words in running.processes().items()}
        for words, size in sorted(parts.values(), key=lambda part: -part[1]):
            print(f"  {size:7.1f} MB  {words.strip()[:90]}")
        web = sum(size for words, size in parts.values() if "role web" in words)
        database = sum(size for words, size in parts.values() if "postgres" in words)
        figures.line("memory at rest, web part", web, "MB", 170)
        figures.line("memory at rest, database", database, "MB", 170)
        figures.line("memory at rest, all processes", sum(size for _, size in parts.values()), "MB", 450)
    figures.finish()


if __name__ == "__main__":
    main()
