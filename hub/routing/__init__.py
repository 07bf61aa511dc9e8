"""The journey of a message: receive, update, forward, deliver. Walks the pure verbs through the ports."""
