"""The commands of `kg`, a module for each group."""
