"""What the web pages and the admin show, in the active language."""
