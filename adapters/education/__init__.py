"""What the education sectors share: the OneRoster format and the desk of their counterparts. No adapter of its own."""
