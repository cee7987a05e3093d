"""What is asked about personal data: what is there of somebody, and that it goes."""
