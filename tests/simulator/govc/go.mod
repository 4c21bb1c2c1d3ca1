module checkmeter/tests/simulator/govc

// The Go that govmomi v0.52.0 itself asks for, and no newer: Debian 12's backports have 1.23.
go 1.23.0

// govc's own main is a module of its own; its commands are packages of this one.
require github.com/vmware/govmomi v0.52.0

require (
	github.com/a8m/tree v0.0.0-20240104212747-2c8764a5f17e // indirect
	github.com/dougm/pretty v0.0.0-20160325215624-add1dbc86daf // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/kr/text v0.2.0 // indirect
	github.com/rogpeppe/go-internal v1.9.0 // indirect
)
