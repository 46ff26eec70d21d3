"""One module and one .kv file for each screen; screens show and report, and decide nothing."""
