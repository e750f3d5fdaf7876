package spectest

// odd puts in the operations that are hard on tools: one for each thing that
// published documents have and few tools expect.
func (d *made) odd() {
	branch := func(name, kind string, properties object) object {
		properties["kind"] = object{"type": "string", "const": kind, "default": kind}
		properties["label"] = text()
		d.schema(name, properties, "label")
		return ref(name)
	}
	union := func(branches ...any) object {
		mapping := object{}
		for _, b := range branches {
			at := b.(object)["$ref"].(string)
			one := d.schemas[at[len("#/components/schemas/"):]].(object)["properties"].(object)
			mapping[one["kind"].(object)["const"].(string)] = at
		}
		return object{"oneOf": branches, "discriminator": object{"propertyName": "kind", "mapping": mapping}}
	}
	// A union whose discriminator is not required, so that an object without it
	// can fit two branches; its page has a name of 190 characters.
	crate := branch("CrateManifestEntryResponse", "crate", object{"id": uuid(), "weight": object{"type": "number"}})
	drum := branch("DrumManifestEntryResponse", "drum", object{"id": uuid(), "litres": object{"type": "number"}})
	sack := branch("SackManifestEntryResponse", "sack", object{"id": uuid(), "weight": object{"type": "number"}})
	entries := d.page("PaginatedResponse_Annotated_Union_CrateManifestEntryResponse__DrumManifestEntryResponse__SackManifestEntryResponse___"+
		"FieldInfo_annotation_NoneType__required_True__discriminator__kind_____by_harbours_", union(crate, drum, sack))
	d.add("get", "/v1/manifest/entry/", "list_manifest_entries", object{"parameters": paging(0), "responses": object{"200": answer("Successful Response", entries)}})
	d.add("get", "/v1/manifest/entry/{id}", "get_manifest_entry", object{"responses": object{"200": answer("Successful Response", union(crate, drum, sack))}})

	// Two functions of one name.
	d.schema("ManifestUpdateSchema", object{"name": text()}, "name")
	d.schema("ManifestResponseSchema", object{"id": uuid(), "name": text(), "entries": array(union(crate, drum, sack))}, "id", "name")
	manifest := ref("ManifestResponseSchema")
	d.add("patch", "/v1/manifest/book/{id}", "update_manifest", object{"requestBody": body(ref("ManifestUpdateSchema")), "responses": object{"200": answer("Successful Response", manifest)}})
	d.add("patch", "/v1/manifest/entry/{id}", "update_manifest", object{"requestBody": body(ref("ManifestUpdateSchema")), "responses": object{"200": answer("Successful Response", crate)}})

	// Templates of one shape, and answers that may be anything: a stream, an
	// archive, a null.
	d.add("get", "/v1/beacon/{beacon_id}", "get_beacon", object{"responses": object{"200": answer("Successful Response", ref("BeaconResponse"))}})
	d.add("delete", "/v1/beacon/{id}", "switch_off_beacon", object{"responses": object{"200": answer("Successful Response", object{})}})
	d.add("get", "/v1/beacon/stream", "stream_beacons", object{"description": "Server-sent events of all beacons.", "responses": object{"200": answer("Successful Response", object{})}})
	d.schema("BeaconResponse", object{"id": uuid(), "light": ref("BeaconLightSchema"), "backup_light": ref("BeaconLightSchema"), "payload": object{}}, "id", "light", "payload")
	d.schema("BeaconLightSchema", object{"colour": object{"type": "string", "enum": list{"red", "green", "white"}}, "seconds": object{"type": "integer", "minimum": 1}}, "colour")

	// A GET and a DELETE with bodies, and a body that may be left out.
	d.schemas["SignalEvent"] = object{"type": "string", "title": "SignalEvent", "enum": list{"raised", "lowered"}}
	d.schema("SignalResponse", object{"id": uuid(), "event": ref("SignalEvent")}, "id", "event")
	signals := d.page("PaginatedResponse_SignalResponse_", ref("SignalResponse"))
	optional := object{"content": object{"application/json": object{"schema": nullable(array(ref("SignalEvent")))}}}
	d.add("get", "/v1/signal/", "get_signals", object{"parameters": paging(1), "requestBody": optional, "responses": object{"200": answer("Successful Response", signals)}})
	d.schema("DropRouteLegRequest", object{"leg": object{"type": "integer", "minimum": 0}}, "leg")
	d.add("delete", "/v1/route/{route_id}/leg", "drop_route_leg", object{"requestBody": body(ref("DropRouteLegRequest")), "responses": object{"200": answer("Successful Response", ref("RouteLeg-Output"))}})

	// Schemas that hold themselves, sent and answered.
	for _, side := range []string{"Input", "Output"} {
		name := "RouteLeg-" + side
		d.schema(name, object{"id": nullable(uuid()), "label": text(), "fixed_value": nullable(object{"anyOf": list{text(), object{"type": "integer"}, object{"type": "boolean"}}}), "legs": nullable(array(ref(name)))}, "label")
	}
	d.add("post", "/v1/route/{route_id}/leg", "add_route_leg", object{"requestBody": body(ref("RouteLeg-Input")), "responses": object{"200": answer("Successful Response", ref("RouteLeg-Output"))}})

	// Schemas whose short names are those of others, or of what is generated for
	// an operation.
	d.schema("CopyChartRequest", object{"name": nullable(text())})
	d.schema("CopyChartResponse", object{"chart_id": uuid()}, "chart_id")
	d.schema("ChangeHarbourRoleSchema", object{"role": object{"type": "string", "enum": list{"master", "mate"}}}, "role")
	d.schema("ChartLink", object{"url": object{"type": "string", "format": "uri"}}, "url")
	d.schema("ChartLinkResponse", object{"id": uuid(), "link": ref("ChartLink")}, "id", "link")
	copied := object{"content": object{"application/json": object{"schema": nullable(ref("CopyChartRequest"))}}}
	d.add("post", "/v1/chart/template/{template_id}/copy", "copy_chart", object{"requestBody": copied, "responses": object{"200": answer("Successful Response", ref("CopyChartResponse"))}})
	d.add("patch", "/v1/harbour/{harbour_id}/role", "change_harbour_role", object{"requestBody": body(ref("ChangeHarbourRoleSchema")), "responses": object{"204": object{"description": "Successful Response"}}})
	d.add("get", "/v1/chart/link", "list_chart_links", object{"responses": object{"200": answer("Successful Response", array(ref("ChartLinkResponse")))}})
	d.add("get", "/v1/chart/usage", "get_chart_usage", object{"responses": object{"200": answer("Successful Response", object{"type": "object", "additionalProperties": object{"type": "integer"}})}})

	// A form with a file, a 200 that makes something, and an answer without content.
	d.schema("Body_upload_survey_v1_survey__post", object{"survey": object{"type": "string", "format": "binary"}, "email": nullable(text())}, "survey")
	d.schema("UploadSurveyResponseSchema", object{"survey_id": uuid()}, "survey_id")
	form := object{"required": true, "content": object{"multipart/form-data": object{"schema": ref("Body_upload_survey_v1_survey__post")}}}
	d.add("post", "/v1/survey/", "upload_survey", object{"requestBody": form, "responses": object{"200": answer("Successful Response", ref("UploadSurveyResponseSchema")), "503": object{"description": "Busy"}}})

	// A parameter that is a text or a number, a path with and one without its
	// final slash beside each other, and a literal beside a parameter.
	either := object{"anyOf": list{text(), object{"type": "integer"}, object{"type": "null"}}}
	d.add("get", "/v1/survey/search", "search_surveys", object{"parameters": list{parameter("depth", either)}, "responses": object{"200": answer("Successful Response", array(ref("UploadSurveyResponseSchema")))}})
	d.add("get", "/v1/survey/{survey_id}", "get_survey", object{"responses": object{"200": answer("Successful Response", ref("UploadSurveyResponseSchema"))}})
}
