package diga

import (
	"strings"

	"github.com/digakit/digakit/mockserver/engine"
)

// customTools refuses to write tools of an MCP integration, which come from its server
// alone, and a second tool of one name.
func customTools(w engine.Work) *engine.Refusal {
	path, name := w.Request().Path, text(body(w)["name"])
	if of := w.Item("integration", path["integration_id"]); of["integration_type"] == "MCP" && w.Documents("400") {
		return w.Refuse(400, "")
	}
	for _, other := range w.Items("integration/tool", path["integration_id"]) {
		if name != "" && other["name"] == name && !strings.EqualFold(text(other["id"]), path["tool_id"]) && w.Documents("409") {
			return w.Refuse(409, "Tool with name '"+name+"' already exists in this integration")
		}
	}
	return nil
}
