"""The public pages and the work unit's nomination pages."""
