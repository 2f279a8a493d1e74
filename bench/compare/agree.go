package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// samples are the requests whose answers are held against each other.
const samples = 25

// agree fails when a side gives other rows than ours on the embedded store, or
// when there is nothing to compare.
func (q question) agree(ctx context.Context, sides []*side) error {
	scalars := 0
	for n := range samples {
		var want []string
		for i, x := range sides {
			got, err := q.rows(ctx, x, n)
			if err != nil {
				return fmt.Errorf("%s: %w", x.name, err)
			}
			if i == 0 {
				want = got
				scalars += len(want)
			} else if !slices.Equal(got, want) {
				return fmt.Errorf("%s did not give the same rows as %s for request %d:\n%s\n%s", x.name, sides[0].name, n, short(got), short(want))
			}
		}
	}
	if scalars == 0 {
		return errors.New("no rows: nothing was compared")
	}
	return nil
}

func short(rows []string) string {
	if len(rows) > 60 {
		return fmt.Sprintf("%d values: %s …", len(rows), strings.Join(rows[:60], " | "))
	}
	return fmt.Sprintf("%d values: %s", len(rows), strings.Join(rows, " | "))
}

// rows are the scalars of an answer in their order: what wraps them, connections
// and edges and nodes, is each side's own. A question that asks for no order has
// its rows sorted.
func (q question) rows(ctx context.Context, x *side, n int) ([]string, error) {
	if q.writes {
		n = int(x.written.Add(1))
	}
	path, body, err := q.request(x, n)
	if err != nil {
		return nil, err
	}
	data, err := post(ctx, x, path, body)
	if err != nil {
		return nil, err
	}
	all, err := scalarsOf(data)
	if err != nil || q.row == 0 {
		return all, err
	}
	var rows []string
	for row := range slices.Chunk(all, q.row) {
		rows = append(rows, strings.Join(row, " "))
	}
	slices.Sort(rows)
	return rows, nil
}

// scalarsOf reads JSON text in order, keys and extensions aside.
func scalarsOf(data []byte) (out []string, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = scalars(d, &out)
	return out, err
}

func scalars(d *json.Decoder, out *[]string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		*out = append(*out, fmt.Sprint(token))
		return nil
	}
	for d.More() {
		if delim == '{' {
			key, err := d.Token()
			if err != nil {
				return err
			}
			if key == "extensions" { // what an answer says of its asking
				if err := d.Decode(&json.RawMessage{}); err != nil {
					return err
				}
				continue
			}
		}
		if err := scalars(d, out); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// failed finds the errors of an answer, those of a mutation too.
func failed(answer []byte) bool {
	return bytes.Contains(answer, []byte(`"errors":[`)) || bytes.Contains(answer, []byte(`"userErrors":[{`))
}

// post sends one request, with some headers set besides; an answer with errors is an error.
func post(ctx context.Context, x *side, path string, body []byte, headers ...string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+x.addr+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	for _, name := range headers {
		request.Header.Set(name, "yes")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || failed(data)) {
		err = fmt.Errorf("status %d: %.500s", response.StatusCode, data)
	}
	return data, err
}
