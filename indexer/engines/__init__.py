"""Search engines behind one protocol; each engine's library is known to its module alone."""
