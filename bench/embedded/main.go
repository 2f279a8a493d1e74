// Command embedded opens a file of the embedded store, which it fills first when
// there is none, and says what that takes: time, memory, and how long writes and
// reads wait for each other.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/musubi-map/musubi/bench/bulk"
	"github.com/musubi-map/musubi/bench/town"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

func main() {
	log.SetFlags(0)
	var o town.Options
	flag.IntVar(&o.Municipalities, "municipalities", 20, "how many of them when the file is made, up to 1741")
	flag.Uint64Var(&o.Seed, "seed", 1, "which map when the file is made")
	data := flag.String("data", "embedded.db", "`file` of the embedded store")
	each := flag.Duration("each", 2*time.Second, "how long to read, to write, and to do both")
	cpu := flag.String("cpuprofile", "", "`file` for a profile of opening")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if _, err := os.Stat(*data); errors.Is(err, fs.ErrNotExist) {
		if err := fill(ctx, *data, o); err != nil {
			log.Fatal(err)
		}
	}
	if err := run(ctx, *data, *each, *cpu); err != nil {
		log.Fatal(err)
	}
}

func fill(ctx context.Context, data string, o town.Options) error {
	m, err := town.New(o)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, data, sqlite.Options{})
	if err != nil {
		return err
	}
	r, err := bulk.Load(ctx, s, m.Records())
	if err != nil {
		return errors.Join(err, s.Close(ctx))
	}
	fmt.Printf("filled: %d records and %d ties\n", r.Records, r.Ties)
	return s.Close(ctx)
}

func run(ctx context.Context, data string, each time.Duration, cpu string) error {
	runtime.GC() // what filling left
	s, err := open(ctx, data, cpu)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	schools, err := find(ctx, s, network.MustKind("School"), 500)
	if err != nil {
		return err
	}
	people, err := find(ctx, s, network.MustKind("Person"), 500)
	if err != nil {
		return err
	}
	b := &both{s: s, schools: schools, people: people}
	if err := b.measure(ctx, each); err != nil {
		return err
	}
	fmt.Printf("at most %d MiB resident\n", resident())
	return nil
}

// open opens the file and says what that took.
func open(ctx context.Context, data, cpu string) (*sqlite.Store, error) {
	if cpu != "" {
		f, err := os.Create(cpu)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return nil, err
		}
		defer pprof.StopCPUProfile()
	}
	worked, began := processor(), time.Now()
	s, err := sqlite.Open(ctx, data, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	took, worked := time.Since(began), processor()-worked
	n, err := count(ctx, s)
	if err != nil {
		return nil, err
	}
	size := int64(0)
	if info, err := os.Stat(data); err == nil {
		size = info.Size()
	}
	fmt.Printf("%d records with their log, a file of %d MiB\n", n, size>>20)
	fmt.Printf("opened in %.2f s, %.0f records a second; %.2f s of processor time; at most %d MiB resident\n",
		took.Seconds(), float64(n)/took.Seconds(), worked.Seconds(), resident())
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("%d MiB live, %.0f bytes and %.1f objects a record\n", m.HeapAlloc>>20, float64(m.HeapAlloc)/float64(n), float64(m.HeapObjects)/float64(n))
	return s, nil
}
