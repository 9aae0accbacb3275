"""One site's part of a run: what is remembered, planned, fetched, read, stored and accounted."""

from crawler.visit.fetched import GONE, Fetched
from crawler.visit.visit import Visit

__all__ = ["GONE", "Fetched", "Visit"]
