"""The middleware, through a real client."""
