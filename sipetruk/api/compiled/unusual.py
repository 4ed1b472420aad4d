"""What the compiled function does not do itself."""


class Unusual(Exception):  # no error: a way of saying that graphql-core answers
    """graphql-core runs the document instead, and makes the answer or the error."""
