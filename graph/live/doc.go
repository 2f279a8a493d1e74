// Package live carries GraphQL operations over connections that stay open:
// server-sent events in the distinct connections mode of graphql-sse
// ([Server.Events]), and WebSockets with the subprotocol graphql-transport-ws
// ([Server.Socket]).
//
// It knows the protocols and nothing of the map. A resolver that streams starts
// its work with [Go] and reports why it ended with [Fail]; the channel it returns
// is read only as fast as the client takes events, one at a time: nothing is
// queued. No goroutine outlives its connection.
//
// Why gqlgen's own transports are not used: docs/decisions/0009-live.md.
package live
