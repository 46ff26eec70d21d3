"""The versions of the office's tables, numbered, each with its way back."""
