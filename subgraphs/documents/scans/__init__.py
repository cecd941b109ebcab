"""Scans of documents: their bytes lie beside the register, in files or in GridFS; the record holds what is known of them."""
