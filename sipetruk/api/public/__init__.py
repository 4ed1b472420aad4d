"""The public schema: anonymous, read-only, what has been published and the forms that are open."""
