"""Our own adapters; each enters by the same door as a vendor's (`hub.sdk`)."""
