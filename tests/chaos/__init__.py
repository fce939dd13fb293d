"""Letters in and answers out while everything is killed: real processes, a real database, a sink that counts."""
