package control

import (
	"context"
	"errors"
	"time"

	"github.com/digakit/digakit/mockserver/world"
)

// GetClock answers GET /_mock/projects/{project}/clock.
func (h handlers) GetClock(_ context.Context, request GetClockRequestObject) (GetClockResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	now, frozen, err := p.Clock()
	return GetClock200JSONResponse{Now: now, Frozen: frozen}, err
}

// PutClock answers PUT /_mock/projects/{project}/clock.
func (h handlers) PutClock(_ context.Context, request PutClockRequestObject) (PutClockResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	if err := moveClock(p, *request.Body); err != nil {
		return nil, err
	}
	now, frozen, err := p.Clock()
	return PutClock200JSONResponse{Now: now, Frozen: frozen}, err
}

func moveClock(p *world.Project, a ClockAction) error {
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
		if err := p.Freeze(); err != nil || a.Instant == nil {
			return err
		}
		return p.SetClock(*a.Instant)
	case ClockActionActionSet:
		if a.Instant == nil {
			return invalidBody("/instant", errors.New("control: set needs the instant to set the clock to"))
		}
		return p.SetClock(*a.Instant)
	case ClockActionActionAdvance:
		if a.By == nil {
			return invalidBody("/by", errors.New("control: advance needs how far, such as 1h30m"))
		}
		d, err := time.ParseDuration(*a.By)
		if err != nil {
			return invalidBody("/by", errors.New("control: must be a duration such as 1h30m, 90s or -5ms"))
		}
		return p.Advance(d)
	}
	return nil // the enum has no more
}
