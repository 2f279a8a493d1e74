package live

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// listen opens an event stream.
func listen(t *testing.T, address, query string) *http.Response {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Post("http://"+address+"/?query="+url.QueryEscape(query), "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func TestWhatDoesAnEventStreamSay(t *testing.T) {
	address, _, _ := serve(t, Server{QueryTimeout: soon})
	const end = "event: complete\ndata:\n\n"
	event := func(text string) string { return "event: next\ndata: " + text + "\n\n" }
	for query, want := range map[string]string{
		"query":                event(`{"data":"answer"}`) + end,
		"query slow":           event(`{"errors":[{"message":"context deadline exceeded"}]}`) + end,
		"invalid":              event(`{"errors":[{"message":"not valid"}]}`) + end,
		"subscription count":   event(`{"data":0}`) + event(`{"data":1}`) + event(`{"data":2}`) + end,
		"subscription refused": event(`{"errors":[{"message":"no such thing"}]}`) + end,
		"subscription fails":   event(`{"data":0}`) + event(`{"errors":[{"message":"broke off"}]}`) + end,
		"subscription panics":  event(`{"data":0}`) + event(`{"errors":[{"message":"hidden"}]}`) + end,
	} {
		t.Run(query, func(t *testing.T) {
			response := listen(t, address, query)
			got, err := io.ReadAll(response.Body)
			if err != nil || strings.TrimPrefix(string(got), ":\n\n") != want || response.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
				t.Errorf("%v, %v\n got %q\nwant %q", err, response.Header, got, want)
			}
		})
	}
}

func TestDoesAnEventStreamShowSignsOfLife(t *testing.T) {
	address, exec, _ := serve(t, Server{Heartbeat: time.Millisecond})
	response := listen(t, address, "subscription wait")
	lines := bufio.NewScanner(response.Body)
	for range 6 {
		if !lines.Scan() || strings.Trim(lines.Text(), ":") != "" {
			t.Fatalf("%q, %v", lines.Text(), lines.Err())
		}
	}
	_ = response.Body.Close()
	eventually(t, "stream ends with its client", func() bool { return exec.running.Load() == 0 })
}

func TestDoesAnEventStreamBreakOffWhenTheServerStops(t *testing.T) {
	address, exec, stop := serve(t, Server{})
	response := listen(t, address, "subscription wait")
	eventually(t, "stream begins", func() bool { return exec.running.Load() == 1 })
	stop()
	if got, _ := io.ReadAll(response.Body); strings.Contains(string(got), "complete") {
		t.Errorf("the client is told that it is over, and would not come again: %q", got)
	}
}

func TestDoesAClientThatTakesNoEventsLoseItsStream(t *testing.T) {
	address, exec, _ := serve(t, Server{WriteTimeout: 50 * time.Millisecond})
	response := listen(t, address, "subscription flood")
	eventually(t, "flood begins", func() bool { return exec.running.Load() == 1 })
	eventually(t, "flood ends", func() bool { return exec.running.Load() == 0 })
	if _, err := io.Copy(io.Discard, response.Body); err == nil {
		t.Error("the stream came to a good end")
	}
}
