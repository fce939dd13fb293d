"""What watching costs a page: its trace, its line in the log, its counts. Processor time, so that a busy machine shows
it too; the two kinds of turns alternate. Stated: ≤ 0.3 ms a request.
"""

import os
import statistics
import sys
import time

from bench import figures

TURNS, EACH = 40, 200


def main() -> None:
    os.environ.setdefault("OTKLIK_SECRET_KEY", "a key of a bench that is long enough for everybody")
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the lines are written, not shown
    from otklik.site import logs, roles

    logs.set_up("web", form="json")
    roles.django()
    from django.http import HttpRequest, HttpResponse

    from otklik.site.watch.middleware import WatchMiddleware

    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    def turn(view: object) -> float:
        began = time.process_time()
        for _ in range(EACH):
            request = HttpRequest()
            request.method, request.path = "GET", "/desk/77/"
            view(request)  # type: ignore[operator]  # one of the two below
        return (time.process_time() - began) / EACH * 1000

    watched = WatchMiddleware(page)
    turn(page), turn(watched)
    costs = [turn(watched) - turn(page) for _ in range(TURNS)]
    figures.line("watching a request, processor", statistics.median(costs), "ms", 0.3)
    figures.line("the same, worst turn of forty", max(costs), "ms", 0.6)
    from otklik.site.watch.timing import watched as timed

    def execute(*_given: object) -> None:
        """A statement that costs nothing."""

    began = time.process_time()
    for _ in range(100_000):
        timed(execute, "", None, False, None)
    figures.line("watching a statement, processor", (time.process_time() - began) * 10, "µs", 10)
    figures.finish()


if __name__ == "__main__":
    main()
