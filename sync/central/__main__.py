"""`python -m sync.central` is `smiley-central`."""

from sync.central.cli import main

if __name__ == "__main__":
    main()
