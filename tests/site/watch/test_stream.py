"""The live stream is watched too, though no Django is there."""

import http.client
import re
from contextlib import closing

import pytest

from otklik.site.models import Beat


@pytest.mark.django_db(transaction=True)
def test_the_stream_names_its_answers_and_gives_signs_of_life(server, wait_until):
    with closing(http.client.HTTPConnection("127.0.0.1", server, timeout=10)) as line:
        line.request("GET", "/live?ticket=none")
        answer = line.getresponse()

    assert answer.status == 403
    assert re.fullmatch("[0-9a-f]{32}", answer.getheader("x-request-id", ""))
    beat = wait_until(lambda: Beat.objects.filter(role="live").first())
    assert (beat.streams, beat.database_faults) == (0, 0)
    assert beat.memory_bytes > 10_000_000
