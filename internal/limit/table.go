package limit

import "github.com/musubi-map/musubi/internal/network"

// Key names a limit.
type Key int

// The limits, in the order of the table.
const (
	Body Key = iota
	WriteBody
	Tokens
	Depth
	Aliases
	RootFields
	Fields
	Expanded
	Repeats
	Fragments
	Directives
	Cost
	Conditions
	First
	StringLength
	List
	Rows
	JSONDepth
	Errors
	ErrorBytes
	Time
	InFlight
	InFlightTotal
	Waiting
	WaitTime
	Rate
	Burst
	Streams
	StreamsTotal
	Documents
	HeaderBytes
	HeaderTime
	ReadTime
	WriteTime
	IdleTime
	InitTime
	Message
	Operations
	keys // how many there are
)

// Unit is what a limit counts.
type Unit string

// The units. Durations are kept in nanoseconds.
const (
	Count   Unit = ""
	Bytes   Unit = "bytes"
	Seconds Unit = "time"
	PerSec  Unit = "a second"
)

const (
	second = int64(1e9)
	kib    = int64(1) << 10
	mib    = int64(1) << 20
)

// Entry is a row of the table.
type Entry struct {
	Name string
	Unit Unit
	// Values are those of viewers, analysts, coordinators and administrators.
	Values [4]int64
	// Common says that it holds for everybody: roles have no values of their own.
	Common bool
	// Zero says what 0 means; when it is empty, 0 is refused.
	Zero string
	// Of is what is limited, for the reference.
	Of string
	// Stay tells a client how to stay inside; empty where no error names it.
	Stay string
	// Code is that of the error.
	Code network.ErrorCode
}

func all(v int64) [4]int64      { return [4]int64{v, v, v, v} }
func two(v, a int64) [4]int64   { return [4]int64{v, a, a, a} }
func four(v ...int64) [4]int64  { return [4]int64(v) }
func tooLarge(e Entry) Entry    { e.Code = network.TooLarge; return e }
func tooMuch(e Entry) Entry     { e.Code = network.ResourceExhausted; return e }
func outOfRange(e Entry) Entry  { e.Code = network.OutOfRange; return e }
func rateLimited(e Entry) Entry { e.Code = network.RateLimited; return e }

var table = [keys]Entry{
	Body: tooLarge(Entry{Name: "body", Unit: Bytes, Values: two(256*kib, mib), Of: "the body of a request, or its address for GET",
		Stay: "send long lists in several requests"}),
	WriteBody: tooLarge(Entry{Name: "write-body", Unit: Bytes, Values: four(256*kib, mib, 8*mib, 8*mib), Of: "the body of a request with a mutation",
		Stay: "write fewer rows at a time"}),
	Tokens: tooLarge(Entry{Name: "tokens", Values: two(1000, 4000), Of: "words and signs of a document",
		Stay: "move values into variables, and split the document"}),
	Depth: tooLarge(Entry{Name: "depth", Values: all(16), Of: "levels of fields, with fragments written out",
		Stay: "ask for what lies deeper by its id, in another query"}),
	Aliases: tooLarge(Entry{Name: "aliases", Values: two(15, 50), Of: "fields with an alias, with fragments written out",
		Stay: "ask for several records with nodes(ids:), or split the query"}),
	RootFields: tooLarge(Entry{Name: "root-fields", Values: all(10), Of: "root fields of an operation, with fragments written out; __schema may stand once",
		Stay: "split the query"}),
	Fields: tooLarge(Entry{Name: "fields", Values: all(100), Of: "fields and fragments in one selection set",
		Stay: "split the query"}),
	Expanded: tooLarge(Entry{Name: "expanded", Values: all(5000), Of: "fields of a document, with fragments written out",
		Stay: "spread fragments fewer times, or split the document"}),
	Repeats: tooLarge(Entry{Name: "repeats", Values: all(10_000), Of: "pairs of fields that stand for the same place of the answer",
		Stay: "ask for each field once"}),
	Fragments: tooLarge(Entry{Name: "fragments", Values: all(50), Of: "fragments that a document defines",
		Stay: "merge fragments, or split the document"}),
	Directives: tooLarge(Entry{Name: "directives", Values: all(50), Of: "directives in a document",
		Stay: "put @skip and @include on a fragment in place of its fields"}),
	Cost: tooLarge(Entry{Name: "cost", Values: two(10_000, 100_000), Of: "records that an operation could return",
		Stay: "ask for fewer at a time (first), or for fewer lists within lists"}),
	Conditions: tooLarge(Entry{Name: "conditions", Values: two(100, 500), Of: "members of objects in the arguments of a query, wherever they are used: what its filters ask",
		Stay: "name values in one list (in) in place of many conditions, or split the query"}),
	First: outOfRange(Entry{Name: "first", Values: two(100, 500), Of: "first, last, and the ids of nodes"}),
	StringLength: tooLarge(Entry{Name: "string", Values: all(network.MaxText), Of: "characters of a text in variables or document",
		Stay: "shorten it"}),
	List: tooLarge(Entry{Name: "list", Values: all(network.MaxList), Of: "elements of a list in variables or document, and of the members of an object",
		Stay: "send the list in parts"}),
	Rows: tooLarge(Entry{Name: "rows", Values: all(10_000), Of: "elements of a list in the variables of a mutation",
		Stay: "send the rows in parts"}),
	JSONDepth: tooLarge(Entry{Name: "json-depth", Values: all(20), Of: "levels of lists and objects in variables, and in a value of the document",
		Stay: "nest fewer conditions"}),
	Errors:     {Name: "errors", Common: true, Values: all(20), Of: "errors of an answer; the rest is left out"},
	ErrorBytes: {Name: "error-bytes", Common: true, Unit: Bytes, Values: all(16 * kib), Of: "text of the errors of an answer; the rest is left out"},
	Time:       {Name: "time", Unit: Seconds, Values: two(5*second, 30*second), Of: "how long an operation may take (TIMEOUT, which says how to narrow the question); subscriptions have no end"},
	InFlight: tooMuch(Entry{Name: "in-flight", Values: four(8, 8, 8, 64), Of: "operations of one viewer at a time; in open mode, all of the machine are one viewer",
		Stay: "ask again after the time in Retry-After, and ask fewer things at a time"}),
	InFlightTotal: tooMuch(Entry{Name: "in-flight-total", Common: true, Values: all(64), Of: "operations at a time, of everybody",
		Stay: "the server is busy: ask again after the time in Retry-After"}),
	Waiting: tooMuch(Entry{Name: "waiting", Common: true, Values: all(256), Of: "operations that wait for one of those to end",
		Stay: "the server is busy: ask again after the time in Retry-After"}),
	WaitTime: {Name: "wait", Common: true, Unit: Seconds, Values: all(second), Of: "how long they wait before they are refused"},
	Rate: rateLimited(Entry{Name: "rate", Unit: PerSec, Values: four(20, 50, 100, 0), Zero: "no limit", Of: "requests and operations of one viewer",
		Stay: "ask again after the time in Retry-After; ask for more in one query, or subscribe to changes in place of asking again"}),
	Burst: {Name: "burst", Values: four(40, 100, 200, 0), Zero: "that of rate", Of: "requests that may come at once before rate counts"},
	Streams: tooMuch(Entry{Name: "streams", Values: four(32, 64, 64, 1000), Of: "open WebSockets and event streams of one viewer",
		Stay: "close one; a WebSocket carries many subscriptions"}),
	StreamsTotal: tooMuch(Entry{Name: "streams-total", Common: true, Values: all(1000), Of: "open WebSockets and event streams of everybody",
		Stay: "the server is busy: come again after the time in Retry-After"}),
	Documents:   {Name: "documents", Common: true, Unit: Bytes, Values: all(16 * mib), Of: "memory, by estimate, for documents that are kept: plans, and automatic persisted queries"},
	HeaderBytes: {Name: "header", Common: true, Unit: Bytes, Values: all(16 * kib), Of: "the header of a request, with its address (431)"},
	HeaderTime:  {Name: "header-time", Common: true, Unit: Seconds, Values: all(5 * second), Of: "for the header to arrive"},
	ReadTime:    {Name: "read-time", Common: true, Unit: Seconds, Values: all(10 * second), Of: "for a request to arrive with its body"},
	WriteTime:   {Name: "write-time", Common: true, Unit: Seconds, Values: all(10 * second), Of: "for a client to take its answer, or one message, away"},
	IdleTime:    {Name: "idle-time", Common: true, Unit: Seconds, Values: all(60 * second), Of: "for a connection without requests to stay open"},
	InitTime:    {Name: "init-time", Common: true, Unit: Seconds, Values: all(3 * second), Of: "for connection_init on a WebSocket (4408)"},
	Message:     {Name: "message", Common: true, Unit: Bytes, Values: all(64 * kib), Of: "a message of a client on a WebSocket (1009)"},
	Operations:  {Name: "operations", Common: true, Values: all(50), Of: "operations on one WebSocket at a time (RESOURCE_EXHAUSTED)"},
}

// Table gives the limits in order, with their usual values.
func Table() []Entry { return table[:] }
