"""Pure functions from a venue site's bytes to values: no Dagster, no SQL, no network, no files, no global state.

Per page (`body` bytes in, a value or a `Rejection` out; hostile bytes never raise):

    parsing.parse_html(body, declared_charset) -> ParsedPage | Rejection
    links.page_links(page, page_url, site_url) -> list[PageLink]      links.page_directives(page, page_url)
    markdown.page_text(page, page_url) -> PageText
    structured.structured_data(page, page_url) -> StructuredData
    photo_candidates.photo_candidates(page, page_url) -> PhotoCandidates

Per address:  urls.canonical_url, urls.is_same_site, traps.trap_reason
Per sitemap:  sitemaps.parse_sitemap(body) -> Sitemap | Rejection
Per image:    photo_inspection.inspect_photo(body) -> Photo | Rejection
Per site:     boilerplate.drop_repeated_boilerplate(pages), identity.site_identity(pages),
              site_words.venue_identity(pages), photo_candidates.merge_candidates(pages),
              photo_set.fold_duplicates(photos), facts.read.read_facts(pages),
              summary.extractive.extractive_reading(pages)
Per quote:    quotes.verified(quoted, page_of): whether the page says it
"""
