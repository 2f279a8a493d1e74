package neo4jserver

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
)

// Ports are taken from below those that the usual systems hand out for
// outgoing connections: between this check and the server's own listen lie
// seconds, in which the system could otherwise give the port away.
const firstPort, lastPort = 20000, 32000

// freePort returns a loopback port on which nothing listens now.
func freePort() (int, error) {
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = listener.Close()
			return port, nil
		}
	}
	return 0, errors.New("neo4j: found no free loopback port")
}
