"""The award on paper: pure functions on frozen values; no clock, no database, no web."""
