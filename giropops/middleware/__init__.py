"""The middleware of the project: headers, body limit, script name."""
