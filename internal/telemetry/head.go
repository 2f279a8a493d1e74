package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Head gives the revision of a store's last commit, or an error while it does not
// answer.
type Head func(context.Context) (int64, error)

// headTimeout is how long the store may take to say its revision.
const headTimeout = 2 * time.Second

// headCollector asks the store when the figures are read.
type headCollector struct {
	head         Head
	up, revision *prometheus.Desc
}

func newHeadCollector(head Head) *headCollector {
	return &headCollector{
		head:     head,
		up:       prometheus.NewDesc(namespace+"_store_up", "1 when the store answers, else 0.", nil, nil),
		revision: prometheus.NewDesc(namespace+"_revision_head", "Revision of the last commit; missing while the store does not answer.", nil, nil),
	}
}

// Describe gives the descriptions.
func (c *headCollector) Describe(to chan<- *prometheus.Desc) {
	to <- c.up
	to <- c.revision
}

// Collect asks.
func (c *headCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), headTimeout)
	defer cancel()
	revision, err := c.head(ctx)
	if err != nil {
		to <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, 0)
		return
	}
	to <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, 1)
	to <- prometheus.MustNewConstMetric(c.revision, prometheus.GaugeValue, float64(revision))
}
