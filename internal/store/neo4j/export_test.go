package neo4j

import "strings"

// Deprecated collects, while tests run, what the server says is deprecated.
var Deprecated = make(chan string, 100)

func init() {
	noticed = func(statement, code, title string) {
		if strings.Contains(code, "Deprecat") {
			select {
			case Deprecated <- code + " " + title + "\n" + statement:
			default:
			}
		}
	}
}
