"""The office's HTTP: bodies within limits, who speaks, answers as the wire promises."""
