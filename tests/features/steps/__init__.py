"""Steps that several capabilities share: how things stand, who does what, what comes of it."""
