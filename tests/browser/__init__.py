"""The tests of the page in a browser, against the app as it is deployed."""
