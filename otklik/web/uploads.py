"""A limit on a whole upload, before a byte of it is read: the fields' own limits look only at what has arrived."""

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 60 * 2**20  # the largest letter with files that any form of ours takes


class LimitedUpload(FileUploadHandler):
    """Stands first in FILE_UPLOAD_HANDLERS; keeps nothing itself. WSGI reads no further than the length it was told."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],  # noqa: ARG002 - Django's signature
        META: dict[str, str],  # noqa: N803, ARG002 - the same
        content_length: int,
        boundary: str,  # noqa: ARG002 - the same
        encoding: str | None = None,  # noqa: ARG002 - the same
    ) -> None:
        """Raises RequestDataTooBig, which becomes the page 413."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("an upload of more than 60 MB")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        return raw_data

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002 - Django's signature; the next handler has the file
        return None
