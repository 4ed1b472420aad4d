"""Prints the winners of the latest publication with the typed client: `python winners.py https://HOST/graphql`."""

import sys

from sipetruk_client import Client

with Client(url=sys.argv[1]) as client:
    latest = client.home().latest_publication
    for winner in latest.winners.nodes if latest else []:
        shown = [winner.rank, winner.name, winner.unit.name, winner.score]  # the score only where the policy publishes it
        print(*(each for each in shown if each is not None), sep=" · ")
