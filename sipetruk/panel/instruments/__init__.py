"""The pages on which instruments are made: list, one version, and an editor for each of its parts."""
