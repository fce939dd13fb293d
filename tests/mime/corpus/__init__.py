"""The composer of the base letters in tests/mime/letters. It knows the parts it puts together, and writes them down
as the expected reading; it never asks the reader under test.
"""
