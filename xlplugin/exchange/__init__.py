"""Workbooks on their way out of the office and back."""
