"""Servers on loopback that the doors are tested against: real ones, and ones that misbehave on demand."""
