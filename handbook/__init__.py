"""What makes the documentation: the hooks of the site, and the pages that are made from the program."""
