"""An agent that does nothing but rounds, until it is killed: `PORT CA_FILE DATABASE`."""

import sys
from pathlib import Path

from tests.agent.collectors.counting import Agent

if __name__ == "__main__":
    port, ca_file, database = sys.argv[1:]
    agent = Agent(Path(ca_file), int(port), Path(database)).start()
    for _ in range(100_000):  # its parent kills it long before
        agent.round()
        sys.stdout.write("round\n")
        sys.stdout.flush()
