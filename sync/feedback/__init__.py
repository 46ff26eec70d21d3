"""The shared words and figures: pure, used by both ends."""
