"""A made-up regency for trying things out: about 400 people, their accounts, and award rounds at every stage."""

from sipetruk.demo.story import STAGES, build

__all__ = ["STAGES", "build"]
