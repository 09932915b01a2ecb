"""The asset `recommendations`: a list of venues for everybody, ready to be read, with the reasons for each place.

This file decides who is due and says to Dagster what was done. What a list is made from is read by
`taste_assets.recommendation_inputs` and `taste_assets.venue_catalogue`, lists are made by `taste_assets.recommending`
and stored by `taste_assets.recommendation_store`; what must hold is in `taste_assets.recommendation_checks`.
"""

# No `from __future__ import annotations` in asset modules: Dagster reads the parameters' annotations themselves.
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import dagster as dg
from sqlalchemy import Connection, Engine

from resources.database_resource import DatabaseResource
from resources.encoders.protocols import Vectors
from resources.encoders_resource import EncodersResource
from resources.errors import SetupError
from resources.partitions import EVERY_BUCKET_IN_ONE_RUN, USER_PARTITIONS, buckets_of, describe_partitions
from resources.spaces import EmbeddingSpace, current_space
from taste_assets.recommendation_checks import LIST_CHECKS, catalogue_check, list_check_results, no_space_results
from taste_assets.recommendation_inputs import Kind, Person, inputs_hash, read_people
from taste_assets.recommendation_options import RecommendationOptions
from taste_assets.recommendation_report import Listed, lists_metadata
from taste_assets.recommendation_store import ListOrigin, confirm_lists, only_writer, replace_lists, snapshot
from taste_assets.recommending import HowToRecommend, PersonList, Recommender
from taste_assets.venue_catalogue import catalogue_version, load_venues

_EVERY_VENUE: Final = dg.AllPartitionMapping()
"""A list depends on all venues. Without it Dagster would take venue bucket 07 for user bucket 07's only source."""

_SHOWN: Final = 20


@dg.asset(
    deps=[
        "taste_clusters",
        dg.AssetDep("photo_embeddings", partition_mapping=_EVERY_VENUE),
        dg.AssetDep("venue_facts", partition_mapping=_EVERY_VENUE),
        dg.AssetDep("summary_embeddings", partition_mapping=_EVERY_VENUE),
    ],
    group_name="recommendations",
    kinds={"postgres", "numpy"},
    owners=["team:venue-taste"],
    check_specs=LIST_CHECKS,
    partitions_def=USER_PARTITIONS,
    backfill_policy=EVERY_BUCKET_IN_ONE_RUN,
)
def recommendations(
    context: dg.AssetExecutionContext,
    recommendation_options: RecommendationOptions,
    database: DatabaseResource,
    encoders: EncodersResource,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """The venues that suit each person of these buckets, best first, each with its reasons.

    Exact: every photo of every venue is compared with every taste. Whose tastes, wishes, words and candidate venues
    did not change keeps their list untouched; the others of a bucket get theirs in one transaction. People of whom
    nothing is known get venues that together show every look.
    """
    engine, buckets, how = database.engine, buckets_of(context), recommendation_options.how()
    with only_writer(engine, "recommendations", buckets), snapshot(engine) as reading:
        space = current_space(reading, "image")
        if space is None:
            context.log.info(
                "no image space is complete, so there is nothing to compare: see `venue-taste spaces list`"
            )
            yield dg.MaterializeResult()
            yield from no_space_results()
            return
        run = _Run(engine, reading, how, context.run.run_id, encoders, space)
        soundness = catalogue_check(reading, space, run.version)
        yield soundness
        if not soundness.passed:
            raise dg.Failure(f"the lists stay as they are, because {soundness.description}")
        described = {}
        for key, bucket in zip(sorted(context.partition_keys), buckets, strict=True):
            listed = run.bring_up_to_date(bucket)
            for problem, people in listed.problems.most_common(_SHOWN):
                # Nobody is named: what is logged stays when they are forgotten.
                context.log.warning("preferences of %d people are left aside: %s", people, problem)
            with engine.connect() as connection:
                described[key] = lists_metadata(connection, bucket, listed, len(run.version.venue_ids))
        describe_partitions(context, "recommendations", described)
    yield dg.MaterializeResult()
    with engine.connect() as connection:
        yield from list_check_results(connection, buckets, space.space_id, how.options.length)


class _Run:
    """One snapshot of the database, and lists made from it. The catalogue is loaded when the first person is due."""

    def __init__(
        self, engine: Engine, reading: Connection, how: HowToRecommend, run_id: str, encoders: EncodersResource,
        space: EmbeddingSpace,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._reading = reading
        self._how = how
        self._run_id = run_id
        self._encoders = encoders
        self._space = space
        self._text_space = current_space(reading, "text")
        self._recommender: Recommender | None = None
        self.version = catalogue_version(reading, space, self._text_space)

    def bring_up_to_date(self, bucket: int) -> Listed:
        """New lists for those of the bucket who are due, in one transaction."""
        started = time.perf_counter()
        people = read_people(self._reading, bucket, self._space, self._how.query)
        here = [person for person in people if not person.elsewhere]
        parameters = self._how.parameters()
        hashes = {person.user_id: inputs_hash(person, self.version, parameters) for person in here}
        due: list[Person] = []
        unchanged: list[Person] = []
        for person in here:
            current = person.stored is not None and person.stored.inputs_hash == hashes[person.user_id]
            (unchanged if current else due).append(person)
        rows = 0
        kinds: Counter[Kind] = Counter()
        if due or any(not person.knows_latest for person in unchanged):
            origin = ListOrigin(self._space.space_id, self._run_id, parameters, self.version)
            with self._engine.begin() as writing:
                if due:
                    rows = replace_lists(writing, due, hashes, _counted(self._lists().lists(due), kinds), origin)
                confirm_lists(writing, unchanged)
        return Listed(
            kinds=kinds,
            unchanged=len(unchanged),
            waiting=len(people) - len(here),
            rows=rows,
            seconds=time.perf_counter() - started,
            problems=Counter(person.wishes_problem for person in people if person.wishes_problem),
        )

    def _lists(self) -> Recommender:
        if self._recommender is None:
            venues = load_venues(self._reading, self._space, self._text_space, self.version)
            self._recommender = Recommender(venues, self._how, self._encode)
        return self._recommender

    def _encode(self, words: Sequence[str]) -> Vectors:
        encoder, space = self._encoders.text_encoder(), self._text_space
        if space is None or encoder.space.space_id != space.space_id:
            raise SetupError(
                f"TEXT_ENCODER makes vectors of {encoder.space.space_id}, and readers compare texts in "
                f"{None if space is None else space.space_id}",
                f"materialise summary_embeddings and run `venue-taste spaces use {encoder.space.space_id}`, or set "
                "TEXT_ENCODER to what it was",
            )
        return encoder.encode_queries(words)


def _counted(lists: Iterable[PersonList], kinds: Counter[Kind]) -> Iterator[PersonList]:
    """The lists as they come, counted by kind: what a list rests on is known when it is made."""
    for made in lists:
        kinds[made.kind] += 1
        yield made
