"""The classifier's life: dataset → split → features → train → evaluate → promote; the registry keeps the versions."""
