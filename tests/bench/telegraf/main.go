// Telegraf with its vSphere input and nothing else that reads, for the benchmark to run beside the agent.
//
// `-sample` prints the input's own sample configuration, which the benchmark only gives an address and an account.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/influxdata/telegraf/agent"
	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/telegraf/logger"
	"github.com/influxdata/telegraf/plugins/inputs"
	_ "github.com/influxdata/telegraf/plugins/inputs/vsphere"
	_ "github.com/influxdata/telegraf/plugins/outputs/prometheus_client"
)

func main() {
	file := flag.String("config", "", "the configuration")
	sample := flag.Bool("sample", false, "print the vSphere input's sample configuration and end")
	flag.Parse()
	if *sample {
		fmt.Print(inputs.Inputs["vsphere"]().SampleConfig())
		return
	}
	settings := config.NewConfig()
	if err := settings.LoadAll(*file); err != nil {
		log.Fatal(err)
	}
	if err := logger.SetupLogging(&logger.Config{}); err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := agent.NewAgent(settings).Run(ctx); err != nil {
		log.Fatal(err)
	}
}
