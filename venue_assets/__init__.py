"""From a list of venue site URLs to crawled, summarised, embedded and indexed venues."""
