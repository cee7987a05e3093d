"""What customers read, edited: which texts there are, checked, saved, taken back, and tried on real mail."""
