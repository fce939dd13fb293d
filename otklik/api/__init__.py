"""The door of programs: keys and the envelope of answers. What there is to read lies in each room's api.py."""
