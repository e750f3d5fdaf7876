package control

import (
	"context"

	"github.com/digakit/digakit/mockserver/server"
)

// ListFaults answers GET /_mock/projects/{project}/faults.
func (h handlers) ListFaults(_ context.Context, request ListFaultsRequestObject) (ListFaultsResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	faults, err := p.Faults()
	if faults == nil {
		faults = []Fault{}
	}
	return ListFaults200JSONResponse{Faults: faults}, err
}

// InjectFault answers POST /_mock/projects/{project}/faults.
func (h handlers) InjectFault(_ context.Context, request InjectFaultRequestObject) (InjectFaultResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	f, err := p.Inject(*request.Body)
	return InjectFault201JSONResponse(f), err
}

// ClearFaults answers DELETE /_mock/projects/{project}/faults.
func (h handlers) ClearFaults(_ context.Context, request ClearFaultsRequestObject) (ClearFaultsResponseObject, error) {
	return ClearFaults204Response{}, h.on(request.Project, (*server.Project).ClearFaults)
}

// DeleteFault answers DELETE /_mock/projects/{project}/faults/{fault_id}.
func (h handlers) DeleteFault(_ context.Context, request DeleteFaultRequestObject) (DeleteFaultResponseObject, error) {
	return DeleteFault204Response{}, h.on(request.Project, func(p *server.Project) error { return p.RemoveFault(request.FaultID) })
}
