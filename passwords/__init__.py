"""The app: recipes, recents, history, audit and the four channels."""
