"""What the live figures share."""
