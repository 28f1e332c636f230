"""The real server, as `awards serve` starts it, under races and kills."""
