// The library zhengyin for Go, by cgo; it is found by pkg-config. Copy what you need of it.
//
// A bad license is an answer, not an error. What New… and Verify… hand out is to be closed.

package main

/*
#cgo pkg-config: zhengyin
#include <stdlib.h>
#include <zhengyin.h>
*/
import "C"

import (
	"fmt"
	"io"
	"time"
	"unsafe"
)

// Verdict is what a report comes to. Anything but Valid is not to be relied on.
type Verdict uint32

const (
	Undetermined Verdict = C.ZY_VERDICT_UNDETERMINED
	Valid        Verdict = C.ZY_VERDICT_VALID
	Invalid      Verdict = C.ZY_VERDICT_INVALID
)

// Reason is a ground: of a verdict, or of a refusal.
type Reason uint32

// Symbol is its name, such as status.revoked.
func (r Reason) Symbol() string { return C.GoString(C.zy_reason_symbol(C.uint32_t(r))) }

// Text is what is wrong, in Chinese.
func (r Reason) Text() string { return r.text(C.ZY_TEXT_GROUND) }

// Remedy is what to do next, in Chinese.
func (r Reason) Remedy() string { return r.text(C.ZY_TEXT_REMEDY) }

// Caution is what must not be concluded from it, in Chinese.
func (r Reason) Caution() string { return r.text(C.ZY_TEXT_CAUTION) }

func (r Reason) text(what C.uint32_t) string {
	return C.GoString(C.zy_reason_text(C.uint32_t(r), what, C.ZY_LANGUAGE_ZH))
}

// Error is a call that did not work: a caller's mistake, or content that is not what the function takes (then there is a reason).
type Error struct {
	Status  uint32
	Reason  Reason
	Message string
}

func (e *Error) Error() string { return e.Message }

// told makes an error of what a call handed out, and frees that.
func told(status C.zy_status, handle *C.zy_error) error {
	if status == C.ZY_OK {
		return nil
	}
	defer C.zy_error_free(handle)
	return &Error{
		Status:  uint32(status),
		Reason:  Reason(C.zy_error_reason(handle)),
		Message: C.GoString(C.zy_error_message(handle, C.ZY_LANGUAGE_ZH)),
	}
}

// start is where bytes begin; C is given it during a call only.
func start(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(unsafe.Pointer(&bytes[0]))
}

// Verifier is a store and a policy. Any number of goroutines may use one.
type Verifier struct{ handle *C.zy_verifier }

// NewVerifier makes a verifier of the bytes of a store and a built-in policy, in a region.
func NewVerifier(store []byte, policy, region string) (*Verifier, error) {
	if C.zy_abi_version() != C.ZY_ABI_VERSION {
		return nil, fmt.Errorf("libzhengyin is of another interface than this program was compiled for")
	}
	var (
		failed  *C.zy_error
		opened  *C.zy_store
		asked   *C.zy_policy
		made    *C.zy_verifier
		name    = C.CString(policy)
		stands  = C.CString(region)
		noBody  C.zy_read_body
		nothing unsafe.Pointer
	)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(stands))
	status := C.zy_store_from_bytes(start(store), C.size_t(len(store)), noBody, nothing, &opened, &failed)
	if err := told(status, failed); err != nil {
		return nil, err
	}
	defer C.zy_store_free(opened)
	if err := told(C.zy_policy_new(name, stands, &asked, &failed), failed); err != nil {
		return nil, err
	}
	defer C.zy_policy_free(asked)
	if err := told(C.zy_verifier_new(opened, asked, &made, &failed), failed); err != nil {
		return nil, err
	}
	return &Verifier{made}, nil
}

// Close frees the verifier; its reports stay.
func (v *Verifier) Close() { C.zy_verifier_free(v.handle) }

// VerifyText verifies the text of a scanned code, by the system's clock.
func (v *Verifier) VerifyText(scan string) (*Report, error) {
	var (
		failed *C.zy_error
		report *C.zy_report
		text   = C.CString(scan)
	)
	defer C.free(unsafe.Pointer(text))
	status := C.zy_verify_text(v.handle, text, C.size_t(len(scan)), C.ZY_NOW_SYSTEM, C.ZY_UNCERTAINTY_USUAL, nil, &report, &failed)
	if err := told(status, failed); err != nil {
		return nil, err
	}
	return &Report{report}, nil
}

// Verify verifies the bytes of a license at a time that is true to within two minutes.
func (v *Verifier) Verify(license []byte, now time.Time) (*Report, error) {
	var (
		failed *C.zy_error
		report *C.zy_report
	)
	status := C.zy_verify(v.handle, start(license), C.size_t(len(license)), C.int64_t(now.Unix()), C.ZY_UNCERTAINTY_USUAL, nil, &report, &failed)
	if err := told(status, failed); err != nil {
		return nil, err
	}
	return &Report{report}, nil
}

// VerifyStamps verifies a file of stamps over a document, by the system's clock. The document is read in pieces, however large it is.
func (v *Verifier) VerifyStamps(stamps []byte, document io.Reader) (*Report, error) {
	var (
		failed *C.zy_error
		stream *C.zy_stamps
		report *C.zy_report
		piece  = make([]byte, 1<<16)
	)
	status := C.zy_stamps_open(v.handle, start(stamps), C.size_t(len(stamps)), C.ZY_NOW_SYSTEM, C.ZY_UNCERTAINTY_USUAL, nil, &stream, &failed)
	if err := told(status, failed); err != nil {
		return nil, err
	}
	defer C.zy_stamps_free(stream)
	for {
		size, read := document.Read(piece)
		if err := told(C.zy_stamps_update(stream, start(piece[:size]), C.size_t(size), &failed), failed); err != nil {
			return nil, err
		}
		if read == io.EOF {
			break
		}
		if read != nil {
			return nil, read
		}
	}
	if err := told(C.zy_stamps_finish(stream, &report, &failed), failed); err != nil {
		return nil, err
	}
	return &Report{report}, nil
}

// Report is the answer to a verification.
type Report struct{ handle *C.zy_report }

// Close frees the report.
func (r *Report) Close() { C.zy_report_free(r.handle) }

// Verdict is valid, invalid or undetermined.
func (r *Report) Verdict() Verdict { return Verdict(C.zy_report_verdict(r.handle)) }

// Reason is the ground that decides; 0 of a valid one.
func (r *Report) Reason() Reason { return Reason(C.zy_report_reason(r.handle)) }

// ExitCode is what the command zhengyin would exit with: 0 valid, 10 invalid, 20 undetermined.
func (r *Report) ExitCode() int { return int(C.zy_report_exit_code(r.handle)) }

// Stamps are, of a file of stamps, the reports of each; after them those of what is neither stamp nor seal. Each is to be closed.
func (r *Report) Stamps() ([]*Report, error) {
	var stamps []*Report
	for at := C.size_t(0); at < C.zy_report_stamps_count(r.handle); at++ {
		var (
			failed *C.zy_error
			stamp  *C.zy_report
		)
		if err := told(C.zy_report_stamp(r.handle, at, &stamp, &failed), failed); err != nil {
			return nil, err
		}
		stamps = append(stamps, &Report{stamp})
	}
	return stamps, nil
}

// GoodUntil is the earliest moment at which the verdict could change without new data, and whether there is one.
func (r *Report) GoodUntil() (time.Time, bool) {
	until := int64(C.zy_report_good_until(r.handle))
	return time.Unix(until, 0), until != C.ZY_NEVER
}

// JSON is the whole report, with texts in Chinese and English.
func (r *Report) JSON() ([]byte, error) {
	var (
		failed *C.zy_error
		buffer *C.zy_buffer
	)
	if err := told(C.zy_report_json(r.handle, C.ZY_REPORT_TEXTS, &buffer, &failed), failed); err != nil {
		return nil, err
	}
	defer C.zy_buffer_free(buffer)
	return C.GoBytes(unsafe.Pointer(C.zy_buffer_data(buffer)), C.int(C.zy_buffer_size(buffer))), nil
}
