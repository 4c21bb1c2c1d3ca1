"""What the demo says of its stack: where to look, and who is told what."""

from agent.cli.stack.receiver import Message
from agent.cli.stack.servers import Stack, missing

READY = """\
  Prometheus    {prometheus}
  Alertmanager  {alertmanager}

Both run on the shipped rules and samples{paced}. Whoever is told of something stands below, with the text.
"""
AS_SHIPPED = ": the first is told of after six minutes"
PACED = ", but wait a {pace:g}th of the time"


def ready(stack: Stack, pace: float) -> str:
    """Addresses, or the package that is missing."""
    lacks = f"not installed here; on Debian: apt-get install {' '.join(missing())}"
    return READY.format(
        prometheus=f"http://{stack.prometheus}/ (Alerts)" if stack.prometheus else lacks,
        # Debian's has no pages of its own
        alertmanager=f"amtool --alertmanager.url=http://{stack.alertmanager} alert" if stack.alertmanager else lacks,
        paced=AS_SHIPPED if pace == 1 else PACED.format(pace=pace),
    )


def told(message: Message) -> str:
    """One message as lines: when, who, what. The dead man's switch, which comes every minute, is no line."""
    if message.receiver == "dead-mans-switch":
        return ""
    lines = [f"{message.at.astimezone():%H:%M:%S} {message.receiver} is told of {len(message.alerts)}:"]
    for alert in message.alerts:
        word = alert.labels.get("severity", "") if alert.firing else "over"
        lines.append(f"  {word}: {alert.annotations.get('summary', alert.labels.get('alertname', ''))}")
        if alert.firing:
            lines.append(f"    {alert.annotations.get('description', '')}")
    return "\n".join(lines) + "\n"
