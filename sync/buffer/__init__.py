"""The offline buffer on the card: the only user of TinyDB."""
