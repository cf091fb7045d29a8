// The options about what is shown, and about transcripts of it.

extension Option {
  static let screenOptions = [
    Option(
      "--mask", summary: "stand-ins for names, mail, phones and free text",
      apply: { arguments, _ throws(Refusal) in arguments.masksPersons = true }),
    Option(
      "--verify", value: .needed("FILE"), summary: "",
      detail: "replay a transcript; status 1 when an answer differs",
      apply: { arguments, value throws(Refusal) in
        if value.isEmpty { throw Refusal(expected: "the name of a transcript") }
        arguments.verifyPath = value
      }),
  ]
}
