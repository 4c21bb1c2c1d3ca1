"""VMs as targets for Prometheus' http_sd: what blackbox_exporter, node_exporter and windows_exporter are to be asked for."""
