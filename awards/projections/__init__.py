"""Read models: what the log says, as rows that can be asked for; each can be dropped and rebuilt."""
