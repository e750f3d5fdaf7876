package seed_test

import (
	"fmt"
	"strings"

	"github.com/digakit/digakit/mockserver/seed"
	"github.com/digakit/digakit/mockserver/store"
)

func ExampleParse() {
	projects, err := seed.Parse("seed.yaml", []byte(`
projects:
  - name: shop
    keys:
      - {name: CRM_Production, secret: shop-crm-0001}
      - {name: Booking_App, permissions: [calls.view], count: 2}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := store.New(store.Config{})
	origin, err := s.Origin(projects[0].ProjectSnapshot, store.ItemsSnapshot{})
	if err == nil {
		_, err = s.AddProject(origin)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, k := range projects[0].Keys {
		fmt.Println(k.Name, k.LastFour, k.Restricted, k.Permissions)
	}
	owner, _, known := s.Authenticate("shop-crm-0001")
	fmt.Println(known, owner.Name())
	// Output:
	// CRM_Production 0001 false []
	// Booking_App 0350 true [calls.view]
	// Booking_App_2 1281 true [calls.view]
	// true shop
}

// All mistakes are reported at once, each with its place and what to do.
func ExampleParse_mistakes() {
	_, err := seed.Parse("seed.yaml", []byte(strings.TrimSpace(`
projects:
  - name: shop
    keys:
      - name: CRM_Production
        access: {Calls: read}
        create_date: 2025-01-07T08:00:00Z
      - {name: Booking_App, count: many}
`)))
	fmt.Println(err)
	// Output:
	// seed: seed.yaml has mistakes, 3 of them:
	// seed.yaml:5:25: projects[0].keys[0].access.Calls: this must be one of "No access", "Read", "Write", not "read"; did you mean "Read"?
	// seed.yaml:6:9: projects[0].keys[0]: there is no field "create_date"; did you mean "created_date"?
	// seed.yaml:7:36: projects[0].keys[1].count: this must be an integer; a count is a whole number from 1 to 1000000, in decimal digits
}
