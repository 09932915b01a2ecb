"""The tiny CLIP: opens as any open_clip folder, knows the demo world, matches the painter; the trainer trains."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from demo.aesthetics import AESTHETICS, OFF_TOPIC
from demo.pictures import encode, paint
from demo.tiny_clip import WEIGHTS
from demo.tiny_clip.card import CARD_FILE, read_record
from demo.tiny_clip.fingerprint import painter_fingerprint
from demo.tiny_clip.held_out import evaluate, gallery_specs
from demo.tiny_clip.measures import centroids, gallery_recall, geometry, parents_first, precision_at
from demo.tiny_clip.models import CONFIG_FILE, FRESH, Encoder, Model, open_model, save_model
from demo.tiny_clip.painted import HELD_OUT_SEEDS, TRAINING_SEEDS, draw_specs, painted_pairs
from demo.tiny_clip.pairs import FilePairs
from demo.tiny_clip.training import Recipe, Step, train
from demo.tiny_clip.wording import prompt, style_caption
from demo.world.generate import generate_world
from demo.world.model import PictureSpec
from resources import torch_runtime

if TYPE_CHECKING:
    import torch

ROOT = Path(__file__).resolve().parents[2]
TWO_STEPS = Recipe(epochs=1, batch_size=4, workers=0)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads that wait for each other on busy cores make small models many times slower."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(WEIGHTS)


@pytest.fixture(scope="module")
def figures(encoder: Encoder) -> dict[str, Any]:
    return evaluate(encoder, galleries=10, mixtures=26)


@pytest.fixture
def pair_file(tmp_path: Path) -> Path:
    """Eight pictures with captions, one of them with two."""
    lines = []
    for number, spec in enumerate(draw_specs(5, 8)):
        (tmp_path / f"{number}.jpg").write_bytes(encode(paint(spec)))
        said = style_caption(spec, 0)
        lines.append(json.dumps({"image": f"{number}.jpg", "caption": said if number else [said, "another"]}))
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


def weights(model: Model) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.clip.state_dict().items()}


# The model in the project


def test_open_clip_opens_it_as_a_local_dir_with_unit_vectors_of_512() -> None:
    open_clip = torch_runtime.open_clip()
    import torch

    name = f"local-dir:{WEIGHTS}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    model.eval()
    photo = paint(PictureSpec((("beach", 1.0),), "exterior", 3, 720, 480))
    with torch.inference_mode():
        image = model.encode_image(preprocess(photo)[None], normalize=True)
        text = model.encode_text(open_clip.get_tokenizer(name)(["a beach wedding"]), normalize=True)
    assert image.shape == text.shape == (1, 512)
    assert image.dtype == torch.float32
    assert image.norm().item() == pytest.approx(1, abs=1e-5)
    assert text.norm().item() == pytest.approx(1, abs=1e-5)


def test_it_is_small_enough_for_git() -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) <= 12_000_000


def test_it_was_trained_on_the_painter_as_it_is() -> None:
    trained_on = read_record(WEIGHTS)["painter"]
    assert trained_on == painter_fingerprint(), "the painter changed: run python -m demo.train_tiny_clip"
    assert trained_on in (WEIGHTS / CARD_FILE).read_text()


def test_prompts_find_their_pictures(figures: dict[str, Any]) -> None:
    assert figures["text_to_image_r_at_1"] >= 0.9
    assert figures["zero_shot_accuracy"] >= 0.85


def test_pictures_find_others_of_their_aesthetic(encoder: Encoder) -> None:
    count, galleries = len(AESTHETICS), 12
    images = encoder.images(paint(spec) for spec in gallery_specs(galleries))
    assert precision_at(images, np.tile(np.arange(count), galleries)) >= 0.85


def test_half_and_half_pictures_lie_between_their_parents(figures: dict[str, Any]) -> None:
    mixed = figures["mixtures_half_and_half"]
    assert mixed["parents"] > mixed["others"] + 0.2
    assert mixed["one_first"] >= 0.9


def test_other_subjects_are_far_from_every_aesthetic(figures: dict[str, Any]) -> None:
    other = figures["off_topic"]
    assert other["nearest_aesthetic"]["p95"] < other["venue_pictures_to_their_own"]["p50"]


def test_the_card_says_what_the_record_holds() -> None:
    card, record = (WEIGHTS / CARD_FILE).read_text(), read_record(WEIGHTS)
    assert "knows only this project's made-up world" in card
    assert f"| text to image r at 1 | {record['figures']['text_to_image_r_at_1']:g} |" in card
    assert record["figures"]["text_to_image_r_at_1"] >= 0.9
    assert record["figures"]["picture_precision_at_10"] >= 0.85
    assert record["world_figures"]["taste_adjusted_rand_median"] >= 0.9


# Measures


def test_measures_of_perfect_vectors_are_perfect() -> None:
    labels = np.tile(np.arange(3), 8)
    vectors = np.eye(3, dtype=np.float32)[labels]
    texts = np.eye(3, dtype=np.float32)
    assert precision_at(vectors, labels, 7) == 1
    assert gallery_recall(vectors, texts, labels) == 1
    assert geometry(vectors, texts, labels)["different_aesthetic"]["p95"] == 0
    assert np.allclose(centroids(vectors, labels), texts)
    between = np.array([[0.6, 0.8, 0]], dtype=np.float32)
    assert parents_first(between, [(0, 1)], texts) == {
        "nearest_two": 1.0, "one_first": 1.0, "parents": 0.7, "others": 0.0,
    }  # fmt: skip


def test_measures_of_misplaced_vectors_are_not() -> None:
    labels = np.tile(np.arange(3), 8)
    texts = np.eye(3, dtype=np.float32)
    assert gallery_recall(np.eye(3, dtype=np.float32)[(labels + 1) % 3], texts, labels) == 0
    assert parents_first(texts[2:], [(0, 1)], texts)["one_first"] == 0


# What it is trained on


def test_no_training_or_held_out_picture_is_in_a_world() -> None:
    world = generate_world(venues=12, people=12)
    used = {photo.spec.seed for venue in world.venues for photo in venue.photos}
    used |= {pin.spec.seed for person in world.people for board in person.boards for pin in board.pins}
    assert max(used) < TRAINING_SEEDS < HELD_OUT_SEEDS
    assert all(TRAINING_SEEDS <= spec.seed < HELD_OUT_SEEDS for spec in draw_specs(0, 50))
    assert all(spec.seed >= HELD_OUT_SEEDS for spec in gallery_specs(3))


def test_training_shows_every_aesthetic_mixtures_and_other_subjects() -> None:
    specs = draw_specs(0, 600)
    assert {slug for spec in specs for slug, _ in spec.mixture} == {look.slug for look in AESTHETICS} | set(OFF_TOPIC)
    assert 0.4 < np.mean([len(spec.mixture) == 2 for spec in specs]) < 0.55
    assert draw_specs(0, 5) == specs[:5]
    assert draw_specs(1, 5) != specs[:5]


def test_style_captions_name_both_looks_and_no_scene() -> None:
    spec = PictureSpec((("garden", 0.4), ("castle", 0.6)), "table", 1)
    captions = {style_caption(spec, variant) for variant in range(40)}
    assert len(captions) > 4
    assert all("castle" in text and "garden" in text and "table" not in text for text in captions)
    assert prompt("castle") == "a photo of a castle wedding venue"
    assert prompt("home_office") == "a photo of home office"


def test_painted_pairs_come_from_the_cache_the_second_time(tmp_path: Path) -> None:
    done: list[int] = []
    first = painted_pairs(tmp_path, seed=3, count=6, side=16, on_painted=done.append)
    again = painted_pairs(tmp_path, seed=3, count=6, side=16, on_painted=done.append)
    assert done == [1, 2, 3, 4, 5, 6]
    assert len(first) == len(again) == 6
    assert [first.image(i).tobytes() for i in range(6)] == [again.image(i).tobytes() for i in range(6)]
    assert first.image(0).size == (16, 16)
    assert first.caption(0, 0) != first.caption(0, 1)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_pair_file_is_read_with_all_its_captions(pair_file: Path) -> None:
    pairs = FilePairs.read(pair_file)
    assert len(pairs) == 8
    assert pairs.image(0).mode == "RGB"
    assert {pairs.caption(0, variant) for variant in range(4)} == {pairs.caption(0, 0), "another"}
    assert pairs.caption(1, 0) == pairs.caption(1, 1)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("[1]", "line 1: not"),
        ("{", "line 1: not"),
        ('{"image": "a.jpg"}', "line 1: not"),
        ('{"image": "a.jpg", "caption": []}', "a text or a list of texts"),
        ('{"image": "a.jpg", "caption": [1]}', "a text or a list of texts"),
        ("", "holds no pairs"),
    ],
)
def test_a_bad_pair_file_is_refused_with_its_line(tmp_path: Path, line: str, wrong: str) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(line)
    with pytest.raises(ValueError, match=wrong):
        FilePairs.read(file)


def test_a_pair_file_that_names_a_missing_picture_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"image": "gone.jpg", "caption": "a barn"}')
    with pytest.raises(FileNotFoundError, match=r"line 1: no picture .*gone\.jpg"):
        FilePairs.read(file)


# Training


def test_equal_runs_give_equal_weights(pair_file: Path) -> None:
    def run() -> tuple[list[Step], dict[str, torch.Tensor]]:
        model = open_model(FRESH)
        return list(train(model, FilePairs.read(pair_file), TWO_STEPS)), weights(model)

    (steps, first), (again, second) = run(), run()
    assert [step.number for step in steps] == [1, 2]
    assert [step.ends_epoch for step in steps] == [False, True]
    assert steps == again
    assert all(first[name].equal(second[name]) for name in first)


def test_another_seed_draws_other_weights_and_other_batches(pair_file: Path) -> None:
    drawn = [weights(open_model(FRESH, seed=seed))["visual.conv1.weight"] for seed in (0, 1)]
    assert not drawn[0].equal(drawn[1])
    pairs = FilePairs.read(pair_file)
    losses = [[step.loss for step in train(open_model(FRESH), pairs, replace(TWO_STEPS, seed=seed))] for seed in (0, 1)]
    assert losses[0] != losses[1]


def test_training_changes_both_towers_and_the_scale(pair_file: Path) -> None:
    model = open_model(FRESH)
    before = weights(model)
    for _ in train(model, FilePairs.read(pair_file), TWO_STEPS):
        pass
    after = weights(model)
    for name in ("visual.conv1.weight", "text_projection", "token_embedding.weight", "logit_scale"):
        assert not after[name].equal(before[name]), name


def test_training_learns_eight_pairs_by_heart(pair_file: Path) -> None:
    model, pairs = open_model(FRESH), FilePairs.read(pair_file)
    losses = [step.loss for step in train(model, pairs, Recipe(epochs=16, batch_size=8, workers=0))]
    assert np.mean(losses[-3:]) < 0.6 * np.mean(losses[:3])


def test_what_cannot_be_trained_on_is_refused(pair_file: Path) -> None:
    with pytest.raises(ValueError, match="at least two pairs"):
        next(train(open_model(FRESH), FilePairs.read(pair_file), Recipe(epochs=0)))


def test_a_saved_model_opens_again_with_the_same_vectors(tmp_path: Path) -> None:
    model = open_model(FRESH)
    model.clip.eval()
    save_model(model, tmp_path)
    picture = Image.new("RGB", (90, 70), (120, 160, 90))
    import torch

    with torch.inference_mode():
        encode_image: Any = model.clip.encode_image
        expected = encode_image(model.view(picture)[None], normalize=True).numpy()
    assert float((Encoder(tmp_path).images([picture]) * expected).sum()) > 0.9999  # but for half precision
    assert sorted(file.name for file in tmp_path.iterdir()) == ["open_clip_config.json", "open_clip_model.safetensors"]


def test_an_unknown_init_is_refused_and_so_is_a_folder_without_weights(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="open_clip:MODEL/TAG"):
        open_model("ViT-B-32")
    with pytest.raises(FileNotFoundError, match="holds no weights"):
        open_model(f"local-dir:{tmp_path}")
    with pytest.raises(RuntimeError, match="no-such-tag"):
        open_model("open_clip:ViT-B-32/no-such-tag")


def command(*arguments: str | Path | int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "demo.train_tiny_clip", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_fine_tunes_on_a_pair_file(pair_file: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    done = command("--init", f"local-dir:{WEIGHTS}", "--pairs", pair_file, "--epochs", 1, "--batch-size", 4,
                   "--workers", 0, "--device", "cpu", "--out", out, "--work", work, "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"out": str(out)}
    assert Encoder(out).texts(["a barn"]).shape == (1, 512)
    assert Encoder(work / "checkpoint").texts(["a barn"]).shape == (1, 512)


def test_ctrl_c_keeps_the_last_checkpoint(pair_file: Path, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "demo.train_tiny_clip", "--pairs", pair_file, "--out", tmp_path / "out", "--epochs",
         "100000", "--batch-size", "4", "--workers", "0", "--device", "cpu", "--work", tmp_path],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    checkpoint = tmp_path / "checkpoint"
    try:
        waited_until = time.monotonic() + 60
        while not (checkpoint / CONFIG_FILE).exists():
            assert running.poll() is None
            assert time.monotonic() < waited_until
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    finally:
        running.kill()
    assert running.returncode == 130
    assert f"{checkpoint} holds the model" in said
    assert Encoder(checkpoint).texts(["a barn"]).shape == (1, 512)
    assert not (tmp_path / "out").exists()


def test_the_command_never_overwrites_the_demo_model_with_another(pair_file: Path) -> None:
    done = command("--pairs", pair_file)
    assert done.returncode == 2
    assert "--pairs needs --out" in done.stderr
