"""The browser pages: thin, no logic of the domain."""
