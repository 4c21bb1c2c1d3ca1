"""What a Linux machine needs to run the agent as a service."""
