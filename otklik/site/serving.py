"""What a worker of the page server loads: the pages, tied to the life of the process that started it."""

from __future__ import annotations

import signal

from otklik.site.processes import bind_to_parent

# A page server whose parent was killed would keep the port, and the next one could not take it. Before the pages
# are loaded: that takes a second or two, and a parent killed meanwhile would never be noticed.
bind_to_parent(signal.SIGTERM)

from otklik.site.wsgi import application  # noqa: E402 - see above

__all__ = ["application"]
