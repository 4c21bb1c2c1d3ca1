"""`python -m agent` is `checkmeter`."""

from agent.cli import main

if __name__ == "__main__":
    main()
