"""The doors over HTTP: FastAPI stays in this room."""
