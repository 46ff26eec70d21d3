"""The central office: takes batches, keeps the books, shows the figures."""
