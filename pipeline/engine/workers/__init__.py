"""The queue loop and what it carries out: fetching, sending, filing, mirroring."""
