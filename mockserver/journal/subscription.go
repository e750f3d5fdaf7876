package journal

import (
	"context"
	"errors"
)

var (
	// ErrTooManySubscribers is returned by [Journal.Subscribe] and [ServeEvents].
	ErrTooManySubscribers = errors.New("journal: too many subscribers")
	// ErrClosed is returned by [Subscription.Next] after the end of its journal.
	ErrClosed = errors.New("journal: closed")
)

// Event is what a subscriber is told: an entry, or that there were some it cannot
// have any more.
type Event struct {
	Entry Entry
	// Dropped is how many entries were dropped or cleared before the subscriber
	// asked for them. When it is not 0 there is no Entry.
	Dropped uint64
	// Last is the id of Entry, or of the last dropped one: where to go on from
	// after this event.
	Last uint64
}

// Subscription follows a journal. It has no queue of its own, but a place in the
// journal: a slow subscriber costs nothing, holds nobody up, and loses what the
// journal drops. One goroutine at a time may use it.
type Subscription struct {
	journal *Journal
	last    uint64        // what the subscriber has had
	wake    chan struct{} // holds one token when there may be more
	ended   chan struct{} // closed by Close, of this or the journal
}

// Subscribe returns a subscription to the entries after the one with the given
// id: 0 for all that are kept, [Journal.Last] for those to come. An id that the
// journal has not reached yet is of a journal before it, and stands for 0. Close
// the subscription after use. The error is [ErrTooManySubscribers] or
// [ErrClosed].
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

// Close ends the subscription; a waiting Next returns. It may be called from any
// goroutine, and more than once.
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
