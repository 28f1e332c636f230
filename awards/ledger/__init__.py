"""The log and what lies beside it: canonical bytes, recorders, tree, sealed values, keys."""
