"""Tests, one folder for each package of `interlock`; a test's name states the claim it holds the code to."""
