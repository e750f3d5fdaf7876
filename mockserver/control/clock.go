package control

import (
	"context"
	"errors"
	"time"

	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// GetClock answers GET /_mock/projects/{project}/clock.
func (h handlers) GetClock(ctx context.Context, _ GetClockRequestObject) (GetClockResponseObject, error) {
	p := projectFrom(ctx)
	now, frozen, err := p.Clock()
	return GetClock200JSONResponse{Now: now, Frozen: frozen}, err
}

// PutClock answers PUT /_mock/projects/{project}/clock.
func (h handlers) PutClock(ctx context.Context, request PutClockRequestObject) (PutClockResponseObject, error) {
	p := projectFrom(ctx)
	if err := moveClock(p, *request.Body); err != nil {
		return nil, err
	}
	now, frozen, err := p.Clock()
	return PutClock200JSONResponse{Now: now, Frozen: frozen}, err
}

func moveClock(p *server.Project, a ClockAction) error {
	if a.Instant != nil && a.Action != ClockActionActionSet && a.Action != ClockActionActionFreeze {
		return invalidBody("/instant", errors.New("control: goes with set and freeze alone"))
	}
	if a.By != nil && a.Action != ClockActionActionAdvance {
		return invalidBody("/by", errors.New("control: goes with advance alone"))
	}
	switch a.Action {
	case ClockActionActionRun:
		return p.Run()
	case ClockActionActionFreeze:
		if a.Instant != nil {
			if err := p.SetClock(*a.Instant); err != nil {
				return instant("/instant", err)
			}
		}
		if err := p.Freeze(); err != nil || a.Instant == nil {
			return err
		}
		return p.SetClock(*a.Instant)
	case ClockActionActionSet:
		if a.Instant == nil {
			return invalidBody("/instant", errors.New("control: set needs the instant to set the clock to"))
		}
		return instant("/instant", p.SetClock(*a.Instant))
	case ClockActionActionAdvance:
		if a.By == nil {
			return invalidBody("/by", errors.New("control: advance needs how far, such as 1h30m"))
		}
		d, err := time.ParseDuration(*a.By)
		if err != nil {
			return invalidBody("/by", errors.New("control: must be a duration such as 1h30m, 90s or -5ms"))
		}
		return instant("/by", p.Advance(d))
	}
	return nil // the enum has no more
}

// instant names the field that leads to an instant which no clock takes.
func instant(pointer string, err error) error {
	if errors.Is(err, store.ErrInstant) {
		return invalidBody(pointer, err)
	}
	return err
}
