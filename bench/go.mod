module github.com/musubi-map/musubi/bench

go 1.26.0

require (
	github.com/musubi-map/musubi v0.0.0
	github.com/neo4j/neo4j-go-driver/v5 v5.28.4
)

require (
	golang.org/x/sync v0.24.0
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/musubi-map/musubi => ../
