"""The index in Elasticsearch 8.19 or newer: what a cluster searches in."""

from search.elastic.index import ElasticIndex

__all__ = ["ElasticIndex"]
