"""The file store: what it says is stored lies on the disk, its name too."""

import hashlib
import os
from pathlib import Path

import pytest

from otklik.desk import files


@pytest.fixture
def synced(monkeypatch):
    """Names of what was synced, in order."""
    seen: list[str] = []
    true = os.fsync

    def note(handle: int) -> None:
        seen.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        true(handle)

    monkeypatch.setattr(os, "fsync", note)
    return seen


@pytest.fixture
def root(tmp_path, settings):
    settings.FILES_ROOT = str(tmp_path / "files")
    return tmp_path / "files"


def test_a_new_file_is_synced_with_each_folder_that_was_made_for_it(root, synced):
    place = files.path(files.store("договор".encode()))

    assert place.read_bytes() == "договор".encode()
    folders = [str(one) for one in (place.parent, place.parent.parent, root, root.parent)]
    assert Path(synced[0]).parent == place.parent  # the bytes themselves, under their unfinished name
    assert synced[1:] == folders


def test_a_folder_that_was_there_takes_one_name_more(root, synced):
    place = files.path(files.store("договор".encode()))
    place.unlink()
    synced.clear()

    files.store("договор".encode())

    assert synced[1:] == [str(place.parent)]


def test_a_file_that_another_process_has_just_named_is_synced_with_its_folders_before_it_counts(root, synced):
    place = files.path(hashlib.sha256("договор".encode()).hexdigest())
    place.parent.mkdir(parents=True)
    place.write_bytes("договор".encode())  # its folders are not synced yet

    files.store("договор".encode())

    assert synced == [str(one) for one in (place.parent, place.parent.parent, root, root.parent)]


def test_a_folder_that_another_process_has_just_made_is_synced_too(root, synced):
    place = files.path(hashlib.sha256("договор".encode()).hexdigest())
    place.parent.mkdir(parents=True)

    files.store("договор".encode())

    assert synced[1:] == [str(one) for one in (place.parent, place.parent.parent, root, root.parent)]


def test_a_file_that_is_there_already_costs_one_look_at_its_folder(root, synced):
    place = files.path(files.store("договор".encode()))
    synced.clear()

    files.store("договор".encode())

    assert synced == [str(place.parent)]
