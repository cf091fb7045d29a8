// The option of lessons.

extension Option {
  static let lessonOptions = [
    Option(
      "--check-lesson", value: .needed("FILE…"), summary: "",
      detail: "prove that lessons can be taught",
      apply: { arguments, value throws(Refusal) in
        if value.isEmpty { throw Refusal(expected: "the name of a file") }
        arguments.lessonPaths.append(value)
      })
  ]
}
