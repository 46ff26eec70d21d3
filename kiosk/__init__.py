"""The touchscreen: what the customer and the staff see, touch and hear."""
