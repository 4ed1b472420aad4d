"""The staff schema: what those who are signed in may see and do."""
