"""Letters out: each is a row before it is sent, leaves at most once, and its fate is shown (design §5, invariant 2)."""
