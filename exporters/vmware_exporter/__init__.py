"""World to the names, labels and units of vmware_exporter. Apart from where it stands, all of it is loaded when it is asked for."""

PATH = "/metrics/vmware_exporter"
