"""The deployment files say what they promise; nothing here needs a cluster."""
