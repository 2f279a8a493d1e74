module github.com/musubi-map/musubi/bench

go 1.26.0

require github.com/musubi-map/musubi v0.0.0

require golang.org/x/text v0.43.0 // indirect

replace github.com/musubi-map/musubi => ../
