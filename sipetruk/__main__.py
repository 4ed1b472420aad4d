"""`python -m sipetruk` is the command `sipetruk`."""

from sipetruk.cli import main

main(prog_name="sipetruk")
