"""The words of the findings, one module a language; both hold the same keys."""
