"""Who is asking, what is kept unreadable, and which numbers may be here."""
