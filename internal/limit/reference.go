package limit

import (
	"fmt"
	"strings"
)

// Reference is the table of docs/limits.md.
func Reference() string {
	var b strings.Builder
	b.WriteString("| name | viewer | analyst | coordinator | administrator | of what | error |\n|---|---|---|---|---|---|---|\n")
	for _, e := range table {
		fmt.Fprintf(&b, "| `%s` |", e.Name)
		for i, v := range e.Values {
			if e.Common && i > 0 {
				b.WriteString(" |")
				continue
			}
			fmt.Fprintf(&b, " %s |", e.shown(v))
		}
		code := ""
		if e.Code != "" {
			code = "`" + string(e.Code) + "`"
		}
		fmt.Fprintf(&b, " %s | %s |\n", e.Of, code)
	}
	return b.String()
}

func (e Entry) shown(v int64) string {
	switch {
	case v == 0 && e.Zero != "":
		return e.Zero
	case e.Unit == PerSec:
		return e.Text(v) + "/s"
	}
	return e.Text(v)
}
