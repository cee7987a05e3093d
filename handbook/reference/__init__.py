"""A module for each page that is made from the program: `page()` gives its text."""
