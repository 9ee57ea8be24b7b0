"""Template workbooks: recipes, and what draws them."""
