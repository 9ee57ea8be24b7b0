"""The unit placement workbook taken in and given back: who wishes for which unit, and what is suggested."""
