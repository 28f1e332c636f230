"""Tests of the application: whole commands and reads on real databases."""
