package drift

import "github.com/digakit/digakit/contract/report"

// operationRules are about what there is to call, and how a caller is let in.
func operationRules() []Rule {
	return []Rule{
		{"api-path-removed-without-deprecation", report.Error, "Calls of this path fail.", askVendor},
		{"api-path-renamed", report.Error, "Calls of the old path fail; the new one answers them.", adapt},
		{"api-removed-without-deprecation", report.Error, "Calls of this operation fail.", askVendor},
		{"api-method-changed", report.Error, "Calls with the old method fail; the new one answers them.", adapt},
		{"endpoint-added", report.Warning, "The client lacks an operation that the API offers.", takeOver},
		{"webhook-added", report.Warning, "The API can call something that the client does not answer.", takeOver},
		{"webhook-removed", report.Error, "A call the client waits for no longer comes.", askVendor},
		{"callback-added", report.Info, "The API can call back where it did not.", takeOver},
		{"callback-removed", report.Warning, "A call the client may wait for no longer comes.", askVendor},
		{"callback-changed", report.Warning, "What the API calls back has changed.", look},

		{"api-operation-id-changed", report.Error, "The generated method has another name: code that calls it no longer compiles.", adapt},
		{"api-operation-id-added", report.Error, "The generated method has another name: code that calls it no longer compiles.", adapt},
		{"api-operation-id-removed", report.Error, "The generated method has another name: code that calls it no longer compiles.", adapt},
		{"api-tag-added", report.Info, "The operation is listed elsewhere in the docs.", takeOver},
		{"api-tag-removed", report.Info, "The operation is listed elsewhere in the docs.", takeOver},

		{"api-security-added", report.Error, "Calls without these credentials are refused.", adaptSent},
		{"api-security-removed", report.Warning, "The operation can be called without credentials: perhaps a mistake, and a risk to whoever owns the data.", askVendor},
		{"api-security-changed", report.Error, "Calls with the old credentials are refused.", adaptSent},
		{"api-security-alternative-added", report.Info, "Other credentials are taken as well.", takeOver},
		{"api-security-alternative-removed", report.Error, "Calls with these credentials are refused.", adaptSent},
		{"api-security-scheme-changed", report.Error, "Credentials have to be shown in another way.", adaptSent},
		{"api-security-scheme-renamed", report.Info, "Generated code may name the scheme differently; calls are the same.", takeOver},
		{"api-security-component-bearer-format-changed", report.Info, "The document says something else of how tokens look.", takeOver},
		{"api-security-scope-added", report.Error, "Calls with a token that lacks the scope are refused.", adaptSent},
		{"api-security-scope-removed", report.Info, "Tokens need less than before.", takeOver},

		{"server-url-changed", report.Warning, "The API is served elsewhere; calls to the old address may stop to work.", askVendor},
		{"server-added", report.Info, "The API is served at another address as well.", takeOver},
		{"server-removed", report.Warning, "The API may no longer be served at this address.", askVendor},

		{"api-version-changed", report.Info, "The vendor says it is another version.", takeOver},
		{"api-info-changed", report.Info, "The API is described in other words.", takeOver},
		{"title-changed", report.Info, "Words in the docs; a generator may name types after them.", takeOver},
		{"summary-changed", report.Info, "Words in the docs.", takeOver},
		{"description-changed", report.Info, "Words in the docs.", takeOver},
		{"external-docs-changed", report.Info, "A link in the docs.", takeOver},
		{"example-changed", report.Info, "An example in the docs; a mock may answer with it.", takeOver},
		{"extension-changed", report.Info, "A vendor extension: it means what the tool that reads it makes of it.", look},
		{"deprecated", report.Info, "It still works, and may go one day.", "Ask the vendor what to use in its place, and from when."},
		{"reactivated", report.Info, "It is no longer on its way out.", takeOver},
		{"other-changed", report.Info, "The documents differ here in a way that no rule of ours names.", look},
	}
}
