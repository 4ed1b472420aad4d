"""An operation compiled once to a plain Python function; whatever is unusual is left to graphql-core, which has the last word."""

from sipetruk.api.compiled.runner import Compiled

__all__ = ["Compiled"]
