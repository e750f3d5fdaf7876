package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// connections is how many clients ask at once.
const connections = 8

// load asks for what next returns, until it returns nil, on several connections,
// and returns the answers per second. It is far lighter than http.Client, so
// that the servers are measured and not the client.
func load(ctx context.Context, addr string, next func() []byte) (perSecond float64, err error) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		total int
		errs  []error
		start = time.Now()
	)
	for range connections {
		wg.Go(func() {
			n, err := ask(ctx, addr, next)
			mu.Lock()
			defer mu.Unlock()
			total += n
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	return float64(total) / time.Since(start).Seconds(), errors.Join(errs...)
}

func ask(ctx context.Context, addr string, next func() []byte) (n int, err error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 64<<10)
	for request := next(); request != nil; request = next() {
		if _, err := conn.Write(request); err != nil {
			return n, err
		}
		if err := discardAnswer(r); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// discardAnswer reads one answer, which must be a success with a Content-Length.
func discardAnswer(r *bufio.Reader) error {
	length := -1
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 20")) {
			return fmt.Errorf("answered %q", line)
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("an answer without Content-Length")
	}
	_, err := io.CopyN(io.Discard, r, int64(length))
	return err
}

// get is the request for path with the given key, as bytes.
func get(path, key string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\n\r\n")
}

// post is the request that sends JSON to path with the given key, as bytes.
func post(path, key, body string) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, key, len(body), body)
}
