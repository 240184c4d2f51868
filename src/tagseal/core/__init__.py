"""The nouns of tagseal: pure values without clock, environment, randomness, disk or network.

Everything else is built from these: digests and git object ids, paths as bytes, listings of trees
and archives, the source of a release, who signed it, the reason codes, and the verdict.
"""
