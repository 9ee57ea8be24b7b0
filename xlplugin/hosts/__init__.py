"""Where the worksheet functions run: one module a host."""
