"""What a worker of the page server loads: the pages, tied to the life of the process that started it."""

from __future__ import annotations

import signal

from otklik.site.processes import bind_to_parent
from otklik.site.wsgi import application

__all__ = ["application"]

# a page server whose parent was killed would keep the port, and the next one could not take it
bind_to_parent(signal.SIGTERM)
