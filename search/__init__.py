"""Search over the registers: how names are spelled, what is indexed, and the index in Elasticsearch or in a file."""
