"""The office's web pages: server-rendered, without an address outside the office."""
