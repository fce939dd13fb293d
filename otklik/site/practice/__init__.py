"""The practice mailbox of `otklik demo`: write as a client, answer as an agent, over real SMTP on loopback."""
