"""The parts of the Deal network page: its address, what is drawn, its table, and the drawing itself."""
