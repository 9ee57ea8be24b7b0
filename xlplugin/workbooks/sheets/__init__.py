"""The sheets of a template, one module each; they draw what the recipe says."""
