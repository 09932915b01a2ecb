"""Pure numeric code of taste: unit vectors in, values out. No Dagster, no SQL, no files, no network, no global state.

    clusters.cluster_taste(pins) -> Taste               clusters.cluster_many(people) -> list[Taste]
    ratings.cluster_ratings(vectors, ratings, ages) -> RatedTaste
    importance.decayed(ages_days), importance.cluster_weights(labels, pin_weights, clusters)
    identity.cluster_ids(owner, polarity, medoids, centroids, before) -> list[UUID]
    labels.label_clusters(centroids, names, texts, baseline) -> list[ClusterLabel], vocabulary.AESTHETICS

    catalogue.catalogue_of(vectors, venue_of, venues) -> Catalogue
    recommend.recommend(people, catalogue, options) -> Iterator[RankedList]
    wishes.fit(wishes, facts) -> Fit                     neighbours.People(people).matches(one, length)
    coverage.covering(vectors, length) -> (venues, shares)

taste holds the values of clustering (Pins, ClusteringOptions, Taste, Cluster).

Underneath: vectors (what is refused), kmeans, ward, hdbscan, silhouette, medoid; max_sim, scoring, strategies,
fusion, lists.
"""
