"""The commands and the reads: one method each, the only way in for the API, the pages and the command line.

A command reads streams through its `Work`, decides, and is saved once; whatever it read is expected not to have moved.
"""
