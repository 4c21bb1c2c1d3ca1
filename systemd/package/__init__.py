"""What others install: Debian package, wheelhouse, bill of materials, container image, release (docs/installation.md)."""
