"""Scrapy's settings for a crawl, each with its reason. Values only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from venue_assets.crawler.job import CrawlJob


def scrapy_settings(job: CrawlJob) -> dict[str, Any]:
    """What differs from Scrapy's defaults.

    Scrapy brings the engine, a downloader slot per host (delay, concurrency) and the robots.txt parser. What it would
    do with a response, `venue_assets.crawler.fetch` does, because the answers are needed there: its retries ignore
    Retry-After and take a refused address for a DNS error, its redirects and robots.txt rules know no reasons.
    """
    limits = job.limits
    return {
        # Our own, read by the download handler.
        "HOST_MAP": job.host_map,
        # Nothing but http and https, and those through the handler that checks addresses.
        "DOWNLOAD_HANDLERS": {
            "http": "venue_assets.crawler.transport.GuardedDownloadHandler",
            "https": "venue_assets.crawler.transport.GuardedDownloadHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        # Politeness. Slots are per host name, so venues on one host share one.
        "DOWNLOAD_DELAY": limits.delay,
        "DOWNLOAD_DELAY_JITTER": 0.25,
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.concurrency_per_host,
        "AUTOTHROTTLE_ENABLED": False,  # would lower a Crawl-delay
        # Doors that a crawler must not have.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy from the environment would connect for us, unchecked
        "COOKIES_ENABLED": False,
        # Done in `fetch`, `hosts` and `bodies`.
        "ROBOTSTXT_OBEY": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "RETRY_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "REFERER_ENABLED": False,
        # Progress is reported per venue, by `__main__`.
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
    }
