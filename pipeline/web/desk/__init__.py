"""The pages for people who work with Firstline, below /desk."""
