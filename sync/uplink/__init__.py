"""What runs on the kiosk to bring its events to the office."""
