"""All about feedback once it is given."""
