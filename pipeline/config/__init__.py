"""config.toml and the secrets it points to → one frozen Config."""
