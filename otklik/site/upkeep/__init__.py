"""«Служебная»: what is in trouble, for administrators, each with the deed that helps."""
