// Package client calls the Diga API.
//
//	c, err := client.New("https://api.diga.io", os.Getenv("DIGA_KEY"))
//	…
//	for key, err := range c.APIKeys(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(key.Name, key.LastFourDigits)
//	}
//
// All, Pages and Page read any list of the document in this way. To the client of
// package gen this one adds that the key goes to the base URL's origin and nowhere
// else, GET requests are repeated when it is safe and useful, bodies are bounded,
// and an answer is what the API documents or an error that says what is wrong.
//
// An [*Error] is the API's own refusal, an answer that is not the API's, or no
// answer at all; a plain error of kind [ErrInvalidOption] is a mistake of the caller.
// Each matches one or more [ErrorKind] under [errors.Is], and its [ErrorCode]. None,
// and no way of printing a Client, shows the key.
package client
