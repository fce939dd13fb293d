"""Django's PostgreSQL with a health check that asks the socket first, and that tells site/watch how it fares.

Django finds it by its name (ENGINE).
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import InterfaceError, OperationalError

from otklik.site.watch import timing


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        super().init_connection_state()
        if timing.watched not in self.execute_wrappers:
            self.execute_wrappers.append(timing.watched)

    def get_new_connection(self, conn_params: Any) -> Any:  # Any: Django's own, without stubs
        try:
            return super().get_new_connection(conn_params)
        except (self.Database.OperationalError, OperationalError, InterfaceError):
            timing.fault()
            raise

    def is_usable(self) -> bool:
        """Whether the connection kept from the last page is alive.

        A server that went away has closed its side, so there is something to read: only then «SELECT 1» finds out.
        Else it costs each page a way to the server and back.
        """
        if (
            self.connection is not None
            and not self.connection.closed
            and _is_silent(self.connection.fileno())
        ):
            return True
        usable: bool = super().is_usable()
        return usable


def _is_silent(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN | select.POLLPRI)
    return not waiting.poll(0)  # closing and faults are told unasked
