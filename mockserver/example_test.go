package mockserver_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
)

// In a program, without a socket: the typed client talks to the server in
// process.
func ExampleNew() {
	srv, err := mockserver.New(mockserver.WithKeys(3))
	if err != nil {
		log.Fatal(err)
	}
	api, err := client.New("http://diga.test", mockserver.ReadOnlyKey,
		client.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	if err != nil {
		log.Fatal(err)
	}
	for key, err := range api.APIKeys(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(key.Name, key.LastFourDigits)
	}
	// Output:
	// Mock_No_Access 0003
	// Mock_Read_Only 0002
	// Mock_Unrestricted 0001
}

// What Diga's documents leave open is data.
func ExampleWithProfile() {
	_, err := mockserver.New(mockserver.WithProfile(mockserver.Profile{
		PageFields:    mockserver.PageFieldsAlways,
		TrailingSlash: "ignore", // there is no such alternative
	}))
	fmt.Println(err)
	// Output:
	// mockserver: profile: trailing_slash has no alternative "ignore"; choose one of redirect, serve, not_found
}

// A project of one's own misbehaves for its own callers alone.
func ExampleServer_CreateProject() {
	srv, err := mockserver.New()
	if err != nil {
		log.Fatal(err)
	}
	mine, err := srv.CreateProject("my-test", 60)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := mine.Inject(fault.Spec{Status: 503, Times: 1}); err != nil {
		log.Fatal(err)
	}
	for range 2 {
		r, err := http.NewRequest(http.MethodGet, "http://diga.test/v1/api_key/?limit=1", nil)
		if err != nil {
			log.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+mine.AdminKey)
		resp, err := srv.Transport().RoundTrip(r)
		if err != nil {
			log.Fatal(err)
		}
		resp.Body.Close()
		fmt.Println(resp.Status)
	}
	for _, entry := range mine.Requests(journal.Filter{Status: "503"}) {
		fmt.Println(entry.Request.Query, entry.FaultID, entry.Departure)
	}
	// Output:
	// 503 Service Unavailable
	// 200 OK
	// limit=1 fault-1 fault fault-1: status 503
}
