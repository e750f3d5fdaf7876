// Command life lives through the life of an agent and a call with the client of a
// module that was made from Diga's whole document. Its arguments are the API's URL
// and a key.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/oapi-codegen/nullable"
	"github.com/oapi-codegen/runtime/types"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

func main() {
	keys, err := live(context.Background(), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(keys, "keys")
}

// live creates an agent, calls with it, reads the call, lists keys, and deletes
// call and agent. It returns how many keys there are.
func live(ctx context.Context, url, key string) (int, error) {
	c, err := client.New(url, key)
	if err != nil {
		return 0, err
	}
	api := c.API()
	voices, err := client.Page(ctx, api.ListVoicesWithResponse, nil)
	if err != nil {
		return 0, err
	}
	phones, err := client.Page(ctx, api.ListPhonesWithResponse, nil)
	if err != nil {
		return 0, err
	}

	agent, err := api.CreateAgentWithResponse(ctx, nil, gen.AgentRequest{
		Name:     nullable.NewNullableWithValue("Night desk"),
		VoiceID:  voices.Items()[0].ID,
		Language: gen.LanguageEn,
	})
	if err != nil {
		return 0, err
	}
	agentID, versionID := agent.JSON201.AgentID, nullable.NewNullableWithValue(agent.JSON201.VersionID)
	made, err := api.MakeCallWithResponse(ctx, gen.CallRequest{
		FromNumber: phones.Items()[0].Number, ToNumber: "+34600000000", AgentVersionID: versionID,
	})
	if err != nil {
		return 0, err
	}
	callID := made.JSON201.ID
	call, err := api.GetCallWithResponse(ctx, callID)
	if err != nil {
		return 0, err
	}
	if got := call.JSON200.AgentVersionID.MustGet(); got != versionID.MustGet() {
		return 0, fmt.Errorf("the call is by version %s of an agent, not %s", got, versionID.MustGet())
	}

	keys := 0
	for _, err := range c.APIKeys(ctx) {
		if err != nil {
			return 0, err
		}
		keys++
	}

	var endedID types.UUID
	for call, err := range client.All(ctx, api.ListCallsWithResponse, nil) {
		if err != nil {
			return 0, err
		}
		if call.Status == gen.CallStatusCompleted {
			endedID = call.ID
			break
		}
	}
	deleted, err := api.BulkDeleteCallsWithResponse(ctx, gen.BulkDeleteCallRequest{CallIDs: []types.UUID{callID, endedID}})
	if err != nil {
		return 0, err
	}
	if deleted.JSON200.Deleted != 1 { // the other is active, and passed over
		return 0, fmt.Errorf("%d calls were deleted, not one", deleted.JSON200.Deleted)
	}
	if _, err := api.DeleteAgentWithResponse(ctx, agentID); err != nil {
		return 0, err
	}
	if _, err := api.GetCallWithResponse(ctx, callID); err != nil {
		return 0, err
	}
	if _, err := api.GetCallWithResponse(ctx, endedID); !errors.Is(err, client.ErrNotFound) {
		return 0, fmt.Errorf("the deleted call is answered %w", err)
	}
	if _, err := api.GetAgentWithResponse(ctx, agentID, nil); !errors.Is(err, client.ErrNotFound) {
		return 0, fmt.Errorf("the deleted agent is answered %w", err)
	}
	return keys, nil
}
