"""The mapping documents that come with Saite."""
