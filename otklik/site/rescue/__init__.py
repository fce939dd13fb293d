"""Backups, restoring and moving: one stream of one consistent moment of the database and the files it names.

faults        what goes wrong, in words for a person at a terminal
sealing       bytes in frames that show any damage, encrypted if asked
archive       named parts in those frames, the manifest at the end
tools         pg_dump, pg_restore, psql of a fitting version
census        counts and checksums of all tables, to compare two databases
dumping       a moment of a database as a stream;  loading  puts it into an empty one
places        where an installation's database and files are
keeping, restoring, moving   the three commands;  reviving  what a database brought back to life must forget
"""
