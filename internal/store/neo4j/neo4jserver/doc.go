// Package neo4jserver runs a real Neo4j community server as a child process,
// without Docker and without an installation: Java 17 or later, and Maven the
// first time, when it copies the server's jars (214 files, 116 MB) into the
// user's cache directory.
//
//	server, err := neo4jserver.Start(ctx, neo4jserver.Options{})
//	if errors.Is(err, neo4jserver.ErrUnavailable) { … no Java here … }
//	defer server.Stop(ctx)
//	driver, err := neo4j.NewDriverWithContext(server.URI(), neo4j.NoAuth())
//
// It is for tests, benchmarks and trying things out. The server listens on the
// loopback interface only and ends with the process that started it, also when
// that one is killed. Tests want the package neo4jtest, which shares one.
package neo4jserver
