"""A municipality that does not exist: synthetic children, their systems, and the story of the demo."""
