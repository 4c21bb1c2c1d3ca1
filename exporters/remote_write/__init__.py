"""Sends samples that nobody could scrape in time to a store that takes Prometheus' remote write."""
