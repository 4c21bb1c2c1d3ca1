// The commands of VMware's govc that the letter to the vendor shows, and those that show what they did.
package main

import (
	"os"

	"github.com/vmware/govmomi/cli"
	_ "github.com/vmware/govmomi/cli/permissions"
	_ "github.com/vmware/govmomi/cli/role"
)

func main() {
	os.Exit(cli.Run(os.Args[1:]))
}
