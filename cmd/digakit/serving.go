package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Times of a server that passes on what others send: how long a request's
// headers may take, how long requests under way may take to finish at the end,
// and how long their handlers may then take to notice.
const (
	headerTimeout  = 10 * time.Second
	drainTimeout   = 5 * time.Second
	abandonTimeout = time.Second
)

// serveUntil serves on l until ctx ends, lets requests under way finish, and ends
// those that do not, upgraded connections among them. When it returns, handlers
// have too.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	requests, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	var active sync.WaitGroup
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			active.Add(1)
			defer active.Done()
			h.ServeHTTP(w, r)
		}),
		BaseContext:                  func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout:            headerTimeout,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(requests, drainTimeout)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests that did not finish were ended")
		err = server.Close()
	}
	abandon()
	ended := make(chan struct{})
	go func() {
		active.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(abandonTimeout):
		log.Warn("some requests did not end, and are not in the report")
	}
	return err
}
