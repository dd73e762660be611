"""The middleware of the project: headers, body limit, rate limit, script name."""
