"""The parts of the Money page: its address, loops, flows with their Sankey diagram, central firms and paths."""
