"""The pages for customers, the API, and what monitors ask: one small app, served by `web` or inside `run`."""
