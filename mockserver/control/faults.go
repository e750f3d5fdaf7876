package control

import "context"

// ListFaults answers GET /_mock/projects/{project}/faults.
func (h handlers) ListFaults(ctx context.Context, _ ListFaultsRequestObject) (ListFaultsResponseObject, error) {
	p := projectFrom(ctx)
	faults, err := p.Faults()
	return ListFaults200JSONResponse{Faults: faults}, err
}

// InjectFault answers POST /_mock/projects/{project}/faults.
func (h handlers) InjectFault(ctx context.Context, request InjectFaultRequestObject) (InjectFaultResponseObject, error) {
	p := projectFrom(ctx)
	f, err := p.Inject(*request.Body)
	return InjectFault201JSONResponse(f), err
}

// ClearFaults answers DELETE /_mock/projects/{project}/faults.
func (h handlers) ClearFaults(ctx context.Context, _ ClearFaultsRequestObject) (ClearFaultsResponseObject, error) {
	return ClearFaults204Response{}, projectFrom(ctx).ClearFaults()
}

// DeleteFault answers DELETE /_mock/projects/{project}/faults/{fault_id}.
func (h handlers) DeleteFault(ctx context.Context, request DeleteFaultRequestObject) (DeleteFaultResponseObject, error) {
	return DeleteFault204Response{}, projectFrom(ctx).RemoveFault(request.FaultID)
}
