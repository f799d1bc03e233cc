"""The parts of a deal's story: its terms, and its statements and steps in time."""
