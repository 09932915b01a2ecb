"""The photo store: content-addressed, whole or absent, the same on every file system."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.errors import SetupError
from resources.photo_store import CorruptPhotoError, PhotoStore
from resources.photo_store_resource import PhotoStoreResource


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PhotoStore]:
    if request.param == "local":
        yield PhotoStore(str(tmp_path / "photos"))
    else:
        yield PhotoStore("memory://photos")
        MemoryFileSystem.store.clear()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(min_size=1, max_size=1000))
def test_what_is_put_comes_back_under_its_hash(store: PhotoStore, content: bytes) -> None:
    photo_id = store.put(content)
    assert photo_id == hashlib.sha256(content).hexdigest()
    assert store.get(photo_id) == content
    assert store.put(content) == photo_id
    assert photo_id in set(store.ids())


def test_delete_and_absence(store: PhotoStore) -> None:
    assert list(store.ids()) == []
    photo_id = store.put(b"x")
    assert store.exists(photo_id)
    store.delete(photo_id)
    store.delete(photo_id)
    assert not store.exists(photo_id)
    assert list(store.ids()) == []
    with pytest.raises(FileNotFoundError):
        store.get(photo_id)


def test_other_bytes_under_the_name_are_noticed_and_mended(store: PhotoStore) -> None:
    photo_id = store.put(b"original")
    store.path(photo_id).write_bytes(b"or")
    with pytest.raises(CorruptPhotoError, match=photo_id):
        store.get(photo_id)
    store.put(b"original")
    assert store.get(photo_id) == b"original"


@pytest.mark.parametrize("bad", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "\n"])
def test_an_id_from_outside_cannot_name_another_file(store: PhotoStore, bad: str) -> None:
    with pytest.raises(ValueError, match="not a photo id"):
        store.get(bad)


def test_putting_again_writes_nothing(tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path))
    path = Path(str(store.path(store.put(b"x"))))
    before = path.stat()
    store.put(b"x")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_threads_that_put_the_same_photo_leave_one_whole_file(tmp_path: Path) -> None:
    store = PhotoStore(str(tmp_path))
    content = bytes(200_000)
    threads = [threading.Thread(target=store.put, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [hashlib.sha256(content).hexdigest()]


def test_a_kill_while_writing_leaves_no_photo(tmp_path: Path) -> None:
    # The process dies at the moment its bytes reach the disk, before the file gets its name.
    script = textwrap.dedent("""
        import os, signal, sys
        from resources.photo_store import PhotoStore
        os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
        PhotoStore(sys.argv[1]).put(b"x" * 1000)
    """)
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    store = PhotoStore(str(tmp_path))
    assert list(store.ids()) == []
    assert store.get(store.put(b"x" * 1000)) == b"x" * 1000


def test_an_unknown_or_uninstalled_file_system_names_the_setting() -> None:
    with pytest.raises(SetupError, match="cannot be opened") as caught:
        PhotoStore("nosuch://bucket").put(b"x")
    assert "PHOTO_STORE_URL" in caught.value.remedy
    with pytest.raises(SetupError, match="s3fs") as caught:
        PhotoStore("s3://bucket").put(b"x")
    assert ".venv/bin/pip install -e '.[s3]'" in caught.value.remedy


def test_the_resource_follows_the_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VENUE_TASTE_HOME", str(tmp_path / "home"))
    assert str(PhotoStoreResource().open().root) == str(tmp_path / "home" / "photos")
    monkeypatch.setenv("PHOTO_STORE_URL", str(tmp_path / "elsewhere"))
    assert str(PhotoStoreResource().open().root) == str(tmp_path / "elsewhere")
    assert str(PhotoStoreResource(url=str(tmp_path / "given")).open().root) == str(tmp_path / "given")


@pytest.mark.parametrize(
    ("given", "folder"),
    [("file://{root}/photos", "{root}/photos"), ("local://{root}/photos", "{root}/photos"),
     ("file:{root}/photos", "{root}/photos"), ("~/photos", "{root}/home/photos"), ("photos", "{root}/work/photos"),
     ("{root}/a:b", "{root}/a:b")],
)  # fmt: skip
def test_a_folder_may_be_written_in_any_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, folder: str
) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PHOTO_STORE_URL", given.format(root=tmp_path))
    monkeypatch.chdir(tmp_path / "work")
    store = PhotoStoreResource().open()
    monkeypatch.chdir(tmp_path)  # the store stays where it is
    photo_id = store.put(b"x")
    file = Path(folder.format(root=tmp_path), photo_id[:2], photo_id)
    assert file.read_bytes() == b"x"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert list(store.ids()) == [photo_id]
