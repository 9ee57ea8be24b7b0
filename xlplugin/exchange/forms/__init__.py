"""One workbook in the spellings of several hosts: formulas respelled where they stand, all else left as it is."""
