"""Langbenk: one shared plan for a child, carried between the services that help, within consent and the law."""
