"""What the app promises to withstand."""
