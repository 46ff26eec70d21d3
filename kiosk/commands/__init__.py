"""One module for each command of `smiley-kiosk`; each returns its exit code."""
