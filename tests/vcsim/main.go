// Serves govmomi's simulated vCenter (or ESXi host) for the tests: a second opinion that nobody of this project wrote.
//
// Once it answers it prints one line of JSON, {"address": "127.0.0.1:40123", "certificate": "-----BEGIN …"}. Each line
// that it is sent is answered by what it has counted, {"calls": {"Login": 1}, "sent_bytes": 4711}. It ends when its
// standard input closes, so that a test run that died leaves no server behind.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"log"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator" // tags, over REST
)

// ready is what the tests need to know to connect.
type ready struct {
	Address     string `json:"address"`
	Certificate string `json:"certificate"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("vcsim: ")
	listen := flag.String("listen", "127.0.0.1:0", "address to serve on")
	esx := flag.Bool("esx", false, "a standalone ESXi host instead of a vCenter")
	apiVersion := flag.String("api-version", "8.0.3.0", "the newest API version that clients are offered")
	username := flag.String("username", "", "the only user that may log in; empty: any user with any password")
	password := flag.String("password", "", "that user's password")
	clusters := flag.Int("clusters", 1, "clusters (vCenter only)")
	clusterHosts := flag.Int("cluster-hosts", 3, "hosts in each cluster (vCenter only)")
	standaloneHosts := flag.Int("standalone-hosts", 1, "hosts outside clusters (vCenter only)")
	portgroups := flag.Int("portgroups", 2, "distributed port groups (vCenter only)")
	pods := flag.Int("pods", 1, "datastore clusters for each cluster (vCenter only)")
	datastores := flag.Int("datastores", 2, "datastores")
	machines := flag.Int("machines", 4, "virtual machines on each cluster and on each standalone host")
	flag.Parse()

	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	} else {
		model.Cluster, model.ClusterHost, model.Host = *clusters, *clusterHosts, *standaloneHosts
		model.Portgroup, model.Pod = *portgroups, *pods
	}
	model.Datastore, model.Machine = *datastores, *machines
	model.ServiceContent.About.ApiVersion = *apiVersion
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}

	certificate, err := selfSigned(time.Now())
	if err != nil {
		log.Fatal(err)
	}
	model.Service.Listen = &url.URL{Host: *listen}
	if *username != "" {
		model.Service.Listen.User = url.UserPassword(*username, *password)
	}
	model.Service.RegisterEndpoints = true
	model.Service.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server := model.Service.NewServer()
	counter := &counting{handler: server.Config.Handler, calls: map[string]int{}}
	server.Config.Handler = counter
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := json.NewEncoder(os.Stdout).Encode(ready{server.URL.Host, string(encoded)}); err != nil {
		log.Fatal(err)
	}

	waitForEnd(counter)
	// The server is not closed first: that waits for every client that still hangs in WaitForUpdatesEx.
	model.Remove()
}

// waitForEnd returns at SIGTERM, at an interrupt, or when whoever started this closes our standard input.
func waitForEnd(counter *counting) {
	end := make(chan os.Signal, 1)
	signal.Notify(end, os.Interrupt, syscall.SIGTERM)
	go func() {
		for questions := bufio.NewScanner(os.Stdin); questions.Scan(); {
			counter.tell(os.Stdout)
		}
		end <- os.Interrupt
	}()
	<-end
}

// selfSigned makes a certificate as a fresh vCenter has one: nobody's CA vouches for it. It is valid for a day.
func selfSigned(now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "localhost", Organization: []string{"vcsim"}},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
