"""A reference journal: how a municipal police force sends its events so that none is lost and none is doubled."""
