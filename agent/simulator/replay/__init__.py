"""Plays back what another vCenter answered: recordings of `checkmeter record`, and dumps of `govc object.save`."""
