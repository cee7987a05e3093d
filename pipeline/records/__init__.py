"""The nouns of Firstline by family: frozen, keyword-only, typed."""
