package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

var (
	// ErrTooManySubscribers is returned by [Journal.Subscribe] and [ServeEvents].
	ErrTooManySubscribers = errors.New("journal: too many subscribers")
	// ErrClosed is returned by [Subscription.Next] after the end of its journal.
	ErrClosed = errors.New("journal: closed")
)

// Event is an entry, or that there were some the subscriber cannot have any more.
type Event struct {
	Entry Entry
	// Dropped is how many entries were dropped or cleared; when it is not 0 there is no
	// Entry.
	Dropped uint64
	Last    uint64 // the id of Entry or of the last dropped one: where to go on from
}

// Subscription follows a journal. A slow subscriber costs nothing, holds nobody up, and
// loses what the journal drops. One goroutine at a time may use it.
type Subscription struct {
	journal *Journal
	last    uint64        // what the subscriber has had
	wake    chan struct{} // holds one token when there may be more
	ended   chan struct{} // closed by Close, of this or the journal
}

// Subscribe returns a subscription to the entries after the one with the given id: 0 for
// all that are kept, [Journal.Last] for those to come; an id not reached yet stands for
// 0. Close it after use. The error is [ErrTooManySubscribers] or [ErrClosed].
func (j *Journal) Subscribe(after uint64) (*Subscription, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return nil, ErrClosed
	}
	if len(j.subscribers) >= j.config.subscribers {
		return nil, ErrTooManySubscribers
	}
	if after == 0 || after >= j.next {
		after = j.first - 1 // nothing before it is missed
	}
	s := &Subscription{journal: j, last: after, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	j.subscribers[s] = struct{}{}
	return s, nil
}

// Next waits for the next event. The error is that of ctx, or [ErrClosed].
func (s *Subscription) Next(ctx context.Context) (Event, error) {
	for {
		if e, ok := s.take(); ok {
			return e, nil
		}
		select {
		case <-s.wake:
		case <-s.ended:
			return Event{}, ErrClosed
		case <-ctx.Done():
			return Event{}, ctx.Err()
		}
	}
}

// Close ends the subscription and a waiting Next. Any goroutine may call it, repeatedly.
func (s *Subscription) Close() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	s.endLocked()
}

func (s *Subscription) endLocked() {
	if _, open := s.journal.subscribers[s]; open {
		delete(s.journal.subscribers, s)
		close(s.ended)
	}
}

func (s *Subscription) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take returns the next event if there is one.
func (s *Subscription) take() (Event, bool) {
	j := s.journal
	j.mu.Lock()
	if missed := j.first - 1 - min(s.last, j.first-1); missed > 0 {
		s.last = j.first - 1
		j.mu.Unlock()
		return Event{Dropped: missed, Last: s.last}, true
	}
	if s.last+1 >= j.next {
		j.mu.Unlock()
		return Event{}, false
	}
	s.last++
	r := j.ring[s.last%uint64(len(j.ring))]
	j.mu.Unlock()
	return Event{Entry: r.entry(), Last: s.last}, true
}

const (
	heartbeat    = 15 * time.Second
	writeTimeout = 10 * time.Second
	// endTimeout is what a write under way has left when the stream is ended.
	endTimeout = 250 * time.Millisecond
)

// stream is one answer of server-sent events.
type stream struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

// ServeEvents answers r with the entries of j as they come, as server-sent
// events (WHATWG HTML, section 9.2):
//
//	id: 7
//	event: exchange
//	data: {"id":7,…}
//
// and, when the client was too slow, "event: dropped" with {"dropped":N}: one event
// is held for a client, and j drops what does not fit. A client that takes nothing
// for 10 seconds is dropped itself; when it comes back with Last-Event-ID it is told
// in the same way what it missed. A comment is sent after 15 seconds without an
// event. The stream begins after the entry named by the Last-Event-ID header, 0: with the
// oldest kept, else with the next. It ends, with nil, when the client goes or is dropped,
// when j is closed, or when done is, as when the server begins to drain; a write that waits
// for the client then has 250 ms left. An error means that nothing has been written:
// [ErrTooManySubscribers], [ErrClosed], or a w that cannot flush.
func ServeEvents(w http.ResponseWriter, r *http.Request, j *Journal, done <-chan struct{}) error {
	s := &stream{w: w, ctl: http.NewResponseController(w)}
	after, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil {
		after = j.Last()
	}
	sub, err := j.Subscribe(after)
	if err != nil {
		return err
	}
	defer sub.Close()
	if err := s.begin(r); err != nil {
		return err
	}
	ctx, end := context.WithCancel(r.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-done:
		case <-sub.ended:
		case <-ctx.Done():
		}
		end() // before the deadline: see within
		_ = s.ctl.SetWriteDeadline(time.Now().Add(endTimeout))
	}()
	s.run(ctx, sub)
	end()
	<-watched // w must not be used any more
	return nil
}

// begin sends the header.
func (s *stream) begin(r *http.Request) error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // for a proxy in between
	if r.ProtoMajor == 1 {
		h.Set("Connection", "close") // the deadlines set here must not meet another request
	}
	if err := s.within(r.Context(), s.ctl.Flush); errors.Is(err, http.ErrNotSupported) {
		for _, name := range []string{"Content-Type", "Cache-Control", "X-Accel-Buffering", "Connection"} {
			h.Del(name)
		}
		return fmt.Errorf("journal: events cannot be streamed: %w", err)
	}
	return nil
}

// within gives a write its time, unless the stream has ended.
func (s *stream) within(ctx context.Context, write func() error) error {
	_ = s.ctl.SetWriteDeadline(time.Now().Add(writeTimeout))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return write()
}

// run sends events until the stream ends: an end comes before what is still to be sent.
func (s *stream) run(ctx context.Context, sub *Subscription) {
	for ctx.Err() == nil {
		beat, stop := context.WithTimeout(ctx, heartbeat)
		e, err := sub.Next(beat)
		stop()
		switch {
		case err == nil:
			err = s.send(ctx, e)
		case beat.Err() != nil && ctx.Err() == nil:
			err = s.write(ctx, ": still here\n\n", nil, "")
		}
		if err != nil {
			return
		}
	}
}

// send writes one event. Its data has no line breaks: encoding/json escapes them.
func (s *stream) send(ctx context.Context, e Event) error {
	kind, data := "dropped", fmt.Appendf(nil, `{"dropped":%d}`, e.Dropped)
	if e.Dropped == 0 {
		var err error
		if data, err = json.Marshal(e.Entry); err != nil {
			return err
		}
		kind = "exchange"
	}
	return s.write(ctx, fmt.Sprintf("id: %d\nevent: %s\ndata: ", e.Last, kind), data, "\n\n")
}

func (s *stream) write(ctx context.Context, before string, data []byte, after string) error {
	return s.within(ctx, func() error {
		_, err := io.WriteString(s.w, before)
		if err == nil {
			_, err = s.w.Write(data)
		}
		if err == nil {
			_, err = io.WriteString(s.w, after)
		}
		if err != nil {
			return err
		}
		return s.ctl.Flush()
	})
}
