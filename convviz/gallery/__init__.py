"""The gallery: recipes to many pictures, and the pages that show them."""
