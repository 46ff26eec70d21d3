"""The line to the central office: uploads, heartbeats and settings, as the wire page says."""
