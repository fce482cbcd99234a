"""How each shipped model and table was made; never needed to run."""
