package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"regexp"
	"sync"
)

// longestHead is how much of a request is searched for its operation; the body's first element comes early.
const longestHead = 4096

var operation = regexp.MustCompile(`<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)`)

// counting serves what its handler serves, and counts the SOAP operations and the bytes of all answers.
type counting struct {
	handler http.Handler
	mutex   sync.Mutex
	calls   map[string]int
	sent    int
}

func (c *counting) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	name := request.Method + " " + request.URL.Path
	if request.URL.Path == "/sdk" && request.Method == http.MethodPost {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			http.Error(writer, err.Error(), http.StatusBadRequest)
			return
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		if found := operation.FindSubmatch(body[:min(len(body), longestHead)]); found != nil {
			name = string(found[1])
		}
	}
	counted := &countedWriter{ResponseWriter: writer}
	c.handler.ServeHTTP(counted, request)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.calls[name]++
	c.sent += counted.sent
}

// tell writes what has been counted so far as one line of JSON.
func (c *counting) tell(where io.Writer) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	err := json.NewEncoder(where).Encode(map[string]any{"calls": c.calls, "sent_bytes": c.sent})
	if err != nil {
		log.Fatal(err)
	}
}

// countedWriter counts the bytes of one answer.
type countedWriter struct {
	http.ResponseWriter
	sent int
}

func (c *countedWriter) Write(part []byte) (int, error) {
	written, err := c.ResponseWriter.Write(part)
	c.sent += written
	return written, err
}
