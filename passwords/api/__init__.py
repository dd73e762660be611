"""The JSON API: version 1, and the two endpoints of the app that this one replaces."""
