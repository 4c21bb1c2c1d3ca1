module checkmeter/tests/vcsim

// The Go that govmomi v0.52.0 itself asks for, and no newer: Debian 12's backports have 1.23.
go 1.23.0

// v0.53 and later answer what pyVmomi cannot read; `@latest` of the Go proxy is a release of 2018.
require github.com/vmware/govmomi v0.52.0

require (
	github.com/dougm/pretty v0.0.0-20160325215624-add1dbc86daf // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/kr/text v0.2.0 // indirect
	golang.org/x/text v0.28.0 // indirect
)
