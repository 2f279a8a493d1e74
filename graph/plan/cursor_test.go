package plan

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// A text is no cursor, or it is read as the cursor that it is written as.
func FuzzCursor(f *testing.F) {
	school := network.KindOf("School")
	order := []store.Order{{Field: school.Field("name")}, {Field: school.Field("from")}}
	if order[0].Field == nil || order[1].Field == nil {
		f.Fatal("no such fields")
	}
	const signature = 7
	for _, keys := range [][]any{{"か", network.MustDate("2024-02-01"), "id"}, {nil, nil, "id"}, {"\"\\\u0000\u2028", nil, ""}} {
		var text string
		if err := json.Unmarshal(appendCursor(nil, signature, 3, keys), &text); err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"", "e30", base64.RawURLEncoding.EncodeToString([]byte(`{"s":7,"r":0,"k":[1,2,3]}`)), base64.RawURLEncoding.EncodeToString([]byte(`{"s":7,"r":-1,"k":["a","2024-13-01","b"]}`))} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := decodeCursor(text, signature, order)
		if err != nil {
			if network.CodeOf(err) != network.InvalidCursor || c != nil {
				t.Fatalf("%v, %v", c, err)
			}
			return
		}
		var again string
		if err := json.Unmarshal(appendCursor(nil, signature, c.Rank, append(append([]any{}, c.Keys...), string(c.ID))), &again); err != nil {
			t.Fatal(err)
		}
		back, err := decodeCursor(again, signature, order)
		if err != nil || back.ID != c.ID || back.Rank != c.Rank || back.Keys[0] != c.Keys[0] || back.Keys[1] != c.Keys[1] {
			t.Fatalf("%+v came back as %+v, %v", c, back, err)
		}
	})
}
