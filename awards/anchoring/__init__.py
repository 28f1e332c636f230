"""What others say of our checkpoints: cosignatures of witnesses, and time stamps. Neither is waited for by anybody."""
