"""Uploads that are larger than anything we take."""

import pytest
from django.test import Client

from otklik.web import uploads

pytestmark = pytest.mark.django_db


def send(length: int):
    body = b'--x\r\nContent-Disposition: form-data; name="attached"; filename="a"\r\n\r\nbytes\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    return Client().generic(
        "POST", "/r/ask/", body, content_type=kind, CONTENT_LENGTH=str(length or len(body))
    )


def test_a_gigantic_upload_is_refused_by_its_length_alone_with_words():
    answer = send(uploads.MOST_BYTES + 1)

    assert answer.status_code == 413
    assert "до 25 МБ файлов" in answer.content.decode().replace("\xa0", " ")


def test_an_upload_of_usual_size_is_read():
    assert send(0).status_code == 422
