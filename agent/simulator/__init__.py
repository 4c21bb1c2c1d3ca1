"""A simulated vCenter: a SOAP server over TLS made from pyVmomi's own type tables. `vcenter.SimulatedVCenter` is the entry."""
