// Package seed reads the seed file of the mock: the projects, members, keys and
// faults that a server starts with, in YAML.
//
//	projects:
//	  - name: shop
//	    members:
//	      - {name: Ada, role: administrator}
//	      - {name: Alan}
//	    keys:
//	      - {name: CRM_Production, secret: shop-crm-0001}
//	      - {name: Booking_App, secret: shop-app-0002, permissions: [api_keys.view, calls.view]}
//	      - {name: Console, access: {Calls: Read, Agents: Write}}
//	      - {name: Archive, permissions: [], count: 100}
//	    faults:
//	      - {status: 503, retry_after: 1, times: 2}
//
// All but the names may be left out; what is made up instead is the same for the
// same file. Items of collections may be given too: see [Project]. Mistakes are
// reported all at once, with file, line, column and remedy, and without a secret.
//
// [Parse] reads bytes, [Load] a file, and [File.Watch] follows a file's changes.
package seed
