package sample

import (
	"fmt"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// Words of voice agents, which no general library has.
var (
	agentNames = []string{
		"Reception", "Booking assistant", "Support line", "Night desk", "Order tracking", "Survey caller",
		"Billing questions", "Appointment reminders", "Lead qualification", "Returns desk", "Clinic front desk", "Delivery updates",
	}
	prompts = []string{
		"You are the receptionist of a dental clinic. Find out who is calling and offer the next free appointment.",
		"You answer questions about orders. Ask for the order number first, and never guess a delivery date.",
		"You call customers the day before their appointment and ask whether they will come.",
		"You take messages when nobody is in the office. Repeat the caller's number digit by digit.",
	}
	greetings = []string{
		"Hello, how can I help you today?", "Good morning, you are speaking with the front desk.",
		"Hi, thanks for calling. Who am I speaking with?", "Good evening, this is the night desk.",
	}
	utterances = []string{
		"I would like to move my appointment to Friday.", "Could you tell me where my parcel is?",
		"Of course, one moment please.", "Is there anything else I can do for you?", "No, that was all, thank you.",
	}
	descriptions = []string{
		"Answers calls outside opening hours.", "Asks three questions and thanks the caller.", "Reviewed with the support team.",
		"Reminds patients of their appointment.", "For callers who ask about an invoice.", "Used by the sales team in spring.",
		"Takes a message and promises a call back.", "Covers returns, refunds and late parcels.", "Imported from the previous system.",
	}
	occasions = []string{
		"Morning", "Evening", "Weekend", "Spring", "Summer", "Autumn", "Winter", "Monthly", "Weekly", "Welcome", "Renewal",
		"Second", "Priority", "Partner", "Regional", "Pilot", "Follow-up", "Opening", "Quarterly", "Holiday",
	}
	purposes = []string{
		"campaign", "survey", "list", "reminder", "team", "orders", "bookings", "invoices", "questions", "updates",
		"deliveries", "returns", "callers", "check", "messages", "offers", "visits", "handover", "review", "desk",
	}
	// ofName is what properties hold whose name has the word.
	ofName = []struct {
		word   string
		values []string
	}{
		{"reason", []string{"caller hung up", "no answer", "answered by voicemail", "transferred", "agent ended the call"}},
		{"currency", []string{"EUR", "USD", "GBP"}},
		{"region", []string{"ES-MD", "ES-CT", "FR-IDF", "DE-BE"}},
		{"country", []string{"ES", "FR", "DE", "PT"}},
		{"timezone", []string{"Europe/Madrid", "Europe/Paris", "UTC"}},
		{"time_zone", []string{"Europe/Madrid", "Europe/Paris", "UTC"}},
		{"language", []string{"es", "en", "fr"}},
		{"locale", []string{"es", "en", "fr"}},
		{"gender", []string{"female", "male", "neutral"}},
		{"variable", []string{"customer_name", "order_number", "appointment_date", "callback_time", "reason", "postcode"}},
		{"sequence", []string{"1", "2", "1w3", "ww2"}},
		{"greeting", greetings},
		{"pre_speech", greetings},
		{"voicemail", greetings},
		{"prompt", prompts},
		{"instruction", prompts},
		{"knowledge", descriptions},
		{"transcript", utterances},
		{"content", utterances},
		{"text", utterances},
		{"utterance", utterances},
		{"message", utterances},
		{"scope", []string{"read", "write", "profile", "offline_access"}},
		{"tag", []string{"billing", "sales", "callback", "urgent", "returning", "newsletter"}},
		{"status", []string{"active", "pending", "completed", "failed"}},
		{"level", []string{"info", "debug", "warning", "error"}},
		{"event", []string{"call.started", "call.answered", "speech.detected", "tool.called", "call.transferred", "call.ended"}},
		{"code", []string{"REQUIRED", "TOO_LONG", "NOT_FOUND", "IN_USE"}},
		{"strategy", []string{"simulate", "test_run", "manual"}},
	}
)

// named makes a text that the name of its property suggests.
func (w *work) named(f *gofakeit.Faker, path, name string) string {
	lower := strings.ToLower(name)
	has := func(parts ...string) bool { return called(name, parts...) }
	one := func(list []string) string { return list[w.turn(path, len(list))] }
	switch {
	case lower == "id" || strings.HasSuffix(lower, "_id") || strings.HasSuffix(name, "Id"):
		return w.uuid(path)
	case has("email") && !has("voicemail"):
		return email(f)
	case has("phone", "_number") && !has("version", "menu", "sequence"), lower == "number":
		return phone(f)
	case lower == "identifier":
		return fmt.Sprintf("ref-%06d", f.IntN(1_000_000))
	case has("first_name", "firstname"):
		return f.FirstName()
	case has("last_name", "lastname", "surname"):
		return f.LastName()
	case has("inviter", "contact", "person", "customer_name", "username", "full_name", "author"):
		return f.Name()
	case has("last4", "last_four"):
		return fmt.Sprintf("%04d", f.IntN(10000))
	case has("url", "uri", "link", "endpoint"):
		return address(f, name)
	case has("city"):
		return f.City()
	case has("postal", "zip"):
		return fmt.Sprintf("%05d", 1000+f.IntN(52000))
	case has("line1", "street", "address"):
		return f.Street()
	case has("secret", "password", "token", "auth_key", "api_key"):
		return fmt.Sprintf("made-up-%08x", f.Uint32())
	case has("created", "updated", "timestamp", "_at", "_date", "_time") || strings.HasSuffix(name, "Time"):
		return w.date(path, name).Format("2006-01-02T15:04:05Z")
	case has("version", "release"):
		return fmt.Sprintf("%d.%d.0", 1+f.IntN(3), f.IntN(10))
	case has("agent_name"):
		return one(agentNames)
	case strings.HasSuffix(path, "/card/brand"):
		return one([]string{"visa", "mastercard", "amex"})
	case has("company", "brand", "organi"):
		return f.Company()
	case has("description", "summary", "goal", "condition", "note"):
		return one(descriptions)
	case has("title", "displayname", "display_name", "nickname"):
		return title(f)
	case lower == "name":
		return w.label(f, path)
	case has("name"):
		return title(f)
	case has("category", "type", "kind", "group"):
		return f.RandomString(purposes)
	}
	for _, of := range ofName {
		if has(of.word) {
			return one(of.values)
		}
	}
	return w.words(path)
}

// called tells whether a name has one of several parts; one that begins with = is all of it.
func called(name string, parts ...string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) || part == "="+name })
}

// label is the name of an item, by what it is an item of.
func (w *work) label(f *gofakeit.Faker, path string) string {
	switch collection := strings.ToLower(w.place.Collection); {
	case strings.Contains(collection, "agent"):
		i := w.turn(path, len(agentNames))
		if round := w.place.Ordinal / len(agentNames); round > 0 {
			return fmt.Sprintf("%s %d", agentNames[i], round+1)
		}
		return agentNames[i]
	case called(collection, "member", "voice", "contact"):
		return f.Name()
	case called(collection, "project", "customer"):
		return f.Company()
	}
	return title(f)
}

func title(f *gofakeit.Faker) string {
	return f.RandomString(occasions) + " " + f.RandomString(purposes)
}

// words is text that nothing is known of.
func (w *work) words(path string) string {
	return strings.ToLower(title(w.fake(path)))
}

// email is of a domain that RFC 2606 keeps for examples.
func email(f *gofakeit.Faker) string {
	return fmt.Sprintf("%s.%s%d@example.com", plain(f.FirstName()), plain(f.LastName()), f.IntN(100))
}

func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// phone is a Spanish mobile number in E.164.
func phone(f *gofakeit.Faker) string { return fmt.Sprintf("+346%08d", f.IntN(100_000_000)) }

func address(f *gofakeit.Faker, name string) string {
	file := ""
	if called(name, "recording", "audio") {
		file = ".mp3"
	} else if called(name, "logo", "image", "avatar") {
		file = ".png"
	}
	return fmt.Sprintf("https://www.example.com/%s/%08x%s", f.RandomString(purposes), f.Uint32(), file)
}

// singular is the name of an item of an array of that name.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return name[:len(name)-3] + "y"
	case strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss"):
		return name[:len(name)-1]
	}
	return name
}
