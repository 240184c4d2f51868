"""Evidence files and bundles, read and bounded without any cryptography library."""
