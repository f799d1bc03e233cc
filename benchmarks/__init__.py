"""Benchmarks: long runs on real newsletters, outside the tests."""
