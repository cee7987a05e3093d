"""What people ask for, whatever the interface: each use case once, for the command line and the pages."""
