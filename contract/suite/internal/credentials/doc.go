// Package credentials holds the checks of who may call an operation.
package credentials
