"""The index in Elasticsearch 8.19 or newer: what a cluster searches in."""

from search.elastic.index import PATIENCE, ElasticIndex

__all__ = ["PATIENCE", "ElasticIndex"]
