"""Hard cases of names and places, in sentences of our own, with what is to be read in each."""
