package project

import "github.com/google/uuid"

// Role is what a member may do in the console.
type Role string

// The roles. Only administrators see, create and delete API keys (Diga's docs).
const (
	Administrator Role = "administrator"
	PlainMember   Role = "member"
)

// Member is a person who works on a project.
type Member struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Role Role      `json:"role"`
}
