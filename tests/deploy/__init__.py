"""The deployment files, checked without a cluster."""
