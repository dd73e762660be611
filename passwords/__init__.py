"""The app: recipes, recents, history and the four doors to them."""
