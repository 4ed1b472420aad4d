"""Papers that are signed by hand: minutes and recap of a ranking, certificates of winners; values in, the bytes of a PDF out."""
