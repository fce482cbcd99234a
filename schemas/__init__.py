"""What the services say to one another: messages, topics and their wire form."""
