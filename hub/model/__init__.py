"""The words of the hub: frozen values without I/O, shared by every room."""
