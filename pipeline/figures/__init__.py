"""The formulas, what is measured, the report and its page."""
