"""Reads: rows become frozen values; what a person may see is decided here once."""
