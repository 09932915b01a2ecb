"""Folders of pictures as boards, on any file system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from upath import UPath

from resources.errors import SetupError
from resources.pictures import MAX_BYTES, Picture, inspect_picture
from taste_assets.sources.folder import FolderSource, canonical_folder, existing_folder
from taste_assets.sources.protocol import BoardGoneError, ImageRefusedError, SourceBoard, SourceError

SUN8 = Path(__file__).parents[3] / "shared" / "material" / "photos" / "sun8"


@pytest.fixture(params=["local", "memory"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UPath]:
    place = UPath(tmp_path / "pictures") if request.param == "local" else UPath("memory://pictures")
    for path in ("top.jpg", "barns/one.jpg", "barns/deep/two.jpg", "lofts/three.jpg", "lofts/.hidden", ".git/config"):
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(path.encode())
    yield place
    MemoryFileSystem.store.clear()


def listed(source: FolderSource) -> dict[str | None, SourceBoard]:
    return {board.name: board for board in source.boards()}


def test_each_sub_folder_is_a_board_with_all_that_lies_under_it(root: UPath) -> None:
    source = FolderSource([canonical_folder(str(root))])
    boards = listed(source)
    assert {name: board.pin_count for name, board in boards.items()} == {"pictures": 1, "barns": 2, "lofts": 1}
    contents = {
        name: [source.image(pin.image_urls[0]).decode() for pin in source.pins(board.board_id, board.source_url)]
        for name, board in boards.items()
    }
    assert contents == {
        "pictures": ["top.jpg"], "barns": ["barns/deep/two.jpg", "barns/one.jpg"], "lofts": ["lofts/three.jpg"],
    }  # fmt: skip
    assert source.boards() == FolderSource([existing_folder(f"{root}/")]).boards()


def test_a_file_that_changes_is_another_pin_of_a_board_that_changed(root: UPath) -> None:
    source = FolderSource([canonical_folder(str(root))])
    before = listed(source)
    barns = before["barns"]
    pins = source.pins(barns.board_id, barns.source_url)
    (root / "barns/one.jpg").write_bytes(b"another picture")
    after = listed(source)
    assert {name for name in before if before[name] != after[name]} == {"barns"}
    assert after["barns"].board_id == barns.board_id
    again = source.pins(barns.board_id, barns.source_url)
    assert [pin.pin_id in {old.pin_id for old in pins} for pin in again] == [True, False]


def test_a_picture_is_pinned_when_its_file_was_written(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(b"x")
    os.utime(tmp_path / "one.jpg", (1_700_000_000, 1_700_000_000))
    source = FolderSource([str(tmp_path)])
    (board,) = source.boards()
    (pin,) = source.pins(board.board_id, board.source_url)
    assert pin.created_at == board.modified_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_an_empty_folder_is_an_empty_board_and_a_missing_one_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    source = FolderSource([str(tmp_path / "empty")])
    assert [board.pin_count for board in source.boards()] == [0]
    (tmp_path / "empty").rmdir()
    with pytest.raises(SourceError, match="is not there"):
        source.boards()
    with pytest.raises(SetupError, match="is no folder"):
        existing_folder(str(tmp_path / "empty"))
    with pytest.raises(SetupError, match="nonsense"):
        existing_folder("nonsense://x")


def test_what_goes_between_listing_and_reading_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "barns").mkdir()
    (tmp_path / "barns" / "one.jpg").write_bytes(b"x")
    source = FolderSource([str(tmp_path)])
    barns = listed(source)["barns"]
    (pin,) = source.pins(barns.board_id, barns.source_url)
    (tmp_path / "barns" / "one.jpg").unlink()
    with pytest.raises(ImageRefusedError, match="file_gone"):
        source.image(pin.image_urls[0])
    (tmp_path / "barns").rmdir()
    with pytest.raises(BoardGoneError):
        source.pins(barns.board_id, barns.source_url)
    with pytest.raises(BoardGoneError, match="not among"):
        source.pins("folder-x", "/etc")


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    source = FolderSource([str(tmp_path)])
    (board,) = source.boards()
    (pin,) = source.pins(board.board_id, board.source_url)
    with pytest.raises(ImageRefusedError, match="too_large"):
        source.image(pin.image_urls[0])


def test_a_name_that_is_no_text_is_told_and_not_skipped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"x")
    with pytest.raises(SourceError, match="not UTF-8") as raised:
        FolderSource([str(tmp_path)]).boards()
    assert "rename" in raised.value.remedy


def test_real_photographs_in_classes_are_boards_of_pictures() -> None:
    if not SUN8.is_dir():
        pytest.skip("the photographs (../shared/material/photos/sun8) are not here")
    source = FolderSource([str(SUN8)])
    boards = source.boards()
    classes = {folder.name for folder in SUN8.iterdir() if folder.is_dir()}
    assert {board.name for board in boards} == classes | {"sun8"}
    for board in boards:
        for pin in source.pins(board.board_id, board.source_url)[:2]:
            found = inspect_picture(source.image(pin.image_urls[0]))
            assert isinstance(found, Picture) == str(pin.image_urls[0]).endswith((".jpg", ".png", ".jpeg"))
