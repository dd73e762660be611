"""The pure domain: what a secret may be, how many there are, and how to draw one."""
