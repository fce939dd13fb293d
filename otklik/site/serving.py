"""What a worker of the page server loads: the pages, tied to the life of the process that started it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading

from otklik.site.processes import bind_to_parent

# A page server whose parent was killed would share the port with the next one and answer for it. Before the pages
# are loaded: that takes a second or two. By SIGKILL: SIGTERM only asks, and a server that is just starting forgets it.
bind_to_parent(signal.SIGKILL)
_parent = multiprocessing.parent_process()
if _parent is not None and os.getppid() != _parent.pid:  # it died before the line above
    os._exit(1)

from otklik.site.role import spare_drawing  # noqa: E402 - see above

spare_drawing()
from otklik.site import roles  # noqa: E402 - see above

roles.log("web")  # a server that was not forked from its parent begins without our handlers

from otklik.site.wsgi import application  # noqa: E402 - see above

WARM_AFTER_S = 3

# What the start has made stays: the collector walked it again and again, a tenth of the time of an answer accepted.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 100)


def _warm() -> None:
    from otklik.assist.checking import warm

    warm()


# The coach's dictionaries take a second: they are loaded beside, once the first pages have been answered.
_warming = threading.Timer(WARM_AFTER_S, _warm)
_warming.daemon = True
_warming.start()

__all__ = ["application"]
