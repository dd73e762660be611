"""The middleware of the project: headers, body limit, rate limit, path prefix."""
