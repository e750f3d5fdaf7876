package drift

import "github.com/digakit/digakit/contract/report"

// messageRules are about requests and responses, but for their schemas.
func messageRules() []Rule {
	return []Rule{
		{"request-parameter-removed", report.Error, "What the client sends in it has no effect any more, or is refused.", adaptSent},
		{"request-parameter-renamed", report.Error, "What the client sends under the old name has no effect any more, or is refused.", adaptSent},
		{"request-parameter-moved", report.Error, "What the client sends in the old place has no effect any more, or is refused.", adaptSent},
		{"request-parameter-became-required", report.Error, "Calls without it are refused.", adaptSent},
		{"request-parameter-became-optional", report.Info, "It may be left out.", takeOver},
		{"request-parameter-serialization-changed", report.Error, "What the client sends is written in a way the server no longer reads.", adaptSent},
		{"new-required-request-parameter", report.Error, "Calls without it are refused.", adaptSent},
		{"new-request-path-parameter", report.Error, "Calls of the old path fail.", adaptSent},
		{"new-optional-request-parameter", report.Warning, "The client cannot use something that the API offers.", takeOver},

		{"request-body-added-required", report.Error, "Calls without a body are refused.", adaptSent},
		{"request-body-added-optional", report.Warning, "The client cannot use something that the API offers.", takeOver},
		{"request-body-removed", report.Error, "What the client sends has no effect any more, or is refused.", adaptSent},
		{"request-body-became-required", report.Error, "Calls without a body are refused.", adaptSent},
		{"request-body-became-optional", report.Info, "The body may be left out.", takeOver},
		{"request-body-media-type-added", report.Info, "Bodies may be written in another way as well.", takeOver},
		{"request-body-media-type-removed", report.Error, "Bodies of this kind are refused.", adaptSent},
		{"request-body-media-type-changed", report.Error, "Bodies of the old kind are refused.", adaptSent},
		{"request-body-charset-changed", report.Info, "UTF-8 is said, or no longer, and holds anyhow.", takeOver},
		{"response-body-charset-changed", report.Info, "UTF-8 is said, or no longer, and holds anyhow.", takeOver},
		{"request-body-serialization-changed", report.Error, "What the client sends is written in a way the server no longer reads.", adaptSent},

		{"new-optional-request-property", report.Warning, "The client cannot use something that the API offers.", takeOver},
		{"new-required-request-property", report.Error, "Bodies without it are refused.", adaptSent},
		{"request-property-removed", report.Error, "What the client sends in it has no effect any more, or is refused.", adaptSent},
		{"request-property-renamed", report.Error, "What the client sends under the old name has no effect any more, or is refused.", adaptSent},
		{"request-property-became-required", report.Error, "Bodies without it are refused.", adaptSent},
		{"request-property-became-optional", report.Info, "It may be left out.", takeOver},

		{"response-success-status-added", report.Error, "Calls can succeed with a status that the client takes for a failure, or cannot read.", adaptReceived},
		{"response-success-status-removed", report.Error, "Calls no longer succeed with the status the client waits for.", adaptReceived},
		{"response-success-status-changed", report.Error, "Calls succeed with a status that the client takes for a failure, or cannot read.", adaptReceived},
		{"response-non-success-status-added", report.Warning, "Calls can fail in a way the client has no type for.", takeOver},
		{"response-non-success-status-removed", report.Warning, "What the client does about this status may never happen; another may come in its place.", askVendor},
		{"response-non-success-status-changed", report.Warning, "Calls that failed with the one status now fail with the other.", adaptReceived},
		{"response-media-type-added", report.Warning, "Answers can come in a form the client cannot read, unless it asks for one it can.", takeOver},
		{"response-media-type-removed", report.Error, "Answers no longer come in the form the client reads.", adaptReceived},
		{"response-media-type-changed", report.Error, "Answers come in another form than the client reads.", adaptReceived},
		{"response-body-serialization-changed", report.Error, "Answers are written in another way.", adaptReceived},
		{"error-example-changed", report.Warning, "The documented error is another one: code that looks at its codes or texts may not recognise it.", adaptReceived},

		{"response-header-added", report.Info, "Answers tell more.", takeOver},
		{"required-response-header-removed", report.Error, "A header the client relies on is gone.", adaptReceived},
		{"optional-response-header-removed", report.Warning, "A header the client may look at is gone.", adaptReceived},
		{"response-header-became-optional", report.Error, "A header the client relies on may be missing.", adaptReceived},
		{"response-header-became-required", report.Info, "The header is always there.", takeOver},
		{"response-header-serialization-changed", report.Error, "The header is written in another way.", adaptReceived},

		{"response-optional-property-added", report.Warning, "Answers tell more than the client has fields for.", takeOver},
		{"response-required-property-added", report.Warning, "Answers tell more than the client has fields for.", takeOver},
		{"response-optional-property-removed", report.Error, "A field the client may read is gone.", adaptReceived},
		{"response-required-property-removed", report.Error, "A field the client relies on is gone.", adaptReceived},
		{"response-property-renamed", report.Error, "The field the client reads is gone; its value comes under another name.", adaptReceived},
		{"response-property-became-optional", report.Error, "A field the client relies on may be missing.", adaptReceived},
		{"response-property-became-required", report.Info, "The field is always there.", takeOver},
	}
}
