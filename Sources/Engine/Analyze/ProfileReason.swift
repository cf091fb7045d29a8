import Syntax

/// Why there is no record that could be shown, with the words.
enum ProfileReason: Reason {
  /// No record has the key, the name or the e-mail address; the nearest names.
  case notFound(singular: String, text: String, near: [String])
  /// The record was not there on the day of `as of`.
  case notYet(singular: String, key: String, day: String)

  var code: String { "record-not-found" }

  var message: String {
    switch self {
    case .notFound(let singular, let text, _): "there is no \(singular) '\(text)'"
    case .notYet(let singular, let key, let day): "there was no \(singular) \(key) yet on \(day)"
    }
  }

  var hint: String? {
    switch self {
    case .notFound(_, _, let near):
      near.isEmpty ? nil : "a close name is \(near.map { "'\($0)'" }.joined(separator: " or "))"
    case .notYet: nil
    }
  }
}
